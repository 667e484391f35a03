"""Reads data with YOLO text labels in every usual layout.

- Ultralytics: ``data.yaml``, ``images/train/a.jpg``, ``labels/train/a.txt``; Roboflow's ``../train/images``
- without ``data.yaml``: ``images/`` and ``labels/`` (Label Studio), or labels beside the images (labelImg), with a list
  of class names
- darknet and CVAT's "YOLO 1.1": ``obj.data``, ``train.txt``; a list of images alone

No label file or an empty one: nothing in the image. Class names of a split's folder are those of the description above.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple, Optional

from shared_format.errors import FormatError
from shared_format.record import Instance
from shared_format.record_types import is_box

from . import darknet_lists, data_yaml, files, yolo_labels
from .class_names import names_in
from .data_yaml import DataYaml, KeypointLayout
from .finding_ids import FindingId
from .label_set import (
    SPLIT,
    LabelledImage,
    LabelSet,
    Reading,
    converted_frame,
    converted_set,
    image_ids,
    known_split,
)
from .yolo_labels import LabelLine

_LEVELS_UP = 2  # levels above a split's images in which its description is searched
_YAML_SUFFIXES = (".yaml", ".yml")


class Description(NamedTuple):
    """What a folder or one above it states about its labels: class names, and which key points the lines have."""

    names: tuple[str, ...] = ()
    keypoints: Optional[KeypointLayout] = None

    @property
    def is_something(self) -> bool:
        """Whether anything is stated."""
        return bool(self.names) or self.keypoints is not None


@dataclass(frozen=True)
class _ImageLayout:
    """Where the images are: each with the splits that name it; ``folders`` are those taken whole."""

    root: Path
    description: Description
    images: dict[Path, list[str]] = field(default_factory=dict[Path, list[str]])
    folders: list[Path] = field(default_factory=list[Path])

    def add(self, images: Iterable[Path], split: Optional[str]) -> None:
        """Add images of a split."""
        for image in images:
            splits = self.images.setdefault(image, [])
            if split is not None and split not in splits:
                splits.append(split)


def is_folder(folder: Path) -> bool:
    """Whether the folder holds YOLO labels: a description of them, or an image with a label text of numbers."""
    if data_yaml.data_file(folder) or darknet_lists.data_file(folder):
        return True
    if (folder / "images").is_dir() and (folder / "labels").is_dir():
        return True
    return any(_has_label(image) for image in _some_images(folder)) or bool(darknet_lists.split_lists(folder))


def read(path: Path, reading: Reading) -> LabelSet:
    """Read a ``data.yaml``, ``obj.data``, list of images, or the folder that holds one or images and labels alone.

    An image's split becomes its attribute ``split``. The boxes become covered boxes, which is what people annotate.

    Raises:
        FormatError: not such data, or, unless ``reading.problem`` takes note, an unusable label or image.
    """
    layout = _layout(path, reading)
    if not layout.images:
        raise files.no_images(path)
    keypoints = layout.description.keypoints
    lines = {image: yolo_labels.read_label(image, reading) for image in layout.images}
    every_line = [line for found in lines.values() for line in found]
    yolo_labels.refuse_unknown_layout(every_line, keypoints, path)
    names = reading.class_names(layout.description.names, {line.label for line in every_line}, path)
    _report_unused_labels(layout, reading)
    images: list[LabelledImage] = []
    for index, (image, splits) in zip(image_ids(list(layout.images)), layout.images.items()):
        labelled = _labelled(layout.root, index, image, splits, reading, _Objects(lines[image], names, keypoints))
        if labelled is not None:
            images.append(labelled)
    labels = converted_set("yolo", path, names, images)
    return labels if keypoints is None else replace(labels, skeleton=keypoints.skeleton)


def describe(folder: Path) -> Description:
    """The class names and key points that a folder or one above it states.

    Raises:
        FormatError: a description in the folder itself cannot be read.
    """
    for place in (folder, folder / "labels"):
        stated = _described_by(place)
        if stated.is_something:
            return stated
    above = Path(os.path.abspath(folder))
    for place in list(above.parents)[:_LEVELS_UP]:
        try:
            stated = _described_by(place)
        except FormatError:
            continue  # an unrelated file of that name
        if stated.is_something:
            return stated
    return Description()


def _described_by(folder: Path) -> Description:
    given = data_yaml.data_file(folder)
    if given is not None:
        return _description_of(given, data_yaml.read(given))
    darknet = darknet_lists.data_file(folder)
    names = darknet_lists.read_data_file(darknet).names if darknet is not None else ()
    return Description(names or names_in(folder))


def _description_of(file: Path, data: DataYaml) -> Description:
    """What a ``data.yaml`` states; a list of names beside it counts where it has none."""
    return Description(data.names or names_in(file.parent), data.keypoints)


def _layout(path: Path, reading: Reading) -> _ImageLayout:
    if path.is_file():
        if path.suffix.lower() in _YAML_SUFFIXES:
            return _of_data_yaml(path, reading)
        if path.suffix.lower() == darknet_lists.DATA_SUFFIX:
            return _of_darknet(path)
        layout = _ImageLayout(path.parent, describe(path.parent))
        layout.add(darknet_lists.listed_images(path, path.parent), known_split(path.stem))
        return layout
    given = data_yaml.data_file(path)
    if given is not None:
        return _of_data_yaml(given, reading)
    darknet = darknet_lists.data_file(path)
    if darknet is not None:
        return _of_darknet(darknet)
    lists = darknet_lists.split_lists(path)
    if lists:
        layout = _ImageLayout(path, describe(path))
        for split, listed in lists.items():
            layout.add(darknet_lists.listed_images(listed, path), split)
        return layout
    return _of_folder(path)


def _of_folder(path: Path) -> _ImageLayout:
    """Images in ``images/``, or anywhere below the folder; sub-folders may be named by splits."""
    place = path / "images" if (path / "images").is_dir() else path
    layout = _ImageLayout(path, describe(path), folders=[place])
    for image in files.images_below(place):
        folders = image.relative_to(place).parts[:-1]
        layout.add([image], known_split(folders[0]) if folders else None)
    return layout


def _of_darknet(path: Path) -> _ImageLayout:
    data = darknet_lists.read_data_file(path)
    description = Description(data.names) if data.names else describe(path.parent)
    layout = _ImageLayout(path.parent, description)
    for split, listed in data.lists.items():
        layout.add(darknet_lists.listed_images(listed, path.parent), split)
    return layout


def _of_data_yaml(path: Path, reading: Reading) -> _ImageLayout:
    data = data_yaml.read(path)
    layout = _ImageLayout(_root(path, data), _description_of(path, data))
    missing: list[str] = []
    for split, places in data.splits.items():
        for place in places:
            found = _find_place(layout.root, path.parent, place)
            if found is None:
                missing.append(f"{split}: {place}")
            elif found.is_dir():
                layout.folders.append(found)
                layout.add(files.images_below(found), split)
            else:
                layout.add(darknet_lists.listed_images(found, layout.root), split)
    if missing and (not layout.images or any(row.startswith("train:") for row in missing)):
        raise FormatError(f"{path}: no folder or list of images {missing[0]!r} in {layout.root}")
    for row in missing:
        reading.notice(FindingId.MISSING_SPLIT, f"{path}: no folder or list of images {row!r}; it is left out")
    return layout


def _root(given: Path, data: DataYaml) -> Path:
    """The folder that the places start at: as stated where that is there, else the file's own."""
    if data.path is not None:
        for stated in (given.parent / data.path, Path(data.path)):
            if files.is_folder(stated):
                return stated
    return given.parent


