"""The annotation text of qqwweee/keras-yolo3: ``path x1,y1,x2,y2,class x1,y1,x2,y2,class ...``.

Absolute integer pixels, x2 and y2 exclusive; a bare path is an image without objects. Paths may hold
spaces: the boxes are the trailing words that look like boxes. ``classes.txt`` beside it names the classes, one a line.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Optional

from .class_names import CLASSES_FILE, read_class_names
from .dataset import Category
from .errors import FormatError
from .label_set import LabelledImage, LabelSet, Reading, converted_frame, converted_info, image_ids
from .paths import is_file, text_lines
from .policy import ROUNDING, boxes_inside
from .record import DEFAULT_BOXES, DEFAULT_CLASSES, Frame, Instance
from .record_types import is_box

ANNOTATION_FILE = "annotations.txt"

_BOX = re.compile(r"-?\d+(?:\.\d+)?(?:,-?\d+(?:\.\d+)?){3},\d{1,5}")  # more classes than that is a typing error
_NO_BOX = re.compile(r"[-+.\de]*(?:,[-+.\de]*)+", re.IGNORECASE)  # numbers and commas, but not those of a box


def lines(
    frames: Iterable[Frame], classes: Sequence[str] = DEFAULT_CLASSES, boxes: str = DEFAULT_BOXES
) -> Iterable[str]:
    """One line a frame, without newline; the path is the image's, relative to the dataset folder.

    ``boxes`` is the policy of ``policy.boxes_inside``; instances marked ``ignore`` are left out, for the text has no
    place to say that they count neither way.
    """
    for frame in frames:
        words = [frame.file]
        for instance, box in boxes_inside(frame, classes, boxes):
            if not instance.ignore:
                words.append(format_box(box, classes.index(instance.category)))
        yield " ".join(words)


def format_box(box: Sequence[float], class_index: int) -> str:
    """``[x, y, w, h]`` -> ``x1,y1,x2,y2,class``, rounded outwards to whole pixels; a millionth more is none."""
    x, y, width, height = box
    low, high = (math.floor(side + ROUNDING) for side in (x, y)), (x + width, y + height)
    return ",".join(map(str, [*low, *(math.ceil(side - ROUNDING) for side in high), class_index]))


def parse_line(line: str, where: str = "line") -> tuple:
    """A line -> (path, [([x, y, w, h], class_index), ...]).

    Raises:
        FormatError: naming ``where``, when the line has no path or a box without area.
    """
    words = line.strip().split(" ")
    boxes = []
    while len(words) > 1 and (not words[-1] or _BOX.fullmatch(words[-1])):
        word = words.pop()
        if not word:
            continue
        *corners, class_index = word.split(",")
        x1, y1, x2, y2 = map(float, corners)
        if not is_box([x1, y1, x2, y2]) or x2 <= x1 or y2 <= y1:
            raise FormatError(f"{where}: box {word} has no area; expected x1,y1,x2,y2,class with x2 > x1, y2 > y1")
        boxes.append(([x1, y1, x2 - x1, y2 - y1], int(class_index)))
    if len(words) > 1 and _NO_BOX.fullmatch(words[-1]):
        raise FormatError(f"{where}: {words[-1][:60]!r} is no box; expected x1,y1,x2,y2,class")
    path = " ".join(words)
    if not path or _BOX.fullmatch(path):
        raise FormatError(f"{where}: no image path in {line.strip()[:80]!r}")
    return path, boxes[::-1]


def annotation_file(folder: Path) -> Optional[Path]:
    """The text of a folder, ``annotations.txt``, or None."""
    path = folder / ANNOTATION_FILE
    return path if path.is_file() else None


def read(path: Path, reading: Reading) -> LabelSet:
    """Read a ``.txt`` or the folder with ``annotations.txt``; relative paths start at its folder.

    Paths may be absolute: the format's own scripts write them so. The boxes become covered boxes, which is what
    people annotate. Class numbers index ``classes.txt``, else ``reading.names``.

    Raises:
        FormatError: not such a text, or, unless ``reading.problem`` takes note, a line that is not usable.
    """
    path = path / ANNOTATION_FILE if path.is_dir() else path
    found = text_lines(path)
    if not found:
        raise FormatError(f"{path}: an empty file; expected lines `path x1,y1,x2,y2,class ...`")
    parsed = []
    for number, line in enumerate(found, start=1):
        where = f"{path}:{number}"
        try:
            parsed.append((where, *parse_line(line, where)))
        except FormatError as error:
            reading.problem("labels.malformed", str(error))
    names = read_class_names(path.parent / CLASSES_FILE) or reading.names
    highest = max((label for _, _, boxes in parsed for _, label in boxes), default=0)
    names = names or tuple(map(str, range(highest + 1)))
    ids = image_ids([Path(name) for _, name, _ in parsed])
    images = [_image(path, index, row, names, reading) for index, row in zip(ids, parsed)]
    kept = sorted((image for image in images if image is not None), key=lambda image: image.frame.index)
    categories = [Category(number, name) for number, name in enumerate(names, start=1)]
    return LabelSet("keras-yolo3", path, converted_info("keras-yolo3", path, categories), tuple(kept), "covered")


def _image(path: Path, index: int, row: tuple, names: tuple, reading: Reading) -> Optional[LabelledImage]:
    where, name, boxes = row
    image = path.parent / name
    if not is_file(image):
        reading.problem("files.missing_image", f"{where}: no image {image}; is the text of this format?")
        return None
    instances = []
    for box, label in boxes:
        if label >= len(names):
            said = (
                f"{where}: class {label}, but the classes are {', '.join(names)} (0..{len(names) - 1}); "
                "name them all with --classes"
            )
            reading.problem("labels.unknown_class", said)
            continue
        instances.append(Instance(len(instances) + 1, names[label], {}, bbox_covered=box))
    size = reading.size_of(image)
    if size is None:
        return None
    return LabelledImage(converted_frame(index, name, size, instances), image, where)
