"""Data in one folder per split, as Roboflow exports it: ``train/``, ``valid/``, ``test/``; and several COCO files.

Every part is read as data of its own; together they are one set whose images know their split.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Optional

from shared_format.dataset import Category
from shared_format.errors import FormatError

from .files import entries, is_folder
from .label_set import (
    SPLIT,
    LabelledImage,
    LabelSet,
    Reading,
    SourceId,
    known_split,
)
from .skeletons import Skeleton

ReadPart = Callable[[Path, Reading], LabelSet]


def split_folders(folder: Path, is_data: Callable[[Path], bool]) -> dict[str, Path]:
    """Split -> the sub-folder named by it, where at least one of these is data. Raises FormatError: a split twice."""
    found: dict[str, Path] = {}
    for path in entries(folder):
        split = known_split(path.name)
        if split is None or not is_folder(path) or not is_data(path):
            continue
        if split in found:
            raise FormatError(f"{folder}: both {found[split].name}/ and {path.name}/ are the split {split}; name one")
        found[split] = path
    return found


def join(kind: str, folder: Path, parts: Sequence[tuple[str, LabelSet]]) -> LabelSet:
    """(split, its labels) of data in ``folder`` as one set.

    Image ids stay where no two are the same, else all are numbered from 1. Classes are joined by name; their ids stay
    where the parts agree.

    Raises:
        FormatError: parts whose key points differ.
    """
    sets = [labels for _, labels in parts]
    ids = [image.frame.index for labels in sets for image in labels.images]
    renumber = len(set(ids)) < len(ids)
    images: list[LabelledImage] = []
    for split, labels in parts:
        for image in labels.images:
            index = len(images) + 1 if renumber else image.frame.index
            attributes = {**image.frame.attributes, SPLIT: split}
            source_id = image.frame.index if renumber and image.source_id is None else image.source_id
            frame = replace(image.frame, index=index, attributes=attributes)
            images.append(replace(image, frame=frame, source_id=source_id))
    images.sort(key=lambda image: image.frame.index)
    info = replace(sets[0].info, name=folder.resolve().name, categories=_categories(sets))
    source_ids: dict[str, SourceId] = {}
    for labels in reversed(sets):
        source_ids.update(labels.source_category_ids)
    return LabelSet(kind, folder, info, tuple(images), sets[0].policy, source_ids, _skeleton(folder, parts))


def _skeleton(folder: Path, parts: Sequence[tuple[str, LabelSet]]) -> Optional[Skeleton]:
    stated = {labels.skeleton: split for split, labels in parts if labels.skeleton is not None}
    if len(stated) > 1:
        (one, split), (other, place) = list(stated.items())[:2]
        raise FormatError(
            f"{folder}: the key points of {split} and {place} differ: {len(one)} ({', '.join(one.names)}) and "
            f"{len(other)} ({', '.join(other.names)})"
        )
    return next(iter(stated), None)


def _categories(sets: Sequence[LabelSet]) -> tuple[Category, ...]:
    """The classes of all, with the ids they have where no two classes share one, else numbered from 1."""
    ids: dict[str, int] = {}
    for labels in sets:
        for category in sorted(labels.info.categories, key=lambda category: category.id):
            ids.setdefault(category.name, category.id)
    agree = len(set(ids.values())) == len(ids)
    numbered = ids.items() if agree else zip(ids, range(1, len(ids) + 1))
    return tuple(Category(number, name) for name, number in numbered)
