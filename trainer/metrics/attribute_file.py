"""A CSV of per-picture attributes: a column that names the image, the others what is known of it."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import TrainerError
from ..examples.example import Example, ExampleSet
from ..progress import note
from .attributes import LYING, OCCLUSION, Attributes, band, columns_of

# Columns that name the image, the first of them that is there; a file's name with or without folders and suffix.
_IMAGE = ("image_id", "file_name", "file", "image", "picture", "path")
_OTHER_NAMES = {"gender": "sex", "modality": "sensor", "occl": "occlusion", "occl.": "occlusion"}


def with_file(attributes: Attributes, path: Path, examples: ExampleSet) -> Attributes:
    """``attributes`` and the columns of the CSV ``path``, which take the place of columns of the same name.

    A number in the column ``occlusion`` is percent hidden: up to 20 is low, more is high. A posture says who lies.

    Raises:
        TrainerError: the file cannot be read, names no image of the data, or one twice.
    """
    rows, key = _rows(path)
    by_image: dict = {}
    for number, row in enumerate(rows, start=2):
        name = row.pop(key).strip()
        if name in by_image:
            raise TrainerError(f"{path}: line {number}: image {name!r} a second time; give each image one line")
        by_image[name] = row
    found = [_row_of(example, key, by_image) for example in examples.examples]
    if not any(found):
        raise TrainerError(f"{path}: no line names an image of {examples.source}; its {key} are as {name!r}")
    columns, orders = columns_of([_named(row) for row in found])
    for column in sorted({called(name) for row in found for name in row} - set(columns)):
        note(f"{path}: column {column!r} is left out: no values, or too many different ones")
    kept = {name: column for name, column in attributes.ground_truths.items() if name not in columns}
    images = {**attributes.images, **columns}
    return replace(attributes, images=images, ground_truths=kept, orders={**attributes.orders, **orders})


def _rows(path: Path) -> tuple:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, strict=True)
            rows, header = list(reader), list(reader.fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise TrainerError(f"{path}: cannot be read as a CSV of attributes: {reason}") from error
    keys = [name for name in _IMAGE if name in header]
    if not keys:
        raise TrainerError(f"{path}: no column names the image; its columns are {header}, expected {_IMAGE[1]!r}")
    if not rows:
        raise TrainerError(f"{path}: no lines under its header")
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise TrainerError(f"{path}: line {number}: not {len(header)} columns as in the header")
    return rows, keys[0]


def _row_of(example: Example, key: str, by_image: dict) -> dict:
    path = example.path
    names = (str(example.image_id),) if key == "image_id" else (str(path), path.as_posix(), path.name, path.stem)
    folders = path.parts
    tails = ["/".join(folders[-depth:]) for depth in range(2, len(folders))] if key != "image_id" else []
    return next((by_image[name] for name in (*names, *tails) if name in by_image), {})


def _named(row: dict) -> dict:
    """A line's values by the names that the records of this program have for them."""
    known = {called(name): _value(text) for name, text in row.items()}
    if isinstance(known.get("occlusion"), (int, float)):
        known["occlusion"] = band(known["occlusion"], OCCLUSION)
    if known.get("posture") is not None:
        known.setdefault("lying", known["posture"] in LYING)
    return known


def called(name: str) -> str:
    """The attribute that a column's header means."""
    return _OTHER_NAMES.get(name.strip().casefold(), name.strip())


def _value(text: str | None) -> Any:
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
