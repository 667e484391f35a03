"""The page of a comparison, and beside it every number, every plot and the two workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from shared_format import atomic

from ..disk_errors import writing
from ..metrics.case_table import COLUMNS, FEATURES, rows
from ..metrics.slices import worst_first
from ..page import write_page
from . import plots
from .html_parts import number, plot_section, script, sortable, style, with_interval
from .report import METRICS, PAGE
from .workbook import CASES, COMPARISON, write_cases, write_comparison


def write_comparison_report(out: Path, compared: Mapping) -> Path:
    """Write ``index.html``, ``metrics.json``, ``comparison.xlsx``, ``cases.xlsx`` and ``plots/``; returns the page.

    Raises:
        TrainerError: ``out`` cannot be written.
    """
    models = compared["models"]
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(out / METRICS, atomic.dump_json(compared))
        write_comparison(out / COMPARISON, compared)
        write_cases(out / CASES, {name: metrics["cases"] for name, metrics in models.items()})
        sections = [
            _summary(compared),
            _differences(compared),
            plot_section("Curves", _figures(models), out),
            _slices(models),
            *_cases(models),
        ]
        title = f"{len(models)} models on {compared['data']}"
        return write_page(out / PAGE, title, sections, style(), script())


def _figures(models: Mapping) -> dict:
    if not next(iter(models.values()))["boxes"]:
        return {}
    return {
        "precision_recall": plots.precision_recall(models),
        "misses": plots.misses_over_false_alarms(models),
        "confidence": plots.metrics_over_confidence(models),
    }


def _summary(compared: Mapping) -> str:
    heads = [name.replace("_", " ") for name in next(iter(compared["summary"].values()))]
    table = [[name, *row.values()] for name, row in compared["summary"].items()]
    return "<h2>Summary</h2>" + sortable(["model", *heads], table)


def _differences(compared: Mapping) -> str:
    if not compared["differences"]:
        return ""
    table = [
        [
            row["metric"],
            row["model"],
            row["other"],
            (row["difference"], with_interval(row["difference"], row["interval"])),
            row["p"],
            row["verdict"],
        ]
        for row in compared["differences"]
    ]
    note = (
        "<p class=note>Paired bootstrap: both models on the same resampled scenes. Chance: a difference of this size "
        "is not sure at 5 %. Recall is that of each model at its own best F1.</p>"
    )
    heads = ("metric", "model", "other", "difference (95 %)", "p", "verdict")
    return f"<h2>Better, or chance?</h2>{note}{sortable(heads, table)}"


def _slices(models: Mapping) -> str:
    """AP50 of every slice, a column a model, in the order of the first one's worst."""
    first = next(iter(models.values()))
    table = []
    for row in worst_first(first["slices"]):
        cells = [metrics["slices"][row["attribute"]][row["value"]]["AP50"] for metrics in models.values()]
        table.append([row["attribute"], row["value"], row["images"], row["boxes"], *((v, number(v)) for v in cells)])
    if not table:
        return ""
    return "<h2>Slices: AP50</h2>" + sortable(("attribute", "value", "images", "boxes", *models), table, tall=True)


def _cases(models: Mapping) -> list:
    cases = {name: metrics["cases"] for name, metrics in models.items()}
    sections = []
    for feature in FEATURES:
        if any(value is not None for table in cases.values() for pair in table[feature.tab].values() for value in pair):
            heads = ("model", *(value for _, value in COLUMNS))
            title = f"<h2>Case by case: {feature.tab} ({' | '.join(feature.names)})</h2>"
            sections.append(title + sortable(heads, rows(cases, feature.tab)))
    return sections
