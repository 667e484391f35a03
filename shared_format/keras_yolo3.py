"""The annotation text of qqwweee/keras-yolo3: ``path x1,y1,x2,y2,class x1,y1,x2,y2,class ...``.

Absolute integer pixels, x2 and y2 exclusive; a bare path is a picture without objects. Paths may hold
spaces: the boxes are the trailing words that look like boxes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from .errors import FormatError
from .record import Frame

_BOX = re.compile(r"-?\d+(?:\.\d+)?(?:,-?\d+(?:\.\d+)?){3},\d+")


def lines(frames: Iterable[Frame], classes: Sequence[str] = ("person",), boxes: str = "covered") -> Iterable[str]:
    """One line a frame, without newline; the path is the picture's, relative to the dataset folder.

    ``boxes`` is the box policy, the visible box where it is absent; instances marked ``ignore`` are left
    out, for the text has no place to say that they count neither way.
    """
    for frame in frames:
        words = [frame.file]
        for instance in frame.instances:
            box = instance.box(boxes) or instance.bbox_visible
            if box is not None and instance.category in classes and not instance.ignore:
                words.append(format_box(box, classes.index(instance.category)))
        yield " ".join(words)


def format_box(box: Sequence[float], class_index: int) -> str:
    """``[x, y, w, h]`` -> ``x1,y1,x2,y2,class``, rounded outwards to whole pixels."""
    x, y, width, height = box
    return f"{math.floor(x)},{math.floor(y)},{math.ceil(x + width)},{math.ceil(y + height)},{class_index}"


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
        if x2 <= x1 or y2 <= y1:
            raise FormatError(f"{where}: box {word} has no area; expected x1,y1,x2,y2,class with x2 > x1, y2 > y1")
        boxes.append(([x1, y1, x2 - x1, y2 - y1], int(class_index)))
    path = " ".join(words)
    if not path or _BOX.fullmatch(path):
        raise FormatError(f"{where}: no picture path in {line.strip()[:80]!r}")
    return path, boxes[::-1]
