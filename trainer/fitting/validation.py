"""Validation on several named sets: which of them decides on the best epoch, and the gap between synthetic and real."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Optional

from ..errors import TrainerError
from ..examples.example import ExampleSet
from ..examples.images import checked
from ..examples.readers import read_validation_data
from ..formats.class_rules import ClassRules
from ..metrics.evaluate import format_number
from ..tasks import Task

DEFAULT_NAME = "val"
SYNTHETIC, REAL = "synthetic", "real"
# The metrics of each set by its name.
Scores = Mapping[str, Mapping[str, Any]]
_NAMED = re.compile(r"(?P<name>[A-Za-z][\w-]*)=(?P<data>.+)")


@dataclass(frozen=True)
class NamedSet:
    """A validation set and its name."""

    name: str
    examples: ExampleSet


class Validation(NamedTuple):
    """The metrics and the predictions of each set by its name."""

    scores: Scores
    predictions: dict[str, list[Any]]  # Any: a task's own


def parse_named(arguments: Sequence[str]) -> dict[str, str]:
    """``--val`` as the user wrote it -> {name: DATA}: ``real=photos``, or ``photos``, which is called ``val``.

    Raises:
        TrainerError: two sets of one name.
    """
    sets: dict[str, str] = {}
    for argument in arguments:
        match = None if Path(argument).exists() else _NAMED.fullmatch(argument)
        name, data = (match["name"], match["data"]) if match else (DEFAULT_NAME, argument)
        if name in sets:
            raise TrainerError(
                f"--val {argument}: a second set called {name!r}; name them: --val synthetic=DATA --val real=DATA"
            )
        sets[name] = data
    return sets


def read_named_sets(
    task: Task,
    arguments: Sequence[str],
    classes: Sequence[str],
    boxes: str,
    kind: Optional[str],
    rules: Optional[ClassRules] = None,
) -> tuple[NamedSet, ...]:
    """The validation sets of ``--val``, with what the task reads, every image checked. Raises TrainerError."""
    return tuple(
        NamedSet(name, checked(read_validation_data(data, classes, boxes, kind, task.masks, task.keypoints, rules)))
        for name, data in parse_named(arguments).items()
    )


def deciding_set(names: Sequence[str], asked: str) -> Optional[str]:
    """Name of the set whose score decides on the best epoch: ``asked``, else ``real``, else the last; None of none.

    Raises:
        TrainerError: there is no set called ``asked``.
    """
    if asked and asked not in names:
        raise TrainerError(f"best_on is {asked!r}; --val gives {', '.join(names) or 'no set'}")
    if not names:
        return None
    return asked or (REAL if REAL in names else names[-1])


def validate(task: Task, predictor: Any, sets: Sequence[NamedSet]) -> Validation:
    """Run a predictor of the task on every set and score it. Any: each task has a predictor of its own."""
    predictions = {one.name: task.predicting.predict_examples(predictor, one.examples, show=False) for one in sets}
    return Validation({one.name: task.scoring.score(one.examples, predictions[one.name]) for one in sets}, predictions)


def columns(metrics: Sequence[str], scores: Scores) -> dict[str, Optional[float]]:
    """The numbers of ``history.csv``: the ``metrics`` of every set, and the gap between ``synthetic`` and ``real``."""
    row = {f"{name}_{key}": of_set[key] for name, of_set in scores.items() for key in metrics}
    gap = synthetic_gap(metrics, scores)
    return row if gap is None else {**row, gap_name(metrics): gap}


def column_names(metrics: Sequence[str], names: Sequence[str]) -> list[str]:
    """The keys ``columns`` may return for these sets."""
    both = [gap_name(metrics)] if {SYNTHETIC, REAL} <= set(names) else []
    return [f"{name}_{key}" for name in names for key in metrics] + both


def gap_name(metrics: Sequence[str]) -> str:
    """The column of the gap between ``synthetic`` and ``real``: that of the first metric."""
    return f"gap_{metrics[0]}"


def synthetic_gap(metrics: Sequence[str], scores: Scores) -> Optional[float]:
    """The first metric on ``synthetic`` minus that on ``real``; None where one of the two is not measured."""
    synthetic, real = (scores.get(name, {}).get(metrics[0]) for name in (SYNTHETIC, REAL))
    return None if synthetic is None or real is None else synthetic - real


def describe(metrics: Sequence[str], scores: Scores) -> str:
    """``synthetic AP50 0.912 AP 0.604, real AP50 0.700 AP 0.351, gap +0.212``."""
    parts = [
        " ".join([name, *(f"{key} {format_number(of_set[key])}" for key in metrics)]) for name, of_set in scores.items()
    ]
    gap = synthetic_gap(metrics, scores)
    return ", ".join(parts if gap is None else [*parts, f"gap {gap:+.3f}"])
