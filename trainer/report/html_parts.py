"""Pieces of a report's page: tables that sort, plots, the script and the style."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Optional

from matplotlib.figure import Figure

from shared_format import atomic

from ..plotting import rendered

PLOTS = "plots"


def number(value: Optional[float]) -> str:
    """A number for people; a dash where there is none."""
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def with_interval(value: Optional[float], interval: Optional[Sequence[float]]) -> str:
    """``0.371 (0.312 to 0.433)``."""
    return number(value) if not interval else f"{value:.3f} ({interval[0]:.3f} to {interval[1]:.3f})"


def sortable(heads: Sequence[str], rows: Sequence[Sequence[Any]], tall: bool = False) -> str:
    """A table that sorts by the column clicked.

    Args:
        rows: cells; each is text, a number or None, or a pair (number, what is shown).
    """
    head = "".join(f"<th>{html.escape(name)}</th>" for name in heads)
    body = "".join("<tr>" + "".join(_cell(cell) for cell in row) + "</tr>" for row in rows)
    kind = "scroll tall" if tall else "scroll"
    return (
        f'<div class="{kind}"><table class="sortable"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _cell(cell: Any) -> str:
    if isinstance(cell, str):
        return f"<td>{html.escape(cell)}</td>"
    value, shown = cell if isinstance(cell, tuple) else (cell, number(cell))
    sorts = "" if value is None else repr(value)
    return f'<td class="number" data-value="{sorts}">{html.escape(shown)}</td>'


def plain(rows: Sequence[Sequence[str]]) -> str:
    """A table of a heading, a number and a note in each row."""
    return (
        "<table>"
        + "".join(
            f"<tr><th>{html.escape(name)}</th><td>{html.escape(value)}</td><td class=note>{html.escape(note)}</td></tr>"
            for name, value, note in rows
        )
        + "</table>"
    )


def plot_section(title: str, figures: Mapping[str, Figure], out: Path) -> str:
    """The figures side by side under a heading; each is also written as ``plots/NAME.png`` and ``.svg``."""
    (out / PLOTS).mkdir(parents=True, exist_ok=True)
    shown = []
    for name, figure in figures.items():
        drawing = rendered(figure, "svg")
        atomic.write_bytes(out / PLOTS / f"{name}.svg", drawing)
        atomic.write_bytes(out / PLOTS / f"{name}.png", rendered(figure, "png"))
        data = base64.b64encode(drawing).decode()
        shown.append(f'<img alt="{html.escape(name)}" src="data:image/svg+xml;base64,{data}">')
    return f'<h2>{html.escape(title)}</h2><div class="plots">{"".join(shown)}</div>' if shown else ""


def style() -> str:
    """What the page of a report has beside the style of every page."""
    return _resource("report.css")


def script() -> str:
    """What sorts, shows and hides."""
    return _resource("report.js")


def _resource(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
