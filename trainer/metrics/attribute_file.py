"""The user's CSV of image attributes: one column names the image, the others are attributes."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Optional, Union

import numpy as np

from ..errors import TrainerError
from ..examples.example import Example, ExampleSet
from ..progress import note
from .attributes import LYING, OCCLUSION, Attributes, band, columns_of

# Columns that name the image; the first of them that the file has is used. The value is a file's name with or without
# folders and suffix, or an id.
_IMAGE = ("image_id", "file_name", "file", "image", "picture", "path")
_OTHER_NAMES = {"gender": "sex", "modality": "sensor", "occl": "occlusion", "occl.": "occlusion"}

_Row = dict[str, str]


def with_file(attributes: Attributes, path: Path, examples: ExampleSet) -> Attributes:
    """``attributes`` and the columns of the CSV ``path``, which replace columns of the same name.

    A number in the column ``occlusion`` is percent hidden: up to 20 is low, more is high. A column ``posture`` also
    gives the attribute ``lying``.

    Raises:
        TrainerError: the file cannot be read, names no image of the data, or names one twice.
    """
    table = _read_table(path)
    by_image: dict[str, _Row] = {}
    for number, row in enumerate(table.rows, start=2):
        name = row.pop(table.key).strip()
        if name in by_image:
            raise TrainerError(f"{path}: line {number}: image {name!r} is named twice; give each image one line")
        by_image[name] = row
    rows = [_row_of(example, table.key, by_image) for example in examples.examples]
    if not any(rows):
        first = next(iter(by_image))
        raise TrainerError(f"{path}: no line names an image of {examples.source}; the first {table.key} is {first!r}")
    images = columns_of([_attributes_of(row) for row in rows])
    for column in sorted({called(name) for row in rows for name in row} - set(images.columns)):
        note(f"{path}: column {column!r} is left out: it has no values, or too many different ones")
    objects = {name: column for name, column in attributes.objects.items() if name not in images.columns}
    return replace(
        attributes,
        images={**attributes.images, **images.columns},
        objects=objects,
        orders={**attributes.orders, **images.orders},
    )


class _Table(NamedTuple):
    """The rows of a CSV, and the column that names the image."""

    rows: list[_Row]
    key: str


def _read_table(path: Path) -> _Table:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            header, *lines = list(csv.reader(file, strict=True)) or [[]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise TrainerError(f"{path}: cannot be read as a CSV of attributes: {reason}") from error
    keys = [name for name in _IMAGE if name in header]
    if not keys:
        raise TrainerError(f"{path}: no column names the image; its columns are {header}, expected {_IMAGE[1]!r}")
    repeated = [name for number, name in enumerate(header) if name in header[:number]]
    if repeated:
        raise TrainerError(f"{path}: two columns are named {repeated[0]!r}; give each column a name of its own")
    lines = [line for line in lines if line]
    if not lines:
        raise TrainerError(f"{path}: it has no rows below its header")
    for number, line in enumerate(lines, start=2):
        if len(line) != len(header):
            raise TrainerError(f"{path}: line {number}: {len(line)} columns, but the header has {len(header)}")
    return _Table([dict(zip(header, line)) for line in lines], keys[0])


def _row_of(example: Example, key: str, by_image: Mapping[str, _Row]) -> _Row:
    path = example.path
    if key == "image_id":
        return by_image.get(str(example.image_id), {})
    names = (str(path), path.as_posix(), path.name, path.stem)
    tails = ["/".join(path.parts[-depth:]) for depth in range(2, len(path.parts))]
    none: _Row = {}
    return next((by_image[name] for name in (*names, *tails) if name in by_image), none)


_Cell = Union[str, bool, int, float, None]


def _attributes_of(row: _Row) -> dict[str, _Cell]:
    """The values of a row, by the names that the records of this program have for them."""
    known = {called(name): _value(text) for name, text in row.items()}
    hidden = known.get("occlusion")
    if isinstance(hidden, (int, float)):
        known["occlusion"] = band(hidden, OCCLUSION)
    if known.get("posture") is not None:
        known.setdefault("lying", known["posture"] in LYING)
    return known


def called(name: str) -> str:
    """The attribute that a column's header means."""
    return _OTHER_NAMES.get(name.strip().casefold(), name.strip())


def _value(text: Optional[str]) -> _Cell:
    """A cell: a number where it is one, None where it is empty."""
    if text is None or not text.strip():
        return None
    try:
        number = float(text)
    except ValueError:
        return text.strip()
    if not np.isfinite(number):
        return text.strip()
    return int(number) if number.is_integer() else number
