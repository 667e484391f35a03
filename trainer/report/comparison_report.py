"""The page of a comparison, and beside it every number, every plot and the two workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Optional

from matplotlib.figure import Figure

from ..disk_errors import writing
from ..metrics.case_table import COLUMNS, FEATURES, rows
from ..metrics.results import Compared, Metrics
from ..metrics.slices import worst_first
from . import plots
from .frame import write_compared
from .tables import Shown, Table, number, table, write_plots
from .workbook import CASES, COMPARISON, write_cases, write_comparison


class CaseSection(NamedTuple):
    """The case-by-case table of a feature: its tab, its two values, and a row per model."""

    tab: str
    values: tuple[str, str]
    table: Table


def write_comparison_report(out: Path, compared: Compared) -> Path:
    """Write ``index.html``, ``metrics.json``, ``comparison.xlsx``, ``cases.xlsx`` and ``plots/``; returns the page.

    Raises:
        TrainerError: ``out`` cannot be written.
    """
    models = compared["models"]
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        write_comparison(out / COMPARISON, compared)
        write_cases(out / CASES, {name: metrics["cases"] for name, metrics in models.items()})
        return write_compared(
            out,
            "detectors_compared.html",
            compared,
            figures=write_plots(_figures(models), out),
            slices=_slices(models),
            cases=_cases(models),
        )


def _figures(models: Mapping[str, Metrics]) -> dict[str, Figure]:
    if not next(iter(models.values()))["boxes"]:
        return {}
    return {
        "precision_recall": plots.precision_recall(models),
        "misses": plots.misses_over_false_alarms(models),
        "confidence": plots.metrics_over_confidence(models),
    }


def _slices(models: Mapping[str, Metrics]) -> Optional[Table]:
    """AP50 of every slice, a column per model, in the order of the first one's worst."""
    first = next(iter(models.values()))
    lines: list[list[str | float | Shown | None]] = []
    for row in worst_first(first["slices"]):
        values = [metrics["slices"][row["attribute"]][row["value"]]["AP50"] for metrics in models.values()]
        cells = [Shown(value, number(value)) for value in values]
        lines.append([row["attribute"], row["value"], row["images"], row["boxes"], *cells])
    return table(("attribute", "value", "images", "boxes", *models), lines, tall=True) if lines else None


def _cases(models: Mapping[str, Metrics]) -> list[CaseSection]:
    cases = {name: metrics["cases"] for name, metrics in models.items()}
    heads = ("model", *(value for _, value in COLUMNS))
    return [
        CaseSection(feature.tab, feature.names, table(heads, rows(cases, feature.tab)))
        for feature in FEATURES
        if any(value is not None for one in cases.values() for pair in one[feature.tab].values() for value in pair)
    ]
