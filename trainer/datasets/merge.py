"""`trainer merge`: several DATA of any kinds as one dataset that records the source of each image."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Optional

from shared_format import dataset
from shared_format.dataset import Category, DatasetInfo
from shared_format.policy import chosen_box
from shared_format.record import Frame

from ..errors import TrainerError
from ..formats.label_set import LabelSet
from ..progress import Progress, note
from .duplicate_files import contents
from .label_style import label_style
from .leakage_groups import SOURCE
from .request import DatasetRequest
from .writing import (
    Incoming,
    NewDataset,
    WrittenCounts,
    incoming,
    inner_name,
    new_folder,
    remarks,
    write_images,
    written_kind,
)

SCHEMA_VERSION = 1


class MergeResult(WrittenCounts):
    """What ``merge`` wrote, as JSON."""

    schema_version: int
    out: str
    format: str
    classes: list[str]
    sources: dict[str, int]
    renumbered: bool


@dataclass(frozen=True)
class _Part:
    """One DATA of a merge: its labels, and the name of the dataset that they are of."""

    labels: LabelSet
    source: str


def merge(data: Sequence[str], request: DatasetRequest) -> MergeResult:
    """Merge all DATA and return what was written.

    Parts of one dataset, such as the shards of one job, keep the numbers and names of their images. Of several
    datasets every image gets the attribute ``source`` and lies in a folder of that name; where their numbers meet,
    all are numbered anew, from 0. Data of several formats becomes ``wardsynth``, which holds everything, unless
    ``request.kind`` says otherwise.

    Returns:
        ``out``, ``format``, ``classes``, ``sources`` (images of each), ``renumbered``, counts as of
        ``writing.write_images``.

    Raises:
        TrainerError: an image is in two of the data, a class or labels that are asked for are in none, or the folder
            cannot be written.
        FormatError: labels that cannot be used.
    """
    parts = _parts([request.read(one) for one in data])
    sources: dict[str, int] = {}
    for part in parts:
        sources[part.source] = sources.get(part.source, 0) + len(part.labels.images)
    renumber = _numbers_meet(parts, single=len(sources) == 1)
    kinds = {part.labels.kind for part in parts}
    kind = request.kind or (written_kind(kinds.pop()) if len(kinds) == 1 else "wardsynth")
    style = label_style([part.labels for part in parts], kind, request.labels)
    info = merged_info(parts, request.out.resolve().name)
    classes = _kept_classes(info, request.classes)
    _note_duplicates(parts)
    total = sum(sources.values())
    with new_folder(request.out) as folder, Progress(total, "merging", "images") as progress:
        new = NewDataset(folder, kind, info, classes, request.boxes, style)
        counts = write_images(new, _images(parts, renumber, new, named=len(sources) > 1), progress.advance)
        request.refuse_missing_labels(" and ".join(data), counts)
    return {
        "schema_version": SCHEMA_VERSION,
        "out": str(request.out),
        "format": kind,
        "classes": list(classes),
        "sources": sources,
        "renumbered": renumber,
        **counts,
    }


def summary(result: MergeResult) -> str:
    """Lines for people."""
    lines = [f"{name}: {count} images" for name, count in result["sources"].items()]
    numbered = ", numbered anew from 0" if result["renumbered"] else ""
    lines.append(
        f"{result['out']}: {result['pictures']} images{numbered}, {result['boxes']} boxes of "
        f"{', '.join(result['classes'])} as {result['format']}{remarks(result)}"
    )
    return "\n".join(lines)


def _kept_classes(info: DatasetInfo, requested: tuple[str, ...]) -> tuple[str, ...]:
    """The ``requested`` classes, or all in the order of their ids. Raises TrainerError: none of the data has one."""
    there = tuple(category.name for category in info.categories)
    missing = set(requested) - set(there)
    if missing:
        raise TrainerError(
            f"--classes {', '.join(sorted(missing))}: not a class of any of the datasets; their classes are "
            f"{', '.join(there)}"
        )
    return requested or there


def merged_info(parts: Sequence[_Part], name: str) -> DatasetInfo:
    """What ``dataset.json`` says of them together: each dataset's own config and seed are kept under ``generator``."""
    infos = {part.source: part.labels.info for part in parts}
    first = next(iter(infos.values()))
    if len(infos) == 1:
        return replace(first, name=name)
    names = dict.fromkeys(name for part in parts for name in part.labels.category_names)
    attributes: dict[str, list[str]] = {}
    for info in infos.values():
        for name, values in info.attributes.items():
            attributes[name] = list(dict.fromkeys([*attributes.get(name, []), *values]))
    licences = {json.dumps(one, sort_keys=True): one for info in infos.values() for one in info.licences}
    merged = [
        {"source": source, "name": info.name, "seed": info.seed, "config": info.config, "generator": info.generator}
        for source, info in infos.items()
    ]
    return DatasetInfo(
        name=name,
        seed=0,
        config={},
        categories=_categories(names, first),
        attributes={**attributes, SOURCE: list(infos)},
        licences=tuple(licences.values()),
        generator={"name": "merged", "from": merged},
    )


