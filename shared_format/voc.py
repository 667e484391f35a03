"""Pascal VOC: ``Annotations/a.xml``, ``JPEGImages/a.jpg``, ``ImageSets/Main/train.txt``.

Pixels count from 1 and a box includes its last one: the box [x, y, w, h] is xmin = x + 1, ymin = y + 1,
xmax = x + w, ymax = y + h. Whole numbers are written as such; others keep their decimals. ``difficult`` is ``ignore``;
``truncated`` where part of the body is outside the image; ``occluded`` where more than 5 % of it is hidden (the
guideline of the challenge). Attributes are written below each object as CVAT does. An image's split is the
list in ``ImageSets/Main`` that names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Optional
from xml.etree import ElementTree

from . import atomic
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
from .paths import image_inside, is_file, text_lines
from .policy import boxes_inside
from .record import Frame, Instance
from .record_types import is_box, is_size

ANNOTATIONS, IMAGES, LISTS = "Annotations", "JPEGImages", "ImageSets/Main"

_FLAGS = ("truncated", "occluded", "pose")  # entries of VOC that a record keeps as attributes
_HIDDEN = 0.05


class _NoDoctype(ElementTree.TreeBuilder):
    """Refuses a document type: entities that expand without end begin there, and VOC has none."""

    def doctype(self, name: str, public: Optional[str], system: Optional[str]) -> None:
        """Called by the parser when it meets a DOCTYPE."""
        raise FormatError("has a DOCTYPE, which is refused")


def write(folder: Path, name: str, frames: Iterable[Frame], classes: Sequence[str], boxes: str) -> None:
    """Write ``Annotations/`` and ``ImageSets/Main/`` for images that lie at ``JPEGImages/name`` (``frame.file``).

    ``name`` is the dataset's. Images without a split are listed in ``default.txt``.

    Raises:
        FormatError: a record without the asked box, or text that XML cannot hold.
    """
    splits: dict = {}
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


def _add_object(root: ElementTree.Element, instance: Instance, box: list) -> None:
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
    attributes = {key: value for key, value in instance.attributes.items() if key not in _FLAGS}
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


def _add(parent: ElementTree.Element, tag: str, value: Any = None) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, tag)
    if value is not None:
        text = str(value)
        if any(ord(character) < 32 and character not in "\t\n" for character in text):
            raise FormatError(f"{tag} {text!r} holds a control character, which XML cannot")
        element.text = text
    return element


def annotation_files(folder: Path) -> list:
    """The XML files of a folder: in ``Annotations/``, else directly in it; by name."""
    inside = folder / ANNOTATIONS
    return sorted(inside.rglob("*.xml") if inside.is_dir() else folder.glob("*.xml"))


def is_folder(folder: Path) -> bool:
    """Whether the folder holds VOC annotations: its first XML is one."""
    files = annotation_files(folder)
    if not files or (folder / ANNOTATIONS).is_dir():
        return bool(files)
    try:
        return parse(files[0]).tag == "annotation"
    except FormatError:
        return False


def parse(path: Path) -> ElementTree.Element:
    """The root of an XML file. Raises FormatError: not XML, or a DOCTYPE."""
    parser = ElementTree.XMLParser(target=_NoDoctype())
    try:
        return ElementTree.parse(path, parser).getroot()
    except FormatError as error:
        raise FormatError(f"{path}: {error}") from error
    except (OSError, ElementTree.ParseError, ValueError, LookupError) as error:
        raise FormatError(f"{path}: cannot be read as XML: {error}") from error


def read(folder: Path, reading: Reading) -> LabelSet:
    """Read a VOC folder; its classes are those met, by name, the numbers of the images their stems' (``image_ids``).

    Raises:
        FormatError: no annotations, or, unless ``reading.problem`` takes note, an unusable one.
    """
    files = annotation_files(folder)
    if not files:
        raise FormatError(f"{folder}: no {ANNOTATIONS}/*.xml")
    splits = _splits(folder)
    found = []
    for index, path in zip(image_ids(files), files):
        try:
            labelled = _read_one(folder, path, index, splits.get(path.stem), reading)
        except FormatError as error:
            reading.problem("files.unreadable_record", str(error))
            continue
        if labelled is not None:
            found.append(labelled)
    names = sorted({instance.category for labelled in found for instance in labelled.frame.instances})
    categories = [Category(number, name) for number, name in enumerate(names or ["person"], start=1)]
    found.sort(key=lambda labelled: labelled.frame.index)
    return LabelSet("voc", folder, converted_info("voc", folder, categories), tuple(found), "covered")


def _splits(folder: Path) -> dict:
    """Stem -> the split that names it first; ``trainval`` says nothing of its own."""
    found: dict = {}
    for name in ("train", "val", "test"):
        path = folder / LISTS / f"{name}.txt"
        if path.is_file():
            for line in text_lines(path):
                found.setdefault(line.split()[0], name)
    return found


def _read_one(folder: Path, path: Path, index: int, split: Optional[str], reading: Reading) -> Optional[LabelledImage]:
    root = parse(path)
    if root.tag != "annotation":
        raise FormatError(f"{path}: <{root.tag}>, expected <annotation>")
    name = (root.findtext("filename") or "").strip()
    image = _image(folder, path, name)
    if image is None:
        reading.problem("files.missing_image", f"{path}: no image {name!r} in {IMAGES}/, images/ or beside it")
        return None
    size = _size(root) or reading.size_of(image)
    if size is None:
        return None
    instances: list = []
    for item in root.findall("object"):
        _add_instance(item, path, instances, reading)
    attributes = {SPLIT: split} if split else {}
    frame = converted_frame(index, f"images/{image.name}", size, instances, attributes)
    return LabelledImage(frame, image, str(path))


def _image(folder: Path, path: Path, name: str) -> Optional[Path]:
    """The image as named, or with the annotation's own stem, in the usual places; None where there is none."""
    names = [*([name] if name else []), *(path.stem + suffix for suffix in IMAGE_SUFFIXES)]
    for place in (folder / IMAGES, folder / "images", path.parent, folder):
        for candidate in (image_inside(place, one) for one in names):
            if is_file(candidate):
                return candidate
    return None


