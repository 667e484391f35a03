"""The annotation text of qqwweee/keras-yolo3, ``path x1,y1,x2,y2,class x1,y1,x2,y2,class ...``: the writer.

Absolute integer pixels, x2 and y2 exclusive; a bare path is an image without objects.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from .policy import ROUNDING, boxes_inside
from .record import DEFAULT_BOXES, DEFAULT_CLASSES, Frame

ANNOTATION_FILE = "annotations.txt"


def lines(
    frames: Iterable[Frame], classes: Sequence[str] = DEFAULT_CLASSES, boxes: str = DEFAULT_BOXES
) -> Iterator[str]:
    """One line per frame, without newline; the path is the image's, relative to the dataset folder.

    ``boxes`` is the policy of ``policy.boxes_inside``; instances marked ``ignore`` are left out, because the text
    cannot express that they count neither way.
    """
    for frame in frames:
        line = [frame.file]
        for instance, box in boxes_inside(frame, classes, boxes):
            if not instance.ignore:
                line.append(format_box(box, classes.index(instance.category)))
        yield " ".join(line)


def format_box(box: Sequence[float], class_index: int) -> str:
    """``[x, y, w, h]`` -> ``x1,y1,x2,y2,class``, rounded outwards to whole pixels; 1e-6 pixels are ignored."""
    x, y, width, height = box
    low, high = (math.floor(side + ROUNDING) for side in (x, y)), (x + width, y + height)
    return ",".join(map(str, [*low, *(math.ceil(side - ROUNDING) for side in high), class_index]))
