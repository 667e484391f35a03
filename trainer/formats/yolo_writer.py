"""Writes Ultralytics-style YOLO folders: ``data.yaml``, ``images/train/a.jpg``, ``labels/train/a.txt``.

A label line is ``class cx cy w h``: centre and size as fractions of the image's width and height, here with nine
decimals, so that a box comes back within a thousandth of a pixel. Instances marked ``ignore`` are left out, because
the text cannot express that they count neither way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from shared_format import atomic
from shared_format.policy import boxes_inside
from shared_format.record import Frame

from . import data_yaml
from .data_yaml import DATA_FILE, DataYaml
from .label_set import SPLIT, TRAIN, known_split
from .yolo_labels import label_path


def split_of(frame: Frame) -> str:
    """The split an image goes to: its ``split`` attribute's, ``train`` where that is no usual name of a split."""
    return known_split(str(frame.attributes.get(SPLIT))) or TRAIN


def format_line(box: Sequence[float], label: int, size: tuple[int, int]) -> str:
    """``[x, y, w, h]`` pixels inside an image of ``size`` (width, height) -> ``class cx cy w h``."""
    x, y, w, h = box
    fractions = ((x + w / 2) / size[0], (y + h / 2) / size[1], w / size[0], h / size[1])
    return " ".join([str(label), *(f"{fraction:.9f}".rstrip("0").rstrip(".") for fraction in fractions)])


def write(folder: Path, frames: Iterable[Frame], classes: Sequence[str], boxes: str) -> None:
    """Write ``labels/`` and ``data.yaml`` for images that lie at ``images/<split>/...`` (``frame.file``).

    Raises:
        FormatError: a record without the asked box.
    """
    splits: set[str] = set()
    for frame in frames:
        splits.add(split_of(frame))
        size = (frame.width, frame.height)
        lines = [
            format_line(box, classes.index(instance.category), size) + "\n"
            for instance, box in boxes_inside(frame, classes, boxes)
            if not instance.ignore
        ]
        path = folder / label_path(Path(frame.file))
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(path, "".join(lines).encode())
    places = {name: (f"images/{name}",) for name in data_yaml.SPLITS if name in splits}
    atomic.write_bytes(folder / DATA_FILE, data_yaml.dump(DataYaml(tuple(classes), places)).encode())
