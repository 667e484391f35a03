"""`trainer compare`: several models on the same images, and which differences between them exceed chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple, Optional

import numpy as np

from ..errors import TrainerError
from ..metrics.analysis import AnalysisRequest, check_slices
from ..metrics.bootstrap import LEAST_RESAMPLES, interval
from ..metrics.evaluate import SCHEMA_VERSION, format_number
from ..metrics.results import Compared, Difference
from ..models.files import darknet_pair, model_spec
from ..network.spec import require_task
from ..tasks import Resampled, Task, task_named, task_of
from .scoring import DataRequest, LabelledTest, ModelRequest, open_predictor, open_test, report_scope, with_source

SIGNIFICANCE = 0.05  # two-sided
CHANCE, UNDECIDED = "chance", "too few scenes to tell"


def compare_models(
    models: Sequence[str],
    data: DataRequest,
    run: ModelRequest,
    request: AnalysisRequest,
    out: Optional[Path] = None,
) -> Compared:
    """Score every MODEL on DATA, in the classes that all of them share; write a report into ``out`` if given.

    Raises:
        TrainerError: before anything is computed, where a model or the data is not usable, or the models were trained
            for different tasks.
    """
    names = model_names(models)
    specs = [model_spec(model) for model in models]
    task = task_of(specs[0], models[0])
    for model, spec in zip(models, specs):
        require_task(spec, task.name, model, f"comparing with {models[0]}")
    test = open_test(task, data, specs)
    check_slices(test.attributes, request)
    scored = {name: _score(name, model, task, test, data, run, request) for name, model in zip(names, models)}
    compared: Compared = {
        "schema_version": SCHEMA_VERSION,
        "task": task.name,
        "data": data.data,
        "summary": {name: task.scoring.summary(one.metrics) for name, one in scored.items()},
        "differences": differences(task, {name: one.analysis for name, one in scored.items()}),
        "models": {name: one.metrics for name, one in scored.items()},
    }
    if out is not None:
        task.showing.write_comparison(out, compared)
    report_scope(test)
    return compared


class _ScoredModel(NamedTuple):
    metrics: Any  # the task's own, as the analysis is
    analysis: Any


def _score(
    name: str,
    model: str,
    task: Task,
    test: LabelledTest,
    data: DataRequest,
    run: ModelRequest,
    request: AnalysisRequest,
) -> _ScoredModel:
    predictor = open_predictor(task, model, test.examples.classes, run)
    predictions = task.predicting.predict_examples(predictor, test.examples, lowest=run.lowest, label=name)
    analysis = task.scoring.analyse(test.examples, predictions, test.attributes, request)
    metrics = with_source(analysis, model, predictor.spec, data, run, test)
    curves = {**metrics["curves"], **task.scoring.curves(test.examples, predictions, analysis)}
    return _ScoredModel({**metrics, "curves": curves}, analysis)


def model_names(models: Sequence[str]) -> list[str]:
    """A short name for each MODEL: the end of its path that no other has.

    Raises:
        TrainerError: the same MODEL twice.
    """
    paths = [_model_path(model) for model in models]
    for number, path in enumerate(paths):
        if path in paths[:number]:
            raise TrainerError(f"{models[number]}: the same model is named twice; compare different models")
    names: list[str] = []
    for path in paths:
        depth = next(
            depth
            for depth in range(1, len(path.parts) + 1)
            if sum(other.parts[-depth:] == path.parts[-depth:] for other in paths) == 1
        )
        names.append("/".join(path.parts[-depth:]))
    return names


def _model_path(model: str) -> Path:
    """The path of MODEL, without the suffix of a file."""
    pair = darknet_pair(model)
    path = (Path(model) if pair is None else pair[1]).resolve()
    return path.with_suffix("") if path.suffix in (".keras", ".weights") else path


def differences(task: Task, analyses: Mapping[str, Any]) -> list[Difference]:
    """The differences of each pair of models in the metrics that the task compares by, each from ``task.scoring``.

    By a paired bootstrap: all models are scored on the same resamples.
    """
    values = {name: task.scoring.resampled(one) for name, one in analyses.items()}
    rows: list[Difference] = []
    for first, second in combinations(analyses, 2):
        for metric, one in values[first].items():
            other = values[second][metric]
            if one.value is not None and other.value is not None:
                rows.append(_difference(metric, first, second, one, other, one.value - other.value))
    return rows


def _difference(
    metric: str, first: str, second: str, one: Resampled, other: Resampled, difference: float
) -> Difference:
    resampled = one.draws - other.draws
    known = resampled[~np.isnan(resampled)]
    fewer_sign = min(int((known <= 0).sum()), int((known >= 0).sum()))
    p = min(1.0, 2 * (fewer_sign + 1) / (len(known) + 1))
    better = first if (difference > 0) == one.higher_is_better else second
    enough = len(known) >= LEAST_RESAMPLES
    return {
        "metric": metric,
        "model": first,
        "other": second,
        "difference": difference,
        "interval": interval(known) if enough else None,
        "p": p,
        "verdict": UNDECIDED if not enough else f"{better} is better" if p < SIGNIFICANCE else CHANCE,
    }


def text(compared: Compared) -> str:
    """The summary and the differences as lines of text."""
    names = task_named(compared["task"]).scoring.text
    width = max(len(name) for name in compared["summary"])
    lines = [" " * width + "".join(f"{name:>16}" for name in names)]
    for model, row in compared["summary"].items():
        lines.append(f"{model:<{width}}" + "".join(f"{format_number(row[name]):>16}" for name in names))
    for row in compared["differences"]:
        lines.append(
            f"{row['metric']}: {row['model']} - {row['other']} = {row['difference']:+.3f}, p {row['p']:.3f}: "
            f"{row['verdict']}"
        )
    return "\n".join(lines)
