"""Writes Pascal VOC: ``Annotations/a.xml``, ``JPEGImages/a.jpg``, ``ImageSets/Main/train.txt``.

Pixels count from 1 and a box includes its last one: the box [x, y, w, h] is xmin = x + 1, ymin = y + 1,
xmax = x + w, ymax = y + h. Whole numbers are written as such; others keep their decimals. ``difficult`` is ``ignore``;
``truncated`` where part of the body is outside the image; ``occluded`` where more than 5 % of it is hidden (the
guideline of the challenge). Attributes are written below each object as CVAT does. An image's split is the
list in ``ImageSets/Main`` that names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Optional
from xml.etree import ElementTree

from shared_format import atomic
from shared_format.errors import FormatError
from shared_format.policy import boxes_inside
from shared_format.record import Frame, Instance

from .label_set import SPLIT

ANNOTATIONS, IMAGES, LISTS = "Annotations", "JPEGImages", "ImageSets/Main"
OBJECT_FLAGS = ("truncated", "occluded", "pose")  # entries of VOC that a record keeps as attributes
_HIDDEN = 0.05


def write(folder: Path, name: str, frames: Iterable[Frame], classes: Sequence[str], boxes: str) -> None:
    """Write ``Annotations/`` and ``ImageSets/Main/`` for images that lie at ``JPEGImages/name`` (``frame.file``).

    ``name`` is the dataset's. Images without a split are listed in ``default.txt``.

    Raises:
        FormatError: a record without the asked box, or text that XML cannot hold.
    """
    splits: dict[str, list[str]] = {}
    for frame in frames:
        stem = Path(frame.file).stem
        splits.setdefault(str(frame.attributes.get(SPLIT, "default")), []).append(stem)
        path = folder / ANNOTATIONS / f"{stem}.xml"
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(path, document(name, frame, classes, boxes))
    for split, stems in splits.items():
        path = folder / LISTS / f"{split}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(path, "".join(f"{stem}\n" for stem in stems).encode())


def document(name: str, frame: Frame, classes: Sequence[str], boxes: str) -> bytes:
    """The XML of one image. Raises FormatError as ``write``."""
    root = ElementTree.Element("annotation")
    _add(root, "folder", IMAGES)
    _add(root, "filename", Path(frame.file).name)
    _add(_add(root, "source"), "database", name)
    size = _add(root, "size")
    for tag, value in (("width", frame.width), ("height", frame.height), ("depth", 3)):
        _add(size, tag, value)
    _add(root, "segmented", 0)
    for instance, box in boxes_inside(frame, classes, boxes):
        _add_object(root, instance, box)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _add_object(root: ElementTree.Element, instance: Instance, box: Sequence[float]) -> None:
    x, y, w, h = box
    item = _add(root, "object")
    _add(item, "name", instance.category)
    _add(item, "pose", instance.attributes.get("pose", "Unspecified"))
    _add(item, "truncated", _flag(instance, "truncated", instance.in_frame_fraction, 0.0))
    _add(item, "difficult", int(instance.ignore))
    _add(item, "occluded", _flag(instance, "occluded", instance.visible_fraction, _HIDDEN))
    corners = _add(item, "bndbox")
    for tag, value in (("xmin", x + 1), ("ymin", y + 1), ("xmax", x + w), ("ymax", y + h)):
        _add(corners, tag, _number(value))
    attributes = {key: value for key, value in instance.attributes.items() if key not in OBJECT_FLAGS}
    if attributes:
        listed = _add(item, "attributes")
        for key, value in attributes.items():
            attribute = _add(listed, "attribute")
            _add(attribute, "name", key)
            _add(attribute, "value", value)


def _flag(instance: Instance, name: str, fraction: Optional[float], allowed: float) -> str:
    if fraction is not None:
        return "1" if fraction < 1.0 - allowed else "0"
    return "1" if str(instance.attributes.get(name)) in ("1", "True") else "0"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.6f}".rstrip("0").rstrip(".")


def _add(parent: ElementTree.Element, tag: str, value: object = None) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, tag)
    if value is not None:
        text = str(value)
        if any(ord(character) < 32 and character not in "\t\n" for character in text):
            raise FormatError(f"{tag} {text!r} holds a control character, which XML cannot")
        element.text = text
    return element
