"""Workbooks of scores: the comparison, a tab a model, and the case-by-case table."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from shared_format import atomic

from ..metrics.case_table import COLUMNS, FEATURES, rows

CASES, COMPARISON = "cases.xlsx", "comparison.xlsx"
_LONGEST_TITLE = 31  # Excel's
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\']")
_CURVE = ("precision", "recall", "accuracy", "f1", "f2", "false_per_picture")
_HOW = "A cell holds AP at IoU 0.5 for the two values of this tab's feature, the column's value held fixed: {} | {}."


def write_cases(path: Path, cases: Mapping[str, Mapping]) -> None:
    """Write tabs Sensor, Occl., Bed and Gender, a row a model. ``cases``: {model: ``cases.case_table``}."""
    book = Workbook()
    book.remove(book.active)
    for feature in FEATURES:
        sheet = book.create_sheet(feature.tab)
        _fill(sheet, ["Model", *(value for _, value in COLUMNS)], rows(cases, feature.tab))
        sheet["A1"].comment = Comment(_HOW.format(*feature.names), "trainer")
    _save(book, path)


def write_comparison(path: Path, compared: Mapping) -> None:
    """Write tab Summary, tab Differences, and a tab a model with its metrics over confidence and over IoU.

    Args:
        compared: as ``comparison.compare_models`` returns it.
    """
    book = Workbook()
    book.remove(book.active)
    summary = [[name, *row.values()] for name, row in compared["summary"].items()]
    _fill(book.create_sheet("Summary"), ["model", *next(iter(compared["summary"].values()))], summary)
    if compared["differences"]:
        heads = list(compared["differences"][0])
        differences = [[_plain(row[name]) for name in heads] for row in compared["differences"]]
        _fill(book.create_sheet("Differences"), heads, differences)
    titles = {sheet.title.casefold() for sheet in book}
    for name, metrics in compared["models"].items():
        title = _title(name, titles)
        titles.add(title.casefold())
        heads = ["confidence", *_CURVE, "", "IoU", *_CURVE]
        both = zip(metrics["curves"]["confidence"], metrics["curves"]["iou"])
        lines = [
            [at["confidence"], *(at[key] for key in _CURVE), None, over["iou"], *(over[key] for key in _CURVE)]
            for at, over in both
        ]
        _fill(book.create_sheet(title), heads, lines)
    _save(book, path)


def _plain(value: object) -> object:
    """A value as a cell holds it: a pair of numbers as text."""
    return f"{value[0]:.4f} to {value[1]:.4f}" if isinstance(value, list) else value


def _title(name: str, taken: set) -> str:
    """A tab's title that Excel takes and no other tab has."""
    base = _NOT_IN_TITLES.sub("_", name) or "model"
    title, number = base[:_LONGEST_TITLE], 2
    while title.casefold() in taken:
        ending = f" ({number})"
        title, number = base[: _LONGEST_TITLE - len(ending)] + ending, number + 1
    return title


def _fill(sheet: Worksheet, heads: Sequence[str], lines: Sequence[Sequence]) -> None:
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