def _size(root: ElementTree.Element) -> Optional[tuple]:
    try:
        size = (int(root.findtext("size/width", "")), int(root.findtext("size/height", "")))
    except ValueError:
        return None
    return size if is_size(*size) else None


def _add_instance(item: ElementTree.Element, path: Path, instances: list, reading: Reading) -> None:
    name = (item.findtext("name") or "").strip()
    try:
        corners = [float(item.findtext(f"bndbox/{tag}", "")) for tag in ("xmin", "ymin", "xmax", "ymax")]
    except ValueError:
        corners = []
    if not name or not is_box(corners):
        reading.problem("labels.malformed", f"{path}: object {len(instances) + 1} needs name and bndbox/xmin..ymax")
        return
    x1, y1, x2, y2 = corners[0] - 1, corners[1] - 1, corners[2], corners[3]
    if x2 < x1 or y2 < y1:
        said = f"{path}: object {len(instances) + 1} has box {corners}, expected xmin <= xmax, ymin <= ymax"
        reading.problem("labels.malformed", said)
        return
    attributes = {tag: item.findtext(tag).strip() for tag in _FLAGS if (item.findtext(tag) or "").strip()}
    if attributes.get("pose") == "Unspecified":
        del attributes["pose"]
    for attribute in item.findall("attributes/attribute"):
        if attribute.findtext("name"):
            attributes[attribute.findtext("name")] = attribute.findtext("value") or ""
    difficult = (item.findtext("difficult") or "0").strip() not in ("0", "")
    box = [x1, y1, x2 - x1, y2 - y1]
    instances.append(Instance(len(instances) + 1, name, attributes, bbox_covered=box, ignore=difficult))