def _find_place(root: Path, folder: Path, place: str) -> Optional[Path]:
    """A split's folder or list of images, as stated, or by the end of its path below the data's folder."""
    plain = place.replace("\\", "/")
    # Roboflow writes ../train/images for a folder beside data.yaml.
    candidates = [root / place, root / plain, *([root / plain[3:]] if plain.startswith("../") else [])]
    for candidate in candidates:
        if files.is_folder(candidate) or (files.is_file(candidate) and candidate.suffix.lower() == ".txt"):
            return candidate
    return files.find_by_tail(folder, plain) if Path(plain).is_absolute() or plain[1:2] == ":" else None


def _some_images(folder: Path) -> Iterator[Path]:
    """The images directly in a folder and in its ``images/``."""
    for place in (folder, folder / "images"):
        if place.is_dir():
            yield from files.images_in(place)


def _has_label(image: Path) -> bool:
    try:
        label = yolo_labels.find_label(image)
        return label is not None and yolo_labels.looks_like_label(label)
    except FormatError:
        return True


def _report_unused_labels(layout: _ImageLayout, reading: Reading) -> None:
    """Report label texts without an image in folders that are read whole: it is lost, or has an unknown suffix."""
    images = [image for image in layout.images if any(folder in image.parents for folder in layout.folders)]
    used = {path.with_suffix("") for image in images for path in (yolo_labels.label_path(image), image)}
    for folder in sorted({path.parent for path in used}):
        for path in files.entries(folder):
            if (
                path.suffix.lower() == ".txt"
                and path.with_suffix("") not in used
                and yolo_labels.looks_like_label(path)
            ):
                reading.notice(FindingId.MISSING_IMAGE, f"{path}: a label without an image; it is left out")


class _Objects(NamedTuple):
    """The label lines of an image, the class names, and which key points lines have."""

    lines: tuple[LabelLine, ...]
    names: tuple[str, ...]
    keypoints: Optional[KeypointLayout]


def _labelled(
    root: Path, index: int, image: Path, splits: list[str], reading: Reading, objects: _Objects
) -> Optional[LabelledImage]:
    label = str(yolo_labels.label_path(image))
    if not files.is_file(image):
        reading.problem(FindingId.MISSING_IMAGE, f"{root}: no image {image}")
        return None
    size = reading.size_of(image)
    if size is None:
        return None
    instances = list(_instances(objects, size, reading))
    name = os.path.relpath(image, root)
    file = image.name if name.startswith("..") else Path(name).as_posix()
    attributes: dict[str, object] = {SPLIT: splits[0]} if splits else {}
    frame = converted_frame(index, file, size, instances, attributes)
    return LabelledImage(frame, image, label, further_splits=tuple(splits[1:]))


def _instances(objects: _Objects, size: tuple[int, int], reading: Reading) -> Iterator[Instance]:
    number = 0
    for line in objects.lines:
        if line.label >= len(objects.names):
            known = ", ".join(objects.names)
            message = f"{line.where}: class {line.label}, but the classes are {known} (0..{len(objects.names) - 1})"
            reading.problem(FindingId.UNKNOWN_CLASS, f"{message}; name them all in data.yaml, or with --classes")
            continue
        try:
            category = objects.names[line.label]
            instance = yolo_labels.instance_of(line, number + 1, category, size, objects.keypoints, reading.masks)
            if not is_box(instance.bbox_covered):
                raise FormatError(
                    f"{line.where}: the box becomes {instance.bbox_covered} pixels, too large for an image"
                )
        except yolo_labels.NotAFraction as error:
            reading.problem(FindingId.BOX_OUTSIDE_IMAGE, str(error))
            continue
        except FormatError as error:
            reading.problem(FindingId.MALFORMED_LABEL, str(error))
            continue
        number += 1
        yield instance
