"""Reads the annotation text of qqwweee/keras-yolo3: ``path x1,y1,x2,y2,class x1,y1,x2,y2,class ...``.

Also Roboflow's ``_annotations.txt`` with ``_classes.txt``. Relative paths start at the text's folder; they may be
absolute, as the format's own scripts write them. Lines of the same image are one image.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple, Optional

from shared_format import dataset
from shared_format.errors import FormatError
from shared_format.keras_yolo3 import ANNOTATION_FILE
from shared_format.record import DEFAULT_CLASSES, Instance
from shared_format.record_types import is_box

from .class_names import names_in
from .files import is_file, text_lines
from .finding_ids import FindingId
from .label_set import LabelledImage, LabelSet, Reading, converted_frame, converted_set, image_ids

_TEXTS = (ANNOTATION_FILE, "_annotations.txt")
_BOX = re.compile(r"-?\d+(?:\.\d+)?(?:,-?\d+(?:\.\d+)?){3},\d{1,5}")  # a larger class number must be a typing error
_NO_BOX = re.compile(r"[-+.\de]*(?:,[-+.\de]*)+", re.IGNORECASE)  # numbers and commas that do not form a box


class NumberedBox(NamedTuple):
    """``[x, y, width, height]`` in pixels, and the class's number."""

    box: list[float]
    label: int


class AnnotationLine(NamedTuple):
    """The image's path as written, and its boxes."""

    path: str
    boxes: list[NumberedBox]


def parse_line(line: str, where: str = "line") -> AnnotationLine:
    """Parse one line, separated by spaces or tabs; paths may hold spaces: the trailing words that look like boxes are.

    Raises:
        FormatError: naming ``where``, when the line has no path or a box without area.
    """
    words = line.strip().replace("\t", " ").split(" ")
    boxes: list[NumberedBox] = []
    while len(words) > 1 and (not words[-1] or _BOX.fullmatch(words[-1])):
        word = words.pop()
        if not word:
            continue
        *corners, class_index = word.split(",")
        x1, y1, x2, y2 = map(float, corners)
        if not is_box([x1, y1, x2, y2]) or x2 <= x1 or y2 <= y1:
            raise FormatError(f"{where}: box {word} has no area; expected x1,y1,x2,y2,class with x2 > x1, y2 > y1")
        boxes.append(NumberedBox([x1, y1, x2 - x1, y2 - y1], int(class_index)))
    if len(words) > 1 and _NO_BOX.fullmatch(words[-1]):
        raise FormatError(f"{where}: {words[-1][:60]!r} is not a box; expected x1,y1,x2,y2,class")
    path = " ".join(words)
    if not path or _BOX.fullmatch(path):
        raise FormatError(f"{where}: no image path in {line.strip()[:80]!r}")
    return AnnotationLine(path, boxes[::-1])


def annotation_file(folder: Path) -> Optional[Path]:
    """The text of a folder, ``annotations.txt`` or Roboflow's ``_annotations.txt``, or None."""
    return next((folder / name for name in _TEXTS if (folder / name).is_file()), None)


def read(path: Path, reading: Reading) -> LabelSet:
    """Read a ``.txt`` or the folder with ``annotations.txt``.

    The boxes become covered boxes, which is what people annotate. Class numbers index the list of names beside it.

    Raises:
        FormatError: not such a text, or, unless ``reading.problem`` takes note, a line that is not usable.
    """
    path = annotation_file(path) or path / ANNOTATION_FILE if path.is_dir() else path
    lines = text_lines(path)
    if not lines:
        raise FormatError(f"{path}: the file is empty; expected lines `path x1,y1,x2,y2,class ...`")
    rows = _rows(path, lines, reading)
    numbers = {box.label for _, line in rows.values() for box in line.boxes}
    names = reading.class_names(_stated_names(path), numbers, path)
    ids = image_ids([Path(line.path) for _, line in rows.values()])
    images = (_image(image, index, row, names, reading) for index, (image, row) in zip(ids, rows.items()))
    return converted_set("keras-yolo3", path, names, [image for image in images if image is not None])


def _stated_names(path: Path) -> tuple[str, ...]:
    """The names beside the text; our own folders hold their people as class 0."""
    ours = dataset.is_dataset(path.parent) and path.name == ANNOTATION_FILE
    return names_in(path.parent) or (DEFAULT_CLASSES if ours else ())


def _rows(path: Path, lines: list[str], reading: Reading) -> dict[Path, tuple[str, AnnotationLine]]:
    """Image -> where its first line is, and all its boxes."""
    rows: dict[Path, tuple[str, AnnotationLine]] = {}
    for number, text in enumerate(lines, start=1):
        where = f"{path}:{number}"
        try:
            line = parse_line(text, where)
        except FormatError as error:
            reading.problem(FindingId.MALFORMED_LABEL, str(error))
            continue
        image = path.parent / line.path
        if not is_file(image) and "\\" in line.path:
            image = path.parent / line.path.replace("\\", "/")
        if image in rows:
            first, same = rows[image]
            rows[image] = (
                first,
                AnnotationLine(same.path, [*same.boxes, *(box for box in line.boxes if box not in same.boxes)]),
            )
            reading.notice(
                FindingId.DUPLICATE_BOX, f"{where}: more boxes of the image of {first}; they are put together"
            )
        else:
            rows[image] = (where, line)
    return rows


def _image(
    image: Path, index: int, row: tuple[str, AnnotationLine], names: tuple[str, ...], reading: Reading
) -> Optional[LabelledImage]:
    where, line = row
    if not is_file(image):
        reading.problem(FindingId.MISSING_IMAGE, f"{where}: no image {image}; is the file in keras-yolo3 format?")
        return None
    instances: list[Instance] = []
    for box, label in line.boxes:
        if label >= len(names):
            message = f"{where}: class {label}, but the classes are {', '.join(names)} (0..{len(names) - 1})"
            reading.problem(FindingId.UNKNOWN_CLASS, f"{message}; name them all in classes.txt, or with --classes")
            continue
        instances.append(Instance(len(instances) + 1, names[label], {}, bbox_covered=box))
    size = reading.size_of(image)
    if size is None:
        return None
    return LabelledImage(converted_frame(index, line.path, size, instances), image, where)
