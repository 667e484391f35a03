"""Workbooks of scores: the comparison, with a tab per model, and the case-by-case table."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Optional

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from shared_format import atomic

from ..metrics.case_table import COLUMNS, FEATURES, rows
from ..metrics.results import CaseTable, Compared, Curves, Rates

CASES, COMPARISON = "cases.xlsx", "comparison.xlsx"
_LONGEST_TITLE = 31  # Excel's
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\']")
_CURVE = ("precision", "recall", "accuracy", "f1", "f2", "false_per_picture")
_HOW = "Each cell holds AP at IoU 0.5 for both values of this tab's feature, within the column's value: {} | {}."


def write_cases(path: Path, cases: Mapping[str, CaseTable]) -> None:
    """Write tabs Sensor, Occl., Bed and Gender, with a row per model. ``cases``: {model: its case table}."""
    book = _empty_book()
    for feature in FEATURES:
        sheet = book.create_sheet(feature.tab)
        _fill(sheet, ["Model", *(value for _, value in COLUMNS)], rows(cases, feature.tab))
        sheet["A1"].comment = Comment(_HOW.format(*feature.names), "trainer")
    _save(book, path)


def write_comparison(path: Path, compared: Compared) -> None:
    """Write tab Summary, tab Differences, and a tab per model with its metrics over confidence and over IoU."""
    book = _empty_book()
    summary = [[name, *row.values()] for name, row in compared["summary"].items()]
    _fill(book.create_sheet("Summary"), ["model", *next(iter(compared["summary"].values()))], summary)
    if compared["differences"]:
        heads = list(compared["differences"][0])
        differences = [[_plain(value) for value in row.values()] for row in compared["differences"]]
        _fill(book.create_sheet("Differences"), heads, differences)
    titles = {sheet.title.casefold() for sheet in book}
    for name, metrics in compared["models"].items():
        title = _title(name, titles)
        titles.add(title.casefold())
        _fill(book.create_sheet(title), ["confidence", *_CURVE, "", "IoU", *_CURVE], _curve_lines(metrics["curves"]))
    _save(book, path)


def _empty_book() -> Workbook:
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    return book


def _curve_lines(curves: Curves) -> list[list[Optional[float]]]:
    """For each step of 0.01 the numbers at that confidence, an empty cell, and the numbers at that IoU."""
    return [
        [at["confidence"], *_rates(at), None, over["iou"], *_rates(over)]
        for at, over in zip(curves["confidence"], curves.get("iou", ()))
    ]


def _rates(row: Rates) -> list[Optional[float]]:
    """The numbers of ``_CURVE``."""
    return [row["precision"], row["recall"], row["accuracy"], row["f1"], row["f2"], row["false_per_picture"]]


def _plain(value: object) -> object:
    """A value as a cell holds it: a pair of numbers as text."""
    return f"{value[0]:.4f} to {value[1]:.4f}" if isinstance(value, list) else value


def _title(name: str, used: set[str]) -> str:
    """A tab's title that Excel accepts and no other tab has."""
    base = _NOT_IN_TITLES.sub("_", name) or "model"
    title, number = base[:_LONGEST_TITLE], 2
    while title.casefold() in used:
        ending = f" ({number})"
        title, number = base[: _LONGEST_TITLE - len(ending)] + ending, number + 1
    return title


def _fill(sheet: Worksheet, heads: Sequence[str], lines: Sequence[Sequence[object]]) -> None:
    sheet.append(list(heads))
    for line in lines:
        sheet.append(list(line))
    for head in sheet[1]:
        head.font = Font(bold=True)
    sheet.freeze_panes = "B2"
    for number, column in enumerate(sheet.columns, start=1):
        width = max(len(_shown(one.value)) for one in column)
        sheet.column_dimensions[get_column_letter(number)].width = min(60, width + 2)
        for one in column:
            if isinstance(one.value, float):
                one.number_format = "0.000"


def _shown(value: object) -> str:
    return "" if value is None else "0.000" if isinstance(value, float) else str(value)


def _save(book: Workbook, path: Path) -> None:
    buffer = io.BytesIO()
    book.save(buffer)
    atomic.write_bytes(path, buffer.getvalue())
