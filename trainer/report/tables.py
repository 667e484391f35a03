"""Numbers as text, the tables of a page, and plots as files and data URIs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Optional, Union

from matplotlib.figure import Figure

from shared_format import atomic

from ..page import data_uri
from ..plotting import rendered

PLOTS = "plots"


def number(value: Optional[float]) -> str:
    """A number as text; a dash where there is none."""
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def with_interval(value: Optional[float], interval: Optional[Sequence[float]]) -> str:
    """``0.371 (0.312 to 0.433)``."""
    return number(value) if value is None or not interval else f"{value:.3f} ({interval[0]:.3f} to {interval[1]:.3f})"


def percent(value: float) -> str:
    """``80 %``."""
    return f"{100 * value:.0f} %"


def percent_with_interval(value: float, interval: Optional[Sequence[float]]) -> str:
    """``80 % (71 % to 88 %)``."""
    return f"{percent(value)} ({percent(interval[0])} to {percent(interval[1])})" if interval else percent(value)


class Row(NamedTuple):
    """A row of a plain table: a name, a value and what it means."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of a table that sorts: its text, and for a column of numbers what it sorts by."""

    text: str
    value: Optional[float] = None
    is_number: bool = False

    @property
    def sort_key(self) -> str:
        """The number as JavaScript reads it; empty where there is none."""
        return "" if self.value is None else repr(self.value)


class Shown(NamedTuple):
    """A number with its own formatting."""

    value: Optional[float]
    text: str


@dataclass(frozen=True)
class Table:
    """A table that sorts by the column whose heading is clicked; a ``tall`` one scrolls."""

    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    tall: bool = False


def table(heads: Sequence[str], rows: Sequence[Sequence[Union[str, float, Shown, None]]], tall: bool = False) -> Table:
    """A ``Table`` of text and numbers."""
    return Table(heads, [[_cell(value) for value in row] for row in rows], tall)


def _cell(value: Union[str, float, Shown, None]) -> Cell:
    if isinstance(value, str):
        return Cell(value)
    if isinstance(value, Shown):
        return Cell(value.text, value.value, True)
    return Cell(number(value), value, True)


def write_plots(figures: Mapping[str, Figure], out: Path) -> dict[str, str]:
    """Write each figure as ``plots/NAME.png`` and ``.svg``; returns the drawings as data URIs by name."""
    (out / PLOTS).mkdir(parents=True, exist_ok=True)
    uris: dict[str, str] = {}
    for name, figure in figures.items():
        drawing = rendered(figure, "svg")
        atomic.write_bytes(out / PLOTS / f"{name}.svg", drawing)
        atomic.write_bytes(out / PLOTS / f"{name}.png", rendered(figure, "png"))
        uris[name] = data_uri(drawing)
    return uris
