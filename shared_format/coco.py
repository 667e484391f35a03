"""COCO JSON: boxes, masks and key points in one file, our own fields kept: the writer.

``image_id`` is the image's index; annotation ids count from 1. Instances marked ``ignore`` become
``iscrowd: 1``, which COCO's evaluation counts neither way. ``area`` is the visible mask's, in pixels. Categories that
have key points name them. Beyond COCO's own fields, an image keeps ``attributes`` and the fields of its record under
their names, an annotation likewise with ``attributes`` and ``instance_id``, and the file has ``info.wardsynth``; only
``spec`` is left out. An instance whose requested box lies outside the image is not in the file.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple, Union

from . import atomic
from .dataset import IMAGES, DatasetInfo
from .errors import FormatError
from .keypoints import EDGES, NAMES
from .masks import Rle
from .policy import chosen_box, instance_area
from .record import DEFAULT_BOXES, Box, Camera, Frame, Instance

ANNOTATION_FILE = "coco.json"

# The fields that COCO defines; the other fields of a record keep their own names.
_IMAGE_PLACES = {"file", "width", "height", "index", "attributes", "instances", "spec"}
_ANNOTATION_PLACES = {"id", "category", "attributes", "mask", "keypoints", "ignore", "area"}
IMAGE_EXTRAS = tuple(f.name for f in fields(Frame) if f.name not in _IMAGE_PLACES)
ANNOTATION_EXTRAS = tuple(f.name for f in fields(Instance) if f.name not in _ANNOTATION_PLACES)

JsonObject = dict[str, Any]  # written as JSON; its values are those of a record


def _as_it_is(mask: Rle) -> object:
    return mask


@dataclass(frozen=True)
class CocoStyle:
    """How masks and key points are written.

    Attributes:
        segmentation: a mask -> the value of ``segmentation``; of instances marked ``ignore`` it stays a compressed RLE.
        keypoints: the names of the key points that the records have.
        edges: pairs of them, counted from 0, that a drawing joins.
    """

    segmentation: Callable[[Rle], object] = _as_it_is
    keypoints: tuple[str, ...] = NAMES
    edges: tuple[tuple[int, int], ...] = EDGES


DEFAULT_STYLE = CocoStyle()


class _ImageEntries(NamedTuple):
    """The entry of one image in ``images``, and its entries in ``annotations``."""

    image: JsonObject
    annotations: list[JsonObject]


def coco_dict(
    info: DatasetInfo, frames: Iterable[Frame], boxes: str = DEFAULT_BOXES, style: CocoStyle = DEFAULT_STYLE
) -> JsonObject:
    """Build the COCO dict of ``frames``; ``boxes`` is the policy of ``bbox`` (see ``policy.chosen_box``).

    ``file_name`` is relative to ``images/``, as COCO's tools expect.

    Raises:
        FormatError: a record without the requested box, or of a category ``info`` does not have.
    """
    images: list[JsonObject] = []
    annotations: list[JsonObject] = []
    with_keypoints: set[int] = set()
    for image, annotated in _entries(info, frames, boxes, style):
        images.append(image)
        annotations += annotated
        with_keypoints |= _categories_with_keypoints(annotated)
    return {**_head(info, boxes), "images": images, "annotations": annotations, **_tail(info, with_keypoints, style)}


def write(path: Path, info: DatasetInfo, frames: Iterable[Frame], boxes: str = DEFAULT_BOXES) -> None:
    """Write ``coco_dict`` of ``frames`` to ``path``: the same bytes, one image in memory at a time.

    Raises:
        FormatError: as ``coco_dict``; ``path`` is then unchanged.
    """
    with atomic.writing(path) as target, tempfile.TemporaryFile(dir=path.parent) as annotations:
        target.write(_opened(_head(info, boxes)) + b',"images":[')
        with_keypoints: set[int] = set()
        for number, (image, annotated) in enumerate(_entries(info, frames, boxes, DEFAULT_STYLE)):
            with_keypoints |= _categories_with_keypoints(annotated)
            target.write((b"," if number else b"") + atomic.dump_json(image).rstrip())
            for annotation in annotated:
                first = annotation["id"] == 1
                annotations.write((b"" if first else b",") + atomic.dump_json(annotation).rstrip())
        target.write(b'],"annotations":[')
        annotations.seek(0)
        shutil.copyfileobj(annotations, target)
        target.write(b"]," + atomic.dump_json(_tail(info, with_keypoints, DEFAULT_STYLE))[1:])


def _opened(value: JsonObject) -> bytes:
    """The JSON of an object without its closing brace."""
    return atomic.dump_json(value).rstrip()[:-1]


def _head(info: DatasetInfo, boxes: str) -> JsonObject:
    about = {"description": info.name, "version": "1", "wardsynth": {**info.to_json(), "boxes": boxes}}
    return {"info": about, "licenses": []}


def _tail(info: DatasetInfo, with_keypoints: Collection[int], style: CocoStyle) -> JsonObject:
    categories: list[JsonObject] = []
    for category in info.categories:
        person = category.name == "person"
        value: JsonObject = {
            "id": category.id,
            "name": category.name,
            "supercategory": "person" if person else "object",
        }
        if person or category.id in with_keypoints:
            value["keypoints"] = list(style.keypoints)
            value["skeleton"] = [[first + 1, second + 1] for first, second in style.edges]
        categories.append(value)
    return {"categories": categories}


def _categories_with_keypoints(annotations: Iterable[JsonObject]) -> set[int]:
    return {annotation["category_id"] for annotation in annotations if "keypoints" in annotation}


def _entries(info: DatasetInfo, frames: Iterable[Frame], boxes: str, style: CocoStyle) -> Iterator[_ImageEntries]:
    """For each frame its entry in ``images`` and those in ``annotations``."""
    category_ids = {category.name: category.id for category in info.categories}
    count = 0
    for frame in frames:
        image = {
            "id": frame.index,
            "file_name": frame.file.removeprefix(f"{IMAGES}/"),
            "width": frame.width,
            "height": frame.height,
            "attributes": frame.attributes,
            **_extras(frame, IMAGE_EXTRAS),
        }
        annotations: list[JsonObject] = []
        for instance in frame.instances:
            box = chosen_box(instance, boxes, frame.file)
            if box is not None:
                if instance.category not in category_ids:
                    raise FormatError(f"{frame.file}: category {instance.category!r} is not in dataset.json")
                count += 1
                annotation = _annotation(instance, box, category_ids[instance.category], style)
                annotations.append({"id": count, "image_id": frame.index, **annotation})
        yield _ImageEntries(image, annotations)


def _annotation(instance: Instance, box: Box, category_id: int, style: CocoStyle) -> JsonObject:
    value: JsonObject = {
        "category_id": category_id,
        "bbox": box,
        "area": instance_area(instance, box),
        "iscrowd": int(instance.ignore),
        "attributes": instance.attributes,
        "instance_id": instance.id,
    }
    if instance.mask is not None:
        value["segmentation"] = instance.mask if instance.ignore else style.segmentation(instance.mask)
    if instance.keypoints is not None:
        value["keypoints"] = [number for point in instance.keypoints for number in point]
        value["num_keypoints"] = sum(point[2] > 0 for point in instance.keypoints)
    return {**value, **_extras(instance, ANNOTATION_EXTRAS)}


def _extras(value: Union[Frame, Instance], names: Sequence[str]) -> JsonObject:
    found: JsonObject = {name: getattr(value, name) for name in names if getattr(value, name) is not None}
    if isinstance(found.get("camera"), Camera):
        found["camera"] = asdict(found["camera"])
    return found
