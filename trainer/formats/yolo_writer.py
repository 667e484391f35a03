"""Writes Ultralytics-style YOLO folders: ``data.yaml``, ``images/train/a.jpg``, ``labels/train/a.txt``.

A label file holds one kind of label (see ``yolo_labels``): boxes, boxes with key points, or outlines of masks. Numbers
have so many decimals that they come back within a thousandth of a pixel. Instances marked ``ignore`` are left out,
because the text cannot express that they count neither way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from shared_format import atomic, masks
from shared_format.keypoints import NOT_IN_IMAGE
from shared_format.policy import boxes_inside
from shared_format.record import Box, Frame, Instance

from ..progress import note
from . import data_yaml
from .data_yaml import DATA_FILE, DataYaml, KeypointLayout
from .label_set import SPLIT, TRAIN, known_split
from .outlines import joined
from .skeletons import COCO_SKELETON, Skeleton
from .yolo_labels import label_path

BOXES, KEYPOINTS, MASKS = LABELS = ("boxes", "keypoints", "masks")  # what a label file holds
_DECIMALS = 9
_OUTLINE_DECIMALS = 7  # an outline has hundreds of numbers

Size = tuple[int, int]  # width and height of an image in pixels


def split_of(frame: Frame) -> str:
    """The split an image goes to: its ``split`` attribute's, ``train`` where that is no usual name of a split."""
    return known_split(str(frame.attributes.get(SPLIT))) or TRAIN


def format_line(box: Sequence[float], label: int, size: Size) -> str:
    """``[x, y, w, h]`` pixels inside an image of ``size`` -> ``class cx cy w h``."""
    x, y, w, h = box
    return " ".join([str(label), *_fractions([x + w / 2, y + h / 2, w, h], size)])


def write(
    folder: Path,
    frames: Iterable[Frame],
    classes: Sequence[str],
    boxes: str,
    labels: str = BOXES,
    skeleton: Skeleton = COCO_SKELETON,
) -> None:
    """Write ``labels/`` and ``data.yaml`` for images that lie at ``images/<split>/...`` (``frame.file``).

    Key points and masks that a label file cannot hold are reported on standard error.

    Args:
        boxes: the box policy.
        labels: what label files hold, one of ``LABELS``.
        skeleton: what the key points of the records are.

    Raises:
        FormatError: a record without the asked box.
    """
    splits: set[str] = set()
    lines = _Lines(classes, boxes, labels, skeleton)
    for frame in frames:
        splits.add(split_of(frame))
        path = folder / label_path(Path(frame.file))
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(path, "".join(f"{line}\n" for line in lines.of(frame)).encode())
    lines.report()
    places = {name: (f"images/{name}",) for name in data_yaml.SPLITS if name in splits}
    keypoints = KeypointLayout(skeleton, 3) if labels == KEYPOINTS else None
    content = data_yaml.dump(DataYaml(tuple(classes), places, keypoints=keypoints))
    atomic.write_bytes(folder / DATA_FILE, content.encode())


class _Lines:
    """The label lines of images, and what had to be changed or left out."""

    def __init__(self, classes: Sequence[str], boxes: str, labels: str, skeleton: Skeleton) -> None:
        self.classes, self.boxes, self.labels, self.skeleton = classes, boxes, labels, skeleton
        self.outside = 0  # key points
        self.outlines = self.complex = 0  # instances
        self.bridges = self.dropped = 0  # pixels

    def of(self, frame: Frame) -> list[str]:
        """The lines of an image. Raises FormatError: a record without the asked box."""
        size = (frame.width, frame.height)
        lines: list[str] = []
        for instance, box in boxes_inside(frame, self.classes, self.boxes):
            label = self.classes.index(instance.category)
            if instance.ignore:
                continue
            if self.labels == MASKS:
                lines += self._outline(instance, box, label, size)
            elif self.labels == KEYPOINTS:
                lines.append(f"{format_line(box, label, size)} {self._keypoints(instance, size)}")
            else:
                lines.append(format_line(box, label, size))
        return lines

    def report(self) -> None:
        """Say what was changed or left out."""
        if self.outside:
            note(f"{self.outside} key points outside their image are written as not labelled")
        if self.complex:
            note(
                f"{self.complex} of {self.outlines} masks have several parts or holes, and YOLO has one outline for "
                f"each: holes are cut open (no pixel changes), parts are joined by lines ({self.bridges} pixels), and "
                f"parts smaller than such a line are left out ({self.dropped} pixels)"
            )

    def _keypoints(self, instance: Instance, size: Size) -> str:
        """``x y v`` of every key point; an instance without has zeros, for every line needs as many numbers."""
        texts: list[str] = []
        for x, y, v in instance.keypoints or [(0.0, 0.0, NOT_IN_IMAGE)] * len(self.skeleton):
            inside = 0 <= x <= size[0] and 0 <= y <= size[1]
            self.outside += v > 0 and not inside
            texts += [*_fractions([x, y], size), f"{v:g}"] if v > 0 and inside else ["0", "0", "0"]
        return " ".join(texts)

    def _outline(self, instance: Instance, box: Box, label: int, size: Size) -> list[str]:
        """The line of an instance's mask; none where no pixel shows it."""
        if instance.mask is None:
            x, y, w, h = box
            corners = [x, y, x + w, y, x + w, y + h, x, y + h]
            return [" ".join([str(label), *_fractions(corners, size, _OUTLINE_DECIMALS)])]
        found = joined(masks.decode(instance.mask))
        if not found.parts:
            return []
        self.outlines += 1
        self.complex += found.parts > 1 or found.holes > 0
        self.bridges += found.bridges
        self.dropped += found.dropped
        numbers = _fractions(found.outline.ravel().tolist(), size, _OUTLINE_DECIMALS)
        return [" ".join([str(label), *numbers])]


def _fractions(values: Sequence[float], size: Size, decimals: int = _DECIMALS) -> list[str]:
    """Pixels x, y, x, y ... as texts of fractions of the image's width and height."""
    fractions = (value / size[place % 2] for place, value in enumerate(values))
    return [f"{fraction:.{decimals}f}".rstrip("0").rstrip(".") for fraction in fractions]
