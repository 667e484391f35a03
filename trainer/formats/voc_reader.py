"""Reads Pascal VOC in every usual layout: ``Annotations/`` and ``JPEGImages/``, ``images/``, or XML beside the images.

An annotation belongs to the image with its own file's stem, as labelImg, CVAT and Roboflow have it; ``<filename>``,
which is often outdated after files were renamed, counts only if there is no such image. Only ``difficult`` 1 or true
makes a box ignored. An image's splits are the lists in ``ImageSets/Main`` that name it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import Optional
from xml.etree import ElementTree

from shared_format.errors import FormatError
from shared_format.record import Instance
from shared_format.record_types import is_box, is_size

from .files import (
    entries,
    image_inside,
    images_below,
    images_in,
    is_companion,
    is_file,
    is_image_name,
    text_lines,
    walk_files,
)
from .finding_ids import FindingId
from .label_set import SPLIT, LabelledImage, LabelSet, Reading, converted_frame, converted_set, image_ids, known_split
from .voc_writer import ANNOTATIONS, IMAGES, LISTS, OBJECT_FLAGS
from .xml_files import parse

_ANNOTATION_FOLDERS = (ANNOTATIONS, "annotations")
_IMAGE_FOLDERS = (IMAGES, "images", "Images")
_TRUE = ("1", "true")
# Entries of an object that have their own field, and LabelMe's about how it was drawn.
_KNOWN_ENTRIES = ("name", "difficult", "bndbox", "attributes", *OBJECT_FLAGS, "id", "date", "deleted", "verified")
_CLASS_MEMBERSHIP = re.compile(r"(?P<stem>.*?\S)\s+(?:-1|0|1)")  # ``a 1`` in lists per class


def annotation_files(folder: Path) -> list[Path]:
    """The XML files of a folder: in ``Annotations/``, else directly in it; by name, without hidden ones."""
    inside = _annotation_folder(folder)
    listed = walk_files(inside) if inside is not None else entries(folder)
    return sorted(path for path in listed if path.suffix.lower() == ".xml" and is_file(path))


def _annotation_folder(folder: Path) -> Optional[Path]:
    """``Annotations/`` where it holds an XML file."""
    for name in _ANNOTATION_FOLDERS:
        place = folder / name
        if place.is_dir() and any(path.suffix.lower() == ".xml" for path in walk_files(place)):
            return place
    return None


def is_folder(folder: Path) -> bool:
    """Whether the folder holds VOC annotations: its first XML is one."""
    files = annotation_files(folder)
    if not files or _annotation_folder(folder) is not None:
        return bool(files)
    try:
        return parse(files[0]).tag == "annotation"
    except FormatError:
        return False


def read(folder: Path, reading: Reading) -> LabelSet:
    """Read a VOC folder; its classes are those met, by name, the numbers of the images their stems' (``image_ids``).

    Raises:
        FormatError: no annotations, or, unless ``reading.problem`` takes note, an unusable one.
    """
    files = annotation_files(folder)
    if not files:
        raise FormatError(f"{folder}: no {ANNOTATIONS}/*.xml")
    reader = _VocReader(folder, _annotation_folder(folder) or folder, reading)
    images: list[LabelledImage] = []
    for index, path in zip(image_ids(files), files):
        try:
            labelled = reader.read(path, index)
        except FormatError as error:
            reading.problem(FindingId.UNREADABLE_RECORD, str(error))
            continue
        if labelled is not None:
            images.append(labelled)
    names = sorted({instance.category for labelled in images for instance in labelled.frame.instances})
    return converted_set("voc", folder, names or ["person"], images)


class _VocReader:
    """One folder while it is read.

    Attributes:
        images: (sub-folder, stem in small letters) -> the image files of that name.
        described: the stems, with their sub-folders, of all annotations.
    """

    def __init__(self, folder: Path, annotations: Path, reading: Reading) -> None:
        self.folder, self.annotations, self.reading = folder, annotations, reading
        self.images: dict[tuple[str, str], list[Path]] = {}
        self.by_stem: dict[str, list[Path]] = {}
        self.places = [folder / name for name in _IMAGE_FOLDERS if (folder / name).is_dir()]
        for place in self.places:
            for image in images_below(place):
                self._add_image(place, image)
        beside = images_below(annotations) if annotations != folder else images_in(folder)
        for image in beside:
            self._add_image(annotations, image)
        if annotations != folder:
            for image in images_in(folder):
                self._add_image(folder, image)
        files = annotation_files(folder)
        self.described = Counter(path.stem.lower() for path in files)
        inner = (path.relative_to(annotations).with_suffix("").as_posix() for path in files)
        self.splits = _splits(folder, {*inner, *(path.stem for path in files)}, reading)

    def _add_image(self, place: Path, image: Path) -> None:
        sub_folder = image.parent.relative_to(place).as_posix()
        for stem in (image.stem, image.name):  # ``a.jpg.xml`` is written too
            self.images.setdefault((sub_folder, stem.lower()), []).append(image)
            self.by_stem.setdefault(stem.lower(), []).append(image)

    def read(self, path: Path, index: int) -> Optional[LabelledImage]:
        """One annotation; None after its problem was reported. Raises FormatError: it is none, or has two images."""
        root = parse(path)
        if root.tag != "annotation":
            raise FormatError(f"{path}: <{root.tag}>, expected <annotation>")
        stated = (root.findtext("filename") or "").strip()
        image = self._image_of(path, stated)
        if image is None:
            places = f"{IMAGES}/, images/ or beside it"
            message = f"{path}: no image called {path.stem}, nor {stated!r}, in {places}"
            self.reading.problem(FindingId.MISSING_IMAGE, message)
            return None
        size = _size(root) or self.reading.size_of(image)
        if size is None:
            return None
        instances = tuple(_instances(root, path, self.reading))
        splits = self._splits_of(path)
        attributes: dict[str, object] = {SPLIT: splits[0]} if splits else {}
        frame = converted_frame(index, f"images/{image.name}", size, instances, attributes)
        return LabelledImage(frame, image, str(path), further_splits=tuple(splits[1:]))

    def _image_of(self, path: Path, stated: str) -> Optional[Path]:
        """The image with the annotation's stem; without one that ``<filename>`` states, if no annotation has its stem.

        Raises:
            FormatError: several images have the stem and ``<filename>`` names none of them, or it points outside.
        """
        sub_folder, stem = path.parent.relative_to(self.annotations).as_posix(), path.stem.lower()
        same = self.images.get((sub_folder, stem)) or self.by_stem.get(stem, [])
        stated_name = PurePosixPath(stated.replace("\\", "/")).name
        if len(same) > 1:
            same = [image for image in same if image.name.lower() == stated_name.lower()] or same
        if len(same) > 1:
            raise FormatError(
                f"{path}: belongs to {same[0]} or to {same[1]}, which have the same stem; keep one, "
                "or name it in <filename>"
            )
        if same:
            return same[0]
        return self._stated_image(path, stated)

    def _stated_image(self, path: Path, stated: str) -> Optional[Path]:
        if not stated or Path(stated).is_absolute() or "\\" in stated:
            return None
        for place in (*self.places, path.parent, self.folder):
            image = image_inside(place, stated)
            if is_file(image) and not is_companion(image.name) and not self.described[image.stem.lower()]:
                return image
        return None

    def _splits_of(self, path: Path) -> list[str]:
        inner = path.relative_to(self.annotations).with_suffix("").as_posix()
        return self.splits.get(inner) or self.splits.get(path.stem) or []


def _splits(folder: Path, stems: Collection[str], reading: Reading) -> dict[str, list[str]]:
    """Stem -> the splits whose lists name it; ``trainval`` is ignored, as it repeats the others.

    A name in a list that no annotation has, of ``stems``, is reported: its image would be of no split.
    """
    splits: dict[str, list[str]] = {}
    for path in entries(folder / LISTS):
        split = known_split(path.stem)
        if split is None or path.suffix.lower() != ".txt":
            continue
        for line in text_lines(path):
            member = _CLASS_MEMBERSHIP.fullmatch(line)
            names = [_listed_stem(name) for name in ((line, member["stem"]) if member else (line,))]
            if not any(name in stems for name in names):
                message = f"{path}: names {line!r}, of which there is no annotation; it is left out"
                reading.notice(FindingId.MISSING_SPLIT, message)
            for name in names:
                named = splits.setdefault(name, [])
                if split not in named:
                    named.append(split)
    return {stem: sorted(named, key=("train", "val", "test").index) for stem, named in splits.items()}


def _listed_stem(name: str) -> str:
    """The stem that a list means: some programs write the image's file, or its path."""
    path = PurePosixPath(name.replace("\\", "/"))
    for place, folder in enumerate(path.parts):
        if folder in _IMAGE_FOLDERS and place + 1 < len(path.parts):
            path = PurePosixPath(*path.parts[place + 1 :])
            break
    return str(path.with_suffix("") if is_image_name(path.name) else path)


