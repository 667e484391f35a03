"""Ultralytics-style YOLO folders: ``data.yaml``, ``images/train/a.jpg``, ``labels/train/a.txt``.

A label line is ``class cx cy w h``: centre and size as shares of the image's width and height, here with nine
decimals, so that a box comes back within a thousandth of a pixel. No file or an empty one: nothing in the image.
An image's label lies where its path has ``labels`` for the last ``images``, or beside it. Instances marked
``ignore`` are left out, for the text has no place to say that they count neither way.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from . import atomic, data_yaml, paths, polygons
from .class_names import CLASSES_FILE, read_class_names
from .data_yaml import DATA_FILE, DataYaml
from .dataset import Category
from .errors import FormatError
from .label_set import (
    IMAGE_SUFFIXES,
    SPLIT,
    LabelledImage,
    LabelSet,
    Reading,
    converted_frame,
    converted_info,
    image_ids,
)
from .policy import boxes_inside
from .record import Frame, Instance
from .record_types import is_box

_SPLITS = {"val": "val", "valid": "val", "validation": "val", "test": "test"}  # anything else is train


def split_of(frame: Frame) -> str:
    """The split an image goes to: its ``split`` attribute's, ``train`` where it says none."""
    return _SPLITS.get(str(frame.attributes.get(SPLIT)), "train")


def line(box: Sequence[float], label: int, size: tuple) -> str:
    """``[x, y, w, h]`` pixels inside an image of ``size`` (width, height) -> ``class cx cy w h``."""
    x, y, w, h = box
    shares = ((x + w / 2) / size[0], (y + h / 2) / size[1], w / size[0], h / size[1])
    return " ".join([str(label), *(f"{share:.9f}".rstrip("0").rstrip(".") for share in shares)])


def write(folder: Path, frames: Iterable[Frame], classes: Sequence[str], boxes: str) -> None:
    """Write ``labels/`` and ``data.yaml`` for images that lie at ``images/<split>/...`` (``frame.file``).

    Raises:
        FormatError: a record without the asked box.
    """
    splits = set()
    for frame in frames:
        splits.add(split_of(frame))
        size = (frame.width, frame.height)
        found = [
            line(box, classes.index(instance.category), size) + "\n"
            for instance, box in boxes_inside(frame, classes, boxes)
            if not instance.ignore
        ]
        path = folder / label_path(Path(frame.file))
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(path, "".join(found).encode())
    places = {name: (f"images/{name}",) for name in data_yaml.SPLITS if name in splits}
    atomic.write_bytes(folder / DATA_FILE, data_yaml.dump(DataYaml(tuple(classes), places)).encode())


def label_path(image: Path) -> Path:
    """Where the label of an image lies: ``labels`` for the last ``images`` of its path, or beside it; ``.txt``."""
    parts = list(image.parts)
    for position in range(len(parts) - 2, -1, -1):
        if parts[position] == "images":
            parts[position] = "labels"
            break
    return Path(*parts).with_suffix(".txt")


def is_folder(folder: Path) -> bool:
    """Whether the folder looks like one: ``data.yaml``, or ``images/`` beside ``labels/``."""
    return data_file(folder) is not None or ((folder / "images").is_dir() and (folder / "labels").is_dir())


def data_file(folder: Path) -> Optional[Path]:
    """The ``data.yaml`` of a folder, or None."""
    for name in (DATA_FILE, "data.yml", "dataset.yaml"):
        if (folder / name).is_file():
            return folder / name
    return None


def read(path: Path, reading: Reading) -> LabelSet:
    """Read a ``data.yaml`` or the folder that holds one (or ``images/`` and ``labels/`` alone, with ``classes.txt``).

    An image's split becomes its attribute ``split``. Segmentation lines (``class x1 y1 x2 y2 ...``) give their
    polygon's extent and its mask. The boxes become covered boxes, which is what people annotate.

    Raises:
        FormatError: not such a folder, or, unless ``reading.problem`` takes note, an unusable label or image.
    """
    parts = _parts(path, reading)
    rows = [(image, split, _label_rows(image, reading)) for image, split in parts.splits.items()]
    names = parts.names or tuple(map(str, range(1 + max((row[0] for *_, found in rows for row in found), default=0))))
    found = []
    for index, row in zip(image_ids(list(parts.splits)), rows):
        labelled = _labelled(parts.root, index, row, names, reading)
        if labelled is not None:
            found.append(labelled)
    found.sort(key=lambda labelled: labelled.frame.index)
    categories = [Category(number, name) for number, name in enumerate(names, start=1)]
    return LabelSet("yolo", path, converted_info("yolo", path, categories), tuple(found), "covered")


