"""The frame of a report: the page, the numbers and the image of predictions that an evaluation of any task has."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Optional, TypeVar

from PIL import Image

from shared_format import atomic

from ..disk_errors import writing
from ..examples.example import ExampleSet
from ..metrics.attributes import Attributes
from ..metrics.results import Compared
from ..models.run_files import CURVE
from ..page import data_uri, jpeg, write_page
from .tables import Row, Shown, Table, table, with_interval

PAGE, METRICS, PREDICTIONS = "index.html", "metrics.json", "predictions.jpg"


MetricsT = TypeVar("MetricsT")
AnalysisT = TypeVar("AnalysisT")
PredictionT = TypeVar("PredictionT")


@dataclass(frozen=True)
class Evaluation(Generic[MetricsT, AnalysisT, PredictionT]):
    """The content of a report: the metrics and their source, the images, the predictions and the attributes."""

    metrics: MetricsT
    analysis: AnalysisT
    examples: ExampleSet
    predictions: Sequence[PredictionT]
    attributes: Attributes


@dataclass(frozen=True)
class ReportFrame:
    """What every page shows.

    Attributes:
        metrics: all numbers, and the model and the data they belong to. Any: each task has metrics of its own.
        source: where the images come from.
        summary: the score in sentences. score_rows: its numbers, with what each means.
        predictions: ground truth beside prediction, for some images. predictions_note: the meaning of its marks.
    """

    metrics: Mapping[str, Any]
    source: str
    summary: Sequence[str]
    score_rows: Sequence[Row]
    predictions: Image.Image
    predictions_note: str


def write_framed(out: Path, template: str, frame: ReportFrame, **sections: Any) -> Path:
    """Write ``index.html``, ``metrics.json`` and ``predictions.jpg`` into the folder ``out``; returns the page.

    Args:
        template: a template that extends ``report.html``.
        sections: the values of its own sections; of any type.

    Raises:
        TrainerError: ``out`` cannot be written.
    """
    model = Path(frame.metrics["model"])
    predictions = jpeg(frame.predictions)
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(out / PREDICTIONS, predictions)
        atomic.write_bytes(out / METRICS, atomic.dump_json(dict(frame.metrics)))
        return write_page(
            out / PAGE,
            template,
            title=f"{model.name} on {frame.source}",
            metrics=frame.metrics,
            summary=frame.summary,
            score_rows=frame.score_rows,
            predictions=data_uri(predictions),
            predictions_note=frame.predictions_note,
            training_curve=training_curve(model),
            settings_rows=_settings_rows(frame.metrics),
            **sections,
        )


def write_compared(out: Path, template: str, compared: Compared, **sections: Any) -> Path:
    """Write ``index.html`` and ``metrics.json`` of several models into the folder ``out``; returns the page.

    Args:
        template: ``comparison.html``, or a template that extends it.
        sections: the values of its own sections; of any type.

    Raises:
        TrainerError: ``out`` cannot be written.
    """
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(out / METRICS, atomic.dump_json(compared))
        return write_page(
            out / PAGE,
            template,
            title=f"{len(compared['models'])} models on {compared['data']}",
            summary=_summary(compared),
            differences=_differences(compared),
            **sections,
        )


def _summary(compared: Compared) -> Table:
    heads = [name.replace("_", " ") for name in next(iter(compared["summary"].values()))]
    return table(["model", *heads], [[name, *row.values()] for name, row in compared["summary"].items()])


def _differences(compared: Compared) -> Optional[Table]:
    if not compared["differences"]:
        return None
    lines = [
        [
            row["metric"],
            row["model"],
            row["other"],
            Shown(row["difference"], with_interval(row["difference"], row["interval"])),
            row["p"],
            row["verdict"],
        ]
        for row in compared["differences"]
    ]
    return table(("metric", "model", "other", "difference (95 %)", "p", "verdict"), lines)


def training_curve(run: Path) -> Optional[str]:
    """The training curve of a run folder as a data URI, or None."""
    curve = run / CURVE
    return data_uri(curve.read_bytes()) if curve.is_file() else None


def _settings_rows(metrics: Mapping[str, Any]) -> list[Row]:
    rows = [Row("model", metrics["model"]), Row("data", metrics["data"])]
    for name, value in metrics["settings"].items():
        if value == []:
            continue
        rows.append(Row(name.replace("_", " "), ", ".join(value) if isinstance(value, list) else str(value)))
    return rows


def read_metrics(folder: Path) -> Optional[dict[str, Any]]:
    """The ``metrics.json`` of an evaluation, or None where there is none."""
    path = folder / METRICS
    return json.loads(path.read_bytes()) if path.is_file() else None