def _categories(names: Iterable[str], first: DatasetInfo) -> tuple[Category, ...]:
    """The first dataset's ids, then the next free ones."""
    ids = {category.name: category.id for category in first.categories}
    free = max(ids.values(), default=0)
    for name in names:
        if name not in ids:
            free += 1
            ids[name] = free
    return tuple(Category(number, name) for name, number in ids.items())


def _parts(sets: Sequence[LabelSet]) -> list[_Part]:
    """Each with the name of its dataset: slices of one folder and shards of one job are the same dataset."""
    names: dict[str, str] = {}
    parts = []
    for labels in sets:
        identity = _identity(labels)
        if identity not in names:
            name, number = _plain_name(labels.info.name), 1
            while name in names.values():
                number += 1
                name = f"{_plain_name(labels.info.name)}-{number}"
            names[identity] = name
        parts.append(_Part(labels, names[identity]))
    return parts


def _identity(labels: LabelSet) -> str:
    """A text that is equal for parts of the same dataset."""
    info = labels.info
    drawn = labels.kind == "wardsynth" and info.config
    return repr((info.seed, info.config)) if drawn else str(labels.path.resolve())


def _plain_name(name: str) -> str:
    """A dataset's name as that of a folder."""
    return PurePosixPath(name.replace("\\", "/")).name.strip(". ") or "data"


def _numbers_meet(parts: Sequence[_Part], single: bool) -> bool:
    """Whether two images have one number.

    Raises:
        TrainerError: an image is in two of the data, or the parts of a ``single`` dataset have one number twice.
    """
    files: dict[Path, str] = {}
    numbers: dict[int, str] = {}
    clash = False
    for part in parts:
        for labelled in part.labels.images:
            file = labelled.image.resolve()
            if file in files:
                raise TrainerError(
                    f"{labelled.image}: is labelled twice, by {files[file]} and {labelled.where}; keep one"
                )
            files[file] = labelled.where
            before = numbers.setdefault(labelled.frame.index, labelled.where)
            if before != labelled.where and single:
                raise TrainerError(f"{labelled.where}: image {labelled.frame.index} is also {before}; shards overlap")
            clash = clash or before != labelled.where
    return clash


def _note_duplicates(parts: Sequence[_Part]) -> None:
    """Report images that occur twice under different names, as they may be labelled differently."""
    paths = [labelled.image for part in parts for labelled in part.labels.images]
    first: dict[bytes, Path] = {}
    duplicates: list[tuple[Path, Path]] = []
    for path, content in zip(paths, contents(paths)):
        if content is not None and first.setdefault(content, path) != path:
            duplicates.append((path, first[content]))
    if duplicates:
        one, other = duplicates[0]
        note(f"{len(duplicates)} images occur twice, such as {one} and {other}; trainer split keeps them together")


def _images(parts: Sequence[_Part], renumber: bool, new: NewDataset, named: bool) -> Iterator[Incoming]:
    numbers = itertools.count()
    for part in parts:
        for one in incoming(part.labels, new.style):
            frame = replace(one.frame, index=next(numbers)) if renumber else one.frame
            if named:
                frame = _of_source(frame, part.source)
            yield replace(one, frame=_with_box(frame, part.labels.policy, new.boxes, one.where))


def _of_source(frame: Frame, source: str) -> Frame:
    """The record with its source, and with its files in a folder of that name."""
    maps = {
        name: f"{folder}/{source}/{PurePosixPath(file).name}"
        for name, folder in (("depth_file", dataset.DEPTH), ("mask_file", dataset.MASKS))
        if (file := getattr(frame, name)) is not None
    }
    file = f"{dataset.IMAGES}/{source}/{inner_name(frame)}"
    return replace(frame, file=file, attributes={SOURCE: source, **frame.attributes}, **maps)


def _with_box(frame: Frame, policy: Optional[str], requested: str, where: str) -> Frame:
    """The record with the only box of its data used as the ``requested`` one."""
    if policy is None or policy == requested:
        return frame
    instances = tuple(replace(i, **{f"bbox_{requested}": chosen_box(i, policy, where)}) for i in frame.instances)
    return replace(frame, instances=instances)