def _size(root: ElementTree.Element) -> Optional[tuple[int, int]]:
    try:
        size = (int(root.findtext("size/width", "")), int(root.findtext("size/height", "")))
    except ValueError:
        return None
    return size if is_size(*size) else None


def _instances(root: ElementTree.Element, path: Path, reading: Reading) -> Iterator[Instance]:
    number = 0
    for item in root.findall("object"):
        try:
            instance = _instance(item, number + 1)
        except FormatError as error:
            reading.problem(FindingId.MALFORMED_LABEL, f"{path}: object {number + 1} {error}")
            continue
        number += 1
        yield instance


def _instance(item: ElementTree.Element, number: int) -> Instance:
    """One object. Raises FormatError: no name, or no usable box."""
    name = _text(item, "name")
    try:
        corners = [float(_text(item, f"bndbox/{tag}")) for tag in ("xmin", "ymin", "xmax", "ymax")]
    except ValueError:
        corners = []
    if not name or not is_box(corners):
        raise FormatError("needs name and bndbox/xmin..ymax")
    # Pixels count from 1, and the last one is inside.
    x1, y1, x2, y2 = corners[0] - 1, corners[1] - 1, corners[2], corners[3]
    if x2 < x1 or y2 < y1:
        raise FormatError(f"has box {corners}, expected xmin <= xmax, ymin <= ymax")
    attributes: dict[str, object] = {tag: _text(item, tag) for tag in OBJECT_FLAGS if _text(item, tag)}
    attributes |= {child.tag: text for child in item if (text := _further_entry(child))}
    if attributes.get("pose") == "Unspecified":
        del attributes["pose"]
    for attribute in item.findall("attributes/attribute"):
        key = attribute.findtext("name")
        if key:
            attributes[key] = attribute.findtext("value") or ""
    difficult = _text(item, "difficult").lower() in _TRUE
    return Instance(number, name, attributes, bbox_covered=[x1, y1, x2 - x1, y2 - y1], ignore=difficult)


def _further_entry(child: ElementTree.Element) -> str:
    """The text of an additional entry, such as ``<posture>``; empty if the entry is not one."""
    return "" if len(child) or child.tag in _KNOWN_ENTRIES else (child.text or "").strip()


def _text(item: ElementTree.Element, tag: str) -> str:
    return (item.findtext(tag) or "").strip()
