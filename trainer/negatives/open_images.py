"""Images of Open Images V6 without people, chosen from its published CSV and hierarchy files alone.

Files: https://storage.googleapis.com/openimages/web/download.html. Of an image the lists say which classes are in it
(boxes, and image-level labels with Confidence above 0) and which are verified by a person to be absent (Confidence 0).
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from shared_format.dataset import read_json

from ..errors import TrainerError
from ..progress import Progress

PEOPLE = ("Person", "Human body")
# The columns of the list of images that are kept.
PROVENANCE = (
    *("ImageID", "Subset", "License", "Author", "Title", "OriginalLandingURL", "OriginalURL", "AuthorProfileURL"),
    *("OriginalSize", "OriginalMD5", "Thumbnail300KURL", "Rotation"),
)
_LINES_A_STEP = 4096
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Lists:
    """The published files.

    Attributes:
        images: lists of images with their licences, such as ``train-images-boxable-with-rotation.csv``.
        labels: files of boxes and image-level labels, made by people or machines.
        classes: ``class-descriptions-boxable.csv``: the name of each class.
        hierarchy: ``bbox_labels_600_hierarchy.json``.
    """

    images: tuple[Path, ...]
    labels: tuple[Path, ...]
    classes: Path
    hierarchy: Path


@dataclass(frozen=True)
class Choice:
    """The chosen images, rows of ``PROVENANCE`` by column, and how they were chosen.

    Attributes:
        listed: images in the lists. with_people: of those, how many were removed. free: how many were left.
        removed_classes: names of all classes that count as people, sub- and part-classes with them.
    """

    rows: tuple[dict[str, str], ...]
    listed: int
    with_people: int
    free: int
    removed_classes: tuple[str, ...]


def choose(lists: Lists, count: int, seed: int, people: Sequence[str] = PEOPLE, verified: bool = False) -> Choice:
    """Choose ``count`` images at random, in a random order, of those without any class of ``people``.

    The order of the lists does not matter: the seed gives every image its rank, so a larger count adds to a smaller.

    Args:
        people: names of classes; their sub-classes and parts, and those of these, are removed too.
        verified: only images in which a person looked for one of ``people`` and found none.

    Raises:
        TrainerError: an invalid file, or an unknown class.
    """
    names = class_names(lists.classes)
    roots = [_class_of(name, names, lists.classes) for name in people]
    removed = with_descendants(read_json(lists.hierarchy), roots, lists.hierarchy)
    present, absent = _labelled(lists.labels, removed, set(roots))
    chosen: dict[str, dict[str, str]] = {}
    counts = {"listed": 0, "with_people": 0, "free": 0}
    for row in _rows(lists.images):
        counts["listed"] += 1
        if row["ImageID"] in present:
            counts["with_people"] += 1
        elif not verified or row["ImageID"] in absent:
            counts["free"] += 1
            chosen[row["ImageID"]] = row
            if len(chosen) > 2 * count + 1000:  # memory does not grow with the lists
                chosen = _first(chosen, count, seed)
    rows = tuple(_first(chosen, count, seed).values())
    return Choice(rows, **counts, removed_classes=tuple(sorted(names.get(label, label) for label in removed)))


def class_names(path: Path) -> dict[str, str]:
    """{label such as /m/01g317: name such as Person} of a file with or without a header. Raises TrainerError."""
    with _opened(path) as rows:
        found = {row[0]: row[1].strip() for row in rows if len(row) >= 2}
    for header in ("LabelName", "id"):
        found.pop(header, None)
    if not found:
        raise TrainerError(f"{path}: contains no classes; expected lines such as /m/01g317,Person")
    return found


def with_descendants(hierarchy: object, labels: Iterable[str], where: Path) -> frozenset[str]:
    """``labels`` with everything below them in the parsed hierarchy: ``Subcategory`` and ``Part``, at any depth.

    Raises:
        TrainerError: not such a hierarchy, or none of ``labels`` is in it.
    """
    wanted, found, below = set(labels), set(), set()
    stack = [(hierarchy, False)]
    while stack:
        node, inside = stack.pop()
        if not isinstance(node, dict) or not isinstance(node.get("LabelName"), str):
            raise TrainerError(f"{where}: not a class hierarchy: a node has no LabelName")
        inside = inside or node["LabelName"] in wanted
        if node["LabelName"] in wanted:
            found.add(node["LabelName"])
        if inside:
            below.add(node["LabelName"])
        for key in ("Subcategory", "Part"):
            stack += [(child, inside) for child in node.get(key, ())]
    if not found:
        raise TrainerError(
            f"{where}: contains none of the classes {', '.join(sorted(wanted))}; is it the hierarchy of these classes?"
        )
    return frozenset(below | wanted)


def _class_of(name: str, names: dict, where: Path) -> str:
    if name in names:
        return name
    for label, known in names.items():
        if known.casefold() == name.strip().casefold():
            return label
    raise TrainerError(f"{where}: {name!r} is not one of its {len(names)} classes")


def _labelled(paths: Sequence[Path], removed: frozenset[str], roots: set[str]) -> tuple[set[str], set[str]]:
    """The ids of images with a class of ``removed``, and of those where one of ``roots`` was looked for in vain."""
    present, absent = set(), set()
    for path in paths:
        with _opened(path) as rows:
            header = next(rows, [])
            image, label = (_column(header, name, path) for name in ("ImageID", "LabelName"))
            confidence = header.index("Confidence") if "Confidence" in header else None
            for row in rows:
                if len(row) > max(image, label) and row[label] in removed:
                    if confidence is None or _number(row, confidence, path) > 0:
                        present.add(row[image])
                    elif row[label] in roots:
                        absent.add(row[image])
    return present, absent


def _rows(paths: Sequence[Path]) -> Iterator[dict]:
    """The images of the lists, each once, with the columns of ``PROVENANCE`` that are there."""
    seen: set = set()
    for path in paths:
        with _opened(path) as rows:
            header = next(rows, [])
            _column(header, "ImageID", path)
            for values in rows:
                row = {name: value for name, value in zip(header, values) if name in PROVENANCE}
                if not _ID.fullmatch(row.get("ImageID", "")):
                    raise TrainerError(f"{path}:{rows.line_num}: {row.get('ImageID', '')[:60]!r} is not an ImageID")
                if len(paths) > 1:
                    if row["ImageID"] in seen:
                        continue
                    seen.add(row["ImageID"])
                yield row


def _first(rows: dict[str, dict[str, str]], count: int, seed: int) -> dict[str, dict[str, str]]:
    """The ``count`` images whose ids the ``seed`` ranks first, in that order."""
    ranked = sorted(rows, key=lambda image: hashlib.blake2b(f"{seed}:{image}".encode(), digest_size=8).digest())
    return {image: rows[image] for image in ranked[:count]}


def _column(header: Sequence[str], name: str, path: Path) -> int:
    if name not in header:
        raise TrainerError(f"{path}: no column {name}; it has {', '.join(header)[:120] or 'nothing'}")
    return header.index(name)


def _number(row: Sequence[str], column: int, path: Path) -> float:
    try:
        return float(row[column])
    except (ValueError, IndexError) as error:
        raise TrainerError(f"{path}: {','.join(row)[:80]!r}: Confidence is not a number") from error


@contextmanager
def _opened(path: Path) -> Iterator:
    """A reader of the rows of a CSV; errors of the file inside the block become TrainerErrors."""
    try:
        with open(path, newline="", encoding="utf-8-sig") as handle:
            yield csv.reader(_counted(handle, path))
    except OSError as error:
        raise TrainerError(f"{path}: cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise TrainerError(f"{path}: cannot be read as CSV: {error}") from error


def _counted(handle: TextIO, path: Path) -> Iterator[str]:
    """The lines of an open file, with progress: the published lists have gigabytes."""
    with Progress(path.stat().st_size, f"reading {path.name}", "bytes") as progress:
        done = 0
        for number, line in enumerate(handle, start=1):
            done += len(line)
            if number % _LINES_A_STEP == 0:
                progress.advance(done)
                done = 0
            yield line
