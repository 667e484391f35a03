"""Reads CVAT's own XML, "CVAT for images 1.1": ``annotations.xml`` beside ``images/``.

Boxes, polygons, masks, ellipses, skeletons and points become objects; those of one group and label are one object where
the group has at most one box and one set of points. Attributes of each, and ``occluded``, become the object's. An
object is ignored where a checkbox ``difficult`` or ``is_crowd`` says so, as in CVAT's exports as Pascal VOC and COCO.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple, Optional
from xml.etree import ElementTree

from shared_format import masks
from shared_format.errors import FormatError
from shared_format.record import DEFAULT_BOXES, Instance
from shared_format.record_types import is_size

from . import cvat_shapes, polygons
from .cvat_shapes import BOX, KEYPOINT_SHAPES, NO_GROUP, NOT_PLACED, SHAPES, SKELETON, Shape
from .files import entries, find_inside, images_below, is_file
from .finding_ids import FindingId
from .label_set import (
    LARGEST_ID,
    SPLIT,
    LabelledImage,
    LabelSet,
    Reading,
    converted_frame,
    converted_info,
    known_split,
    numbered_categories,
)
from .skeletons import COCO_SKELETON, KeypointRows, Skeleton, named_skeleton, numbered_names
from .xml_files import parse, root_tag

ANNOTATION_FILE, IMAGES = "annotations.xml", "images"
ROOT = "annotations"
_FOLDER = "annotations"  # where some people put the file, beside images/
_IGNORED_BY = ("difficult", "is_crowd")
_CHOICES = ("select", "radio")  # inputs of an attribute whose values are listed
_NOT_LABELS = ("tag",)  # types of labels that no object has


def annotation_files(folder: Path) -> list[Path]:
    """The CVAT files of a folder or of ``annotations/``: ``annotations.xml``, or all XML files if the first is one."""
    for place in (folder, folder / _FOLDER):
        listed = [path for path in entries(place) if path.suffix.lower() == ".xml"]
        named = [path for path in listed if path.name.lower() == ANNOTATION_FILE and is_file(path)]
        if any(root_tag(path) in (ROOT, None) for path in named):  # None: broken, and its reading says how
            return named
        if listed and root_tag(listed[0]) == ROOT:
            return [path for path in listed if root_tag(path) == ROOT]
    return []


def is_folder(folder: Path) -> bool:
    """Whether the folder holds a CVAT file."""
    return bool(annotation_files(folder))


def read(path: Path, reading: Reading) -> LabelSet:
    """Read a CVAT file, or the folder that holds one.

    The images' ids are the file's where no two are the same, as in an export of several tasks, else they count from 1.

    Raises:
        FormatError: not such a file, or, unless ``reading.problem`` takes note, an unusable image or shape.
    """
    if path.is_dir():
        found = annotation_files(path)
        if len(found) > 1:
            raise FormatError(f"{path}: several CVAT files, {', '.join(file.name for file in found)}; name one of them")
        path = found[0] if found else path / ANNOTATION_FILE
    root = parse(path)
    if root.tag != ROOT:
        raise FormatError(f"{path}: <{root.tag}>, expected CVAT's <{ROOT}>")
    if root.find("track") is not None:
        raise FormatError(
            f'{path}: has tracks, as "CVAT for video" exports them; export as "CVAT for images", which has the shapes '
            "of every frame"
        )
    if root.find("image") is None:
        raise FormatError(f"{path}: lists no images")
    return _CvatReader(path, root, reading).label_set()


@dataclass(frozen=True)
class _Meta:
    """What the file says of all images.

    Attributes:
        labels: the classes, in their order.
        joints: label of a skeleton -> the names of its points.
        vocabulary: attribute -> its values, where they are listed.
        split: that of all images.
    """

    labels: tuple[str, ...]
    joints: dict[str, list[str]]
    vocabulary: dict[str, list[str]]
    split: Optional[str]


def _read_meta(root: ElementTree.Element) -> _Meta:
    labels: list[str] = []
    joints: dict[str, list[str]] = {}
    vocabulary: dict[str, list[str]] = {}
    for label in root.iterfind("meta//label"):
        name, parent = (label.findtext("name") or "").strip(), (label.findtext("parent") or "").strip()
        if parent:
            joints.setdefault(parent, []).append(name)
        elif name and name not in labels and label.findtext("type") not in _NOT_LABELS:
            labels.append(name)
        for attribute in label.iterfind("attributes/attribute"):
            if attribute.findtext("input_type") in _CHOICES:
                values = vocabulary.setdefault((attribute.findtext("name") or "").strip(), [])
                listed = map(str.strip, (attribute.findtext("values") or "").splitlines())
                values += [value for value in listed if value and value not in values]
    return _Meta(tuple(labels), joints, vocabulary, known_split(root.findtext("meta/task/subset") or ""))


class _Object(NamedTuple):
    """The shapes that are one object, the labels of its key points in their order, and what these are."""

    shapes: list[Shape]
    joints: tuple[str, ...]
    skeleton: Optional[Skeleton]


@dataclass
class _Image:
    """An image of the file: its element, its file, its (width, height) and its objects."""

    element: ElementTree.Element
    path: Path
    size: tuple[int, int]
    where: str
    objects: list[_Object] = field(default_factory=list[_Object])


class _CvatReader:
    """One file while it is read."""

    def __init__(self, path: Path, root: ElementTree.Element, reading: Reading) -> None:
        self.path, self.root, self.reading = path, root, reading
        self.meta = _read_meta(root)
        beside = path.parent
        self.folders = [beside, beside.parent] if beside.name == _FOLDER else [beside]
        self._by_stem: Optional[dict[str, list[Path]]] = None

    def label_set(self) -> LabelSet:
        """The whole file."""
        images = [image for element in self.root.iterfind("image") if (image := self._image(element)) is not None]
        used = Counter(one.skeleton for image in images for one in image.objects if one.skeleton is not None)
        declared = [_skeleton(tuple(names)) for names in self.meta.joints.values()]
        skeleton = used.most_common(1)[0][0] if used else next(iter(declared), None)
        ids = [int(number) if (number := image.element.get("id", "")).isdecimal() else -1 for image in images]
        unique = len(set(ids)) == len(ids) and all(0 <= number < LARGEST_ID for number in ids)
        labelled = [
            self._labelled(image, ids[place] if unique else place + 1, skeleton) for place, image in enumerate(images)
        ]
        labelled.sort(key=lambda one: one.frame.index)
        met = {instance.category for one in labelled for instance in one.frame.instances}
        info = converted_info("cvat", self.path, numbered_categories(self.meta.labels or sorted(met)))
        info = replace(info, attributes=dict(self.meta.vocabulary))
        return LabelSet("cvat", self.path, info, tuple(labelled), DEFAULT_BOXES, skeleton=skeleton)

    def _image(self, element: ElementTree.Element) -> Optional[_Image]:
        """An image with its objects; None after its problem was reported."""
        name = element.get("name", "")
        path = self._find(name, element.get("subset") or "") if name else None
        if path is None:
            places = f"{IMAGES}/ or beside the file"
            message = f"{self.path}: no image {name!r} in {places}; CVAT exports the images if you ask for them"
            self.reading.problem(FindingId.MISSING_IMAGE, message)
            return None
        size = _stated_size(element) or self.reading.size_of(path)
        if size is None:
            return None
        image = _Image(element, path, size, f"{self.path}: image {name}")
        image.objects += self._objects(list(self._shapes(image)))
        return image

    def _find(self, name: str, subset: str) -> Optional[Path]:
        """The image of that name, in the folder of its subset or not; frames of videos have no suffix."""
        names = [f"{subset}/{name}", name] if subset else [name]
        for one in names:
            found = find_inside((place for folder in self.folders for place in (folder / IMAGES, folder)), one)
            if found is not None:
                return found
        if self._by_stem is None:
            self._by_stem = {}
            for place in (folder / IMAGES for folder in self.folders):
                for image in images_below(place):
                    inner = image.relative_to(place).with_suffix("").as_posix()
                    self._by_stem.setdefault(inner, []).append(image)
        for one in names:
            same = self._by_stem.get(one, [])
            if len(same) == 1:
                return same[0]
        return None

    def _shapes(self, image: _Image) -> Iterator[Shape]:
        """The usable shapes of an image; the others are reported."""
        for place, element in enumerate(image.element, start=1):
            where = f"{image.where}: <{element.tag}> {place}"
            if element.tag not in SHAPES:
                what = f"{where} has no box; it is left out"
                self.reading.notice(FindingId.SHAPE_WITHOUT_BOX, what)
                continue
            try:
                shape = cvat_shapes.read_shape(element)
            except FormatError as error:
                self.reading.problem(FindingId.MALFORMED_LABEL, f"{where} {error}")
                continue
            if self.meta.labels and shape.label not in self.meta.labels:
                known = ", ".join(self.meta.labels)
                message = f"{where} is a {shape.label!r}, but the labels of the file are {known}"
                self.reading.problem(FindingId.UNKNOWN_CLASS, message)
                continue
            if shape.rotated:
                message = f"{where} is rotated; the upright box around it is used"
                self.reading.notice(FindingId.ROTATED_BOX, message)
            yield shape

    def _objects(self, shapes: Sequence[Shape]) -> Iterator[_Object]:
        """The shapes that belong together, in the order of their first ones."""
        groups: dict[tuple[str, str], list[Shape]] = {}
        for place, shape in enumerate(shapes):
            alone = f"shape {place}"
            groups.setdefault((alone if shape.group == NO_GROUP else shape.group, shape.label), []).append(shape)
        for group in groups.values():
            kinds = Counter("points" if shape.kind in KEYPOINT_SHAPES else shape.kind for shape in group)
            one_object = kinds[BOX] <= 1 and kinds["points"] <= 1
            for parts in [group] if one_object else [[shape] for shape in group]:
                joints = self._joints(parts)
                yield _Object(parts, joints, _skeleton(joints))

    def _joints(self, shapes: Sequence[Shape]) -> tuple[str, ...]:
        """The labels of the key points of an object, in the order of the file's labels."""
        placed = [name for shape in shapes for name in shape.keypoints]
        declared = self.meta.joints.get(shapes[0].label, []) if any(one.kind == SKELETON for one in shapes) else []
        return tuple(dict.fromkeys((*declared, *placed)))

    def _labelled(self, image: _Image, index: int, skeleton: Optional[Skeleton]) -> LabelledImage:
        instances: list[Instance] = []
        for one in image.objects:
            instance = self._instance(one, image, len(instances) + 1, skeleton)
            if instance is not None:
                instances.append(instance)
        split = known_split(image.element.get("subset") or "") or self.meta.split
        attributes: dict[str, object] = {} if split is None else {SPLIT: split}
        file = PurePosixPath(image.element.get("name", "").replace("\\", "/"))
        name = file if file.suffix == image.path.suffix else f"{file}{image.path.suffix}"
        frame = converted_frame(index, f"{IMAGES}/{name}", image.size, instances, attributes)
        return LabelledImage(frame, image.path, image.where)

    def _instance(self, one: _Object, image: _Image, number: int, skeleton: Optional[Skeleton]) -> Optional[Instance]:
        """An object of an image; None after it was reported that no shape of it has a box."""
        first = min(map(_rank, one.shapes))
        boxes = [shape.box for shape in one.shapes if _rank(shape) == first and shape.box is not None]
        label = one.shapes[0].label
        if not boxes:
            message = f"{image.where}: the points of a {label} have no extent; it is left out"
            self.reading.notice(FindingId.SHAPE_WITHOUT_BOX, message)
            return None
        attributes: dict[str, object] = {}
        for shape in sorted(one.shapes, key=_rank, reverse=True):
            attributes |= shape.attributes
        return Instance(
            number,
            label,
            attributes,
            mask=self._mask(one, image) if self.reading.masks else None,
            bbox_covered=cvat_shapes.joined_box(boxes),
            keypoints=self._rows(one, image, skeleton),
            ignore=any(attributes.get(name) is True for name in _IGNORED_BY),
        )

    def _mask(self, one: _Object, image: _Image) -> Optional[masks.Rle]:
        """The pixels of all outlines and masks of an object; None where it has none, or they cannot be drawn."""
        width, height = image.size
        outlines = [shape.outline for shape in one.shapes if shape.outline is not None]
        runs = [shape.runs for shape in one.shapes if shape.runs is not None]
        if not outlines and not runs:
            return None
        try:
            drawn = polygons.fill(outlines, width, height)
            for part in runs:
                drawn |= cvat_shapes.draw_runs(part, width, height)
        except FormatError as error:
            message = f"{image.where}: a {one.shapes[0].label}: {error}; its mask is left out"
            self.reading.notice(FindingId.MASK, message)
            return None
        return masks.encode(drawn)

    def _rows(self, one: _Object, image: _Image, skeleton: Optional[Skeleton]) -> Optional[KeypointRows]:
        """The rows [x, y, v] of an object's key points, of ``skeleton``; None where it has none or others."""
        if one.skeleton is None or skeleton is None:
            return None
        if one.skeleton != skeleton:
            message = (
                f"{image.where}: a {one.shapes[0].label} has {len(one.skeleton)} other key points than most objects; "
                "they are left out"
            )
            self.reading.notice(FindingId.MALFORMED_KEYPOINT, message)
            return None
        placed = next(shape.keypoints for shape in one.shapes if shape.kind in KEYPOINT_SHAPES)
        rows = [list(placed.get(name, NOT_PLACED)) for name in one.joints]
        return rows if any(v for _, _, v in rows) else None


def _rank(shape: Shape) -> int:
    """Which shape of an object says what its box is: a box, else its outlines and masks, else its points."""
    return 0 if shape.kind == BOX else 2 if shape.kind in KEYPOINT_SHAPES else 1


def _skeleton(joints: tuple[str, ...]) -> Optional[Skeleton]:
    """What key points of these labels are; 17 numbered ones are COCO's."""
    if not joints:
        return None
    return COCO_SKELETON if joints == numbered_names(len(COCO_SKELETON)) else named_skeleton(joints)


def _stated_size(element: ElementTree.Element) -> Optional[tuple[int, int]]:
    try:
        size = int(element.get("width", "")), int(element.get("height", ""))
    except ValueError:
        return None
    return size if is_size(*size) else None