@dataclass(frozen=True)
class _Parts:
    """A folder's images: each with the split that names it first, and the classes, if named."""

    root: Path
    splits: dict
    names: tuple


def _parts(path: Path, reading: Reading) -> _Parts:
    given = path if path.is_file() else data_file(path)
    splits: dict = {}
    if given is not None:
        data = data_yaml.read(given)
        root, names = _root(given, data), data.names
        for name, places in data.splits.items():
            for place in places:
                for image in _images(root, place, given):
                    splits.setdefault(image, name)
    else:
        root = path
        names = read_class_names(path / CLASSES_FILE) or read_class_names(path / "labels" / CLASSES_FILE)
        names = names or reading.names
        splits = dict.fromkeys(_images(path, "images", path), "")
    if not splits:
        raise FormatError(f"{given or path / 'images'}: no images ({', '.join(IMAGE_SUFFIXES)})")
    return _Parts(root, splits, names)


def _root(given: Path, data: DataYaml) -> Path:
    """The folder that the places start at: as stated where that is there, else the file's own."""
    if data.path is not None:
        for stated in (given.parent / data.path, Path(data.path)):
            if paths.is_folder(stated):
                return stated
    return given.parent


def _images(root: Path, place: str, given: Path) -> list:
    """The images of one place of a split: a folder, or a text that lists them."""
    # Roboflow writes ../train/images for a folder beside data.yaml.
    candidates = [root / place, *([root / place[3:]] if place.startswith("../") else [])]
    for candidate in candidates:
        if paths.is_folder(candidate):
            return sorted(p for p in candidate.rglob("*") if p.suffix.lower() in IMAGE_SUFFIXES and p.is_file())
        if paths.is_file(candidate) and candidate.suffix == ".txt":
            return [candidate.parent / entry for entry in paths.text_lines(candidate)]
    raise FormatError(f"{given}: no folder or list {candidates[0]}")


def _label_rows(image: Path, reading: Reading) -> list:
    """The lines of the image's label as (class, values, where)."""
    path = label_path(image)
    if not paths.is_file(path):
        return []
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reading.problem("files.unreadable_record", f"{path}: cannot be read as text: {error}")
        return []
    rows = []
    for number, words in enumerate(map(str.split, text.splitlines()), start=1):
        where = f"{path}:{number}"
        if words:
            try:
                rows.append((*_parse(words), where))
            except ValueError:
                said = f"{where}: {' '.join(words)[:60]!r}, expected `class cx cy w h`"
                reading.problem("labels.malformed", said)
    return rows


def _parse(words: Sequence[str]) -> tuple:
    label, values = float(words[0]), [float(word) for word in words[1:]]
    known = len(values) == 4 or (len(values) >= 6 and len(values) % 2 == 0)
    if label != int(label) or label < 0 or not known or not all(map(math.isfinite, values)):
        raise ValueError(words)
    return int(label), values


def _labelled(root: Path, index: int, row: tuple, names: tuple, reading: Reading) -> Optional[LabelledImage]:
    image, split, rows = row
    where = str(label_path(image))
    if not paths.is_file(image):
        reading.problem("files.missing_image", f"{root}: no image {image}")
        return None
    size = reading.size_of(image)
    if size is None:
        return None
    instances: list = []
    for label, values, line_of in rows:
        if label >= len(names):
            said = f"{line_of}: class {label}, but the classes are {', '.join(names)} (0..{len(names) - 1})"
            reading.problem("labels.unknown_class", said)
            continue
        instance = _instance(len(instances) + 1, names[label], values, size, reading)
        if is_box(instance.bbox_covered):
            instances.append(instance)
        else:
            reading.problem("labels.malformed", f"{line_of}: a box {instance.bbox_covered} pixels, far off any image")
    inside = image.resolve().is_relative_to(root.resolve())
    file = image.resolve().relative_to(root.resolve()).as_posix() if inside else image.name
    attributes = {SPLIT: split} if split else {}
    return LabelledImage(converted_frame(index, file, size, instances, attributes), image, where)


def _instance(number: int, category: str, values: list, size: tuple, reading: Reading) -> Instance:
    width, height = size
    if len(values) == 4:
        cx, cy, w, h = values
        box = [(cx - w / 2) * width, (cy - h / 2) * height, w * width, h * height]
        return Instance(number, category, {}, bbox_covered=box)
    xs, ys = [x * width for x in values[::2]], [y * height for y in values[1::2]]
    box = [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)]
    flat = [side for point in zip(xs, ys) for side in point]
    mask = polygons.encode([flat], width, height) if reading.masks else None
    return Instance(number, category, {}, mask, bbox_covered=box)
