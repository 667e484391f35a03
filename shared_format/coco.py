"""COCO JSON: boxes, masks and key points in one file, written and read, our own fields kept.

``image_id`` is the image's index; annotation ids count from 1. Instances marked ``ignore`` become
``iscrowd: 1``, which COCO's evaluation counts neither way. ``area`` is the visible mask's, in pixels. Of what COCO
has no place for, an image keeps ``attributes`` and the fields of its record under their own names, an annotation
``attributes``, ``instance_id`` and likewise, the file ``info.wardsynth``; only ``spec`` stays behind. An instance
that is nowhere in the image by the asked box is not in the file.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from pathlib import Path, PurePosixPath
from typing import Any, Optional

from . import atomic, masks, polygons
from .dataset import IMAGES, Category, DatasetInfo, info_from_json, read_json
from .errors import FormatError
from .keypoints import LIMBS, NAMES
from .label_set import LabelledImage, LabelSet, Reading, converted_frame, converted_info
from .paths import image_inside, is_file
from .policy import chosen_box, instance_area
from .record import BOX_POLICIES, DEFAULT_BOXES, Camera, Frame, Instance, camera_from_json
from .record_types import check_frame, check_instance, is_box, is_number, is_size

ANNOTATION_FILE = "coco.json"

# What COCO has a place for; the other fields of a record travel under their own names.
_IMAGE_PLACES = {"file", "width", "height", "index", "attributes", "instances", "spec"}
_ANNOTATION_PLACES = {"id", "category", "attributes", "mask", "keypoints", "ignore", "area"}
_IMAGE_EXTRAS = tuple(f.name for f in fields(Frame) if f.name not in _IMAGE_PLACES)
_ANNOTATION_EXTRAS = tuple(f.name for f in fields(Instance) if f.name not in _ANNOTATION_PLACES)
_IMAGE_KEYS = {"id", "file_name", "width", "height", "attributes", "coco_url", "flickr_url", "date_captured"}
_ANNOTATION_KEYS = {
    *("id", "image_id", "category_id", "bbox", "segmentation", "area", "iscrowd"),
    *("attributes", "keypoints", "num_keypoints", "instance_id"),
}


def coco_dict(info: DatasetInfo, frames: Iterable[Frame], boxes: str = DEFAULT_BOXES) -> dict:
    """Build the COCO dict of ``frames``; ``boxes`` is the policy of ``bbox`` (see ``policy.chosen_box``).

    ``file_name`` is relative to ``images/``, as COCO's tools expect.

    Raises:
        FormatError: a record without the asked box, or of a category ``info`` does not have.
    """
    images, annotations = [], []
    for image, found in _entries(info, frames, boxes):
        images.append(image)
        annotations += found
    return {**_head(info, boxes), "images": images, "annotations": annotations, **_tail(info)}


def write(path: Path, info: DatasetInfo, frames: Iterable[Frame], boxes: str = DEFAULT_BOXES) -> None:
    """Write ``coco_dict`` of ``frames`` to ``path``: the same bytes, one image in memory at a time.

    Raises:
        FormatError: as ``coco_dict``; nothing is at ``path`` then that was not there before.
    """
    with atomic.writing(path) as target, tempfile.TemporaryFile(dir=path.parent) as annotations:
        target.write(_opened(_head(info, boxes)) + b',"images":[')
        for number, (image, found) in enumerate(_entries(info, frames, boxes)):
            target.write((b"," if number else b"") + atomic.dump_json(image).rstrip())
            for annotation in found:
                first = annotation["id"] == 1
                annotations.write((b"" if first else b",") + atomic.dump_json(annotation).rstrip())
        target.write(b'],"annotations":[')
        annotations.seek(0)
        shutil.copyfileobj(annotations, target)
        target.write(b"]," + atomic.dump_json(_tail(info))[1:])


def _opened(value: dict) -> bytes:
    """The JSON of an object without its closing brace."""
    return atomic.dump_json(value).rstrip()[:-1]


def _head(info: DatasetInfo, boxes: str) -> dict:
    about = {"description": info.name, "version": "1", "wardsynth": {**info.to_json(), "boxes": boxes}}
    return {"info": about, "licenses": []}


def _tail(info: DatasetInfo) -> dict:
    return {"categories": [_category(category.id, category.name) for category in info.categories]}


def _entries(info: DatasetInfo, frames: Iterable[Frame], boxes: str) -> Iterator[tuple]:
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
            **_extras(frame, _IMAGE_EXTRAS),
        }
        annotations = []
        for instance in frame.instances:
            box = chosen_box(instance, boxes, frame.file)
            if box is not None:
                if instance.category not in category_ids:
                    raise FormatError(f"{frame.file}: category {instance.category!r} is not in dataset.json")
                count += 1
                annotation = _annotation(instance, box, category_ids[instance.category])
                annotations.append({"id": count, "image_id": frame.index, **annotation})
        yield image, annotations


def _annotation(instance: Instance, box: list, category_id: int) -> dict:
    value = {
        "category_id": category_id,
        "bbox": box,
        "area": instance_area(instance, box),
        "iscrowd": int(instance.ignore),
        "attributes": instance.attributes,
        "instance_id": instance.id,
    }
    if instance.mask is not None:
        value["segmentation"] = instance.mask
    if instance.keypoints is not None:
        value["keypoints"] = [number for point in instance.keypoints for number in point]
        value["num_keypoints"] = sum(point[2] > 0 for point in instance.keypoints)
    return {**value, **_extras(instance, _ANNOTATION_EXTRAS)}


def _extras(value: Any, names: Sequence) -> dict:
    found = {name: getattr(value, name) for name in names if getattr(value, name) is not None}
    if isinstance(found.get("camera"), Camera):
        found["camera"] = asdict(found["camera"])
    return found


def _category(category_id: int, name: str) -> dict:
    value = {"id": category_id, "name": name, "supercategory": "person" if name == "person" else "object"}
    if name == "person":
        value["keypoints"] = list(NAMES)
        value["skeleton"] = [[NAMES.index(a) + 1, NAMES.index(b) + 1] for a, b in LIMBS]
    return value


def annotation_file(folder: Path) -> Optional[Path]:
    """The COCO JSON of a folder: ``coco.json``, or the only ``.json`` in it, or None."""
    if (folder / ANNOTATION_FILE).is_file():
        return folder / ANNOTATION_FILE
    found = sorted(folder.glob("*.json"))
    return found[0] if len(found) == 1 else None


def read(path: Path, reading: Reading) -> LabelSet:
    """Read a COCO JSON, or the folder that holds one: ours with all it holds, or a stranger's.

    Images lie in ``images/`` beside the file, or beside it, in sub-folders or not. Polygons become masks.
    A stranger's ``bbox`` becomes the covered box, which is what people annotate; further plain values of an image or
    annotation become attributes.

    Raises:
        FormatError: not COCO, or, unless ``reading.problem`` takes note, an unusable image or annotation.
    """
    if path.is_dir():
        path = annotation_file(path) or path / ANNOTATION_FILE
    value = read_json(path)
    if not isinstance(value, dict) or not all(
        isinstance(value.get(key), list) for key in ("images", "annotations", "categories")
    ):
        raise FormatError(f"{path}: not a COCO file: it needs the lists images, annotations and categories")
    if not value["images"]:
        raise FormatError(f"{path}: lists no images")
    return _Reader(path, value, reading).label_set()


class _Reader:
    """One file while it is read."""

    def __init__(self, path: Path, value: dict, reading: Reading) -> None:
        self.path, self.value, self.reading = path, value, reading
        about = value.get("info")
        ours = about.get("wardsynth") if isinstance(about, dict) else None
        self.ours = ours if isinstance(ours, dict) and ours.get("boxes") in BOX_POLICIES else None
        self.policy = self.ours["boxes"] if self.ours else "covered"

    def label_set(self) -> LabelSet:
        """The whole file."""
        self.categories = self._categories()
        annotations = self._annotations_by_image()
        images = [image for image in self.value["images"] if self._check_image(image)]
        numbered = all(isinstance(i["id"], int) and not isinstance(i["id"], bool) and i["id"] >= 0 for i in images)
        if numbered:
            images.sort(key=lambda image: image["id"])
        kept = []
        for number, image in enumerate(images, start=1):
            # Frames are numbered; ids that are no numbers have none to give.
            index = image["id"] if numbered else number
            labelled = self._guarded(f"image {image['file_name']!r}", self._image, image, index, annotations)
            if labelled is not None:
                kept.append(labelled)
        return LabelSet("coco", self.path, self._info(), tuple(kept), self.policy)

    def _categories(self) -> dict:
        try:
            found = {category["id"]: category["name"] for category in self.value["categories"]}
        except (KeyError, TypeError) as error:
            raise FormatError(f"{self.path}: categories: missing or malformed field {error}") from error
        if not all(isinstance(name, str) for name in found.values()):
            raise FormatError(f"{self.path}: categories: names must be text")
        return found

    def _info(self) -> DatasetInfo:
        if self.ours:
            return info_from_json(self.ours, f"{self.path}: info.wardsynth")
        by_name = {name: number for number, name in self.categories.items()}
        plain = all(isinstance(number, int) and number >= 1 for number in by_name.values())
        categories = [
            Category(number if plain else position, name) for position, (name, number) in enumerate(by_name.items(), 1)
        ]
        return converted_info("coco", self.path, categories, self._licences())

    def _licences(self) -> list:
        found = []
        listed = self.value.get("licenses")
        for licence in listed if isinstance(listed, list) else []:
            if isinstance(licence, dict):
                asset = f"images of licence {licence.get('id')}"
                found.append(_licence(asset, licence.get("name"), licence.get("url")))
        about = self.value.get("info")
        if isinstance(about, dict) and isinstance(about.get("license"), str):
            found.append(_licence("the dataset", about["license"], about.get("source") or about.get("url")))
        return found

    def _annotations_by_image(self) -> dict:
        rows: dict = {}
        for image in self.value["images"]:
            number = image.get("id") if isinstance(image, dict) else None
            if not isinstance(number, (int, str)):
                continue  # _check_image says so
            if number in rows:
                raise FormatError(f"{self.path}: two images share an id: {number!r}")
            rows[number] = []
        for position, annotation in enumerate(self.value["annotations"]):
            name = annotation.get("id", position) if isinstance(annotation, dict) else position
            self._guarded(f"annotation {name}", self._sort_in, annotation, rows)
        return rows

    def _sort_in(self, annotation: dict, rows: dict) -> None:
        image_id = annotation["image_id"]
        if image_id not in rows:
            said = (
                f"{self.path}: annotation {annotation.get('id')} is of image {image_id!r}, which images does not list"
            )
            self.reading.problem("labels.malformed", said)
            return
        rows[image_id].append(annotation)

    def _check_image(self, image: Any) -> bool:
        for key, kind in (("id", (int, str)), ("file_name", str)):
            if not isinstance(image, dict) or not isinstance(image.get(key), kind):
                said = f"{self.path}: images: missing or malformed field {key!r} in {str(image)[:60]}"
                self.reading.problem("labels.malformed", said)
                return False
        return True

    def _guarded(self, name: str, function: Callable, *arguments: Any) -> Any:
        """What ``function`` returns, or None after its problem was reported."""
        try:
            return function(*arguments)
        except (KeyError, TypeError, AttributeError) as error:
            said = f"{self.path}: {name}: missing or malformed field {error}"
            self.reading.problem("labels.malformed", said)
        return None

    def _image(self, image: dict, index: int, annotations: dict) -> Optional[LabelledImage]:
        name = image["file_name"]
        candidates = [image_inside(self.path.parent, str(Path(folder) / name)) for folder in (IMAGES, ".")]
        path = next((candidate for candidate in candidates if is_file(candidate)), None)
        if path is None:
            said = f"{self.path}: image {name} is neither in {candidates[0].parent} nor beside the file"
            self.reading.problem("files.missing_image", said)
            return None
        stated = (image.get("width"), image.get("height"))
        size = stated if is_size(*stated) else self.reading.size_of(path)
        if size is None:
            return None
        where = f"{self.path}: image {name}"
        instances: list = []
        for annotation in annotations[image["id"]]:
            self._guarded(f"annotation {annotation.get('id')}", self._add_instance, annotation, size, instances)
        try:
            frame = self._frame(image, index, size, instances)
            check_frame({key: value for key, value in vars(frame).items() if value is not None}, where)
        except FormatError as error:
            self.reading.problem("labels.malformed", str(error))
            return None
        return LabelledImage(frame, path, where)

    def _frame(self, image: dict, index: int, size: tuple, instances: list) -> Frame:
        file = f"{IMAGES}/{PurePosixPath(image['file_name'])}"
        attributes = dict(image["attributes"]) if isinstance(image.get("attributes"), dict) else {}
        if not self.ours:
            attributes = {**_plain(image, _IMAGE_KEYS), **attributes}
            return converted_frame(index, file, size, instances, attributes)
        extras = {name: image.get(name) for name in _IMAGE_EXTRAS}
        if extras["camera"] is not None:
            extras["camera"] = camera_from_json(extras["camera"], f"{self.path}: image {image['file_name']}: camera")
        return Frame(
            **extras,
            file=file,
            width=size[0],
            height=size[1],
            index=index,
            attributes=attributes,
            spec={},
            instances=tuple(instances),
        )

    def _add_instance(self, annotation: dict, size: tuple, instances: list) -> None:
        name = f"{self.path}: annotation {annotation.get('id')}"
        box, category = annotation["bbox"], self.categories.get(annotation["category_id"])
        if category is None:
            said = f"{name} is of category {annotation['category_id']!r}, which categories does not list"
            self.reading.problem("labels.unknown_class", said)
            return
        if not is_box(box) or box[2] < 0 or box[3] < 0:
            self.reading.problem("labels.malformed", f"{name} has bbox {box}, expected [x, y, width, height]")
            return
        extras = {key: annotation.get(key) for key in _ANNOTATION_EXTRAS} if self.ours else {}
        key = f"bbox_{self.policy}"
        if extras.get(key) is not None or box != extras.get("bbox_visible"):
            extras[key] = list(box)
        attributes = dict(annotation["attributes"]) if isinstance(annotation.get("attributes"), dict) else {}
        if not self.ours:
            attributes = {**_plain(annotation, _ANNOTATION_KEYS), **attributes}
        mask = self._mask(name, annotation.get("segmentation"), size) if self.reading.masks else None
        instance = Instance(
            id=annotation["instance_id"] if self.ours else len(instances) + 1,
            category=category,
            attributes=attributes,
            mask=mask,
            keypoints=_keypoints(annotation, extras),
            ignore=bool(annotation.get("iscrowd", 0)),
            area=self._area(name, annotation.get("area"), mask),
            **extras,
        )
        try:
            check_instance({key: value for key, value in vars(instance).items() if value is not None}, name)
        except FormatError as error:
            self.reading.problem("labels.malformed", str(error))
            return
        instances.append(instance)

    def _mask(self, name: str, segmentation: Any, size: tuple) -> Optional[dict]:
        width, height = size
        if not segmentation:
            return None
        try:
            if isinstance(segmentation, list):
                return polygons.encode(segmentation, width, height)
            if list(segmentation["size"]) != [height, width]:
                raise FormatError(f"mask of size {segmentation['size']}, the image has {[height, width]}")
            counts = segmentation["counts"]
            if isinstance(counts, list):
                return masks.from_counts(counts, [height, width])
            masks.area(segmentation)
            return {"size": [height, width], "counts": counts}
        except (FormatError, KeyError, TypeError) as error:
            self.reading.problem("labels.mask", f"{name}: {error}")
        return None

    def _area(self, name: str, area: Any, mask: Optional[dict]) -> Optional[float]:
        if area is None or (self.ours and mask is not None and area == masks.area(mask)):
            return None
        if not is_number(area) or area < 0:
            self.reading.problem("labels.malformed", f"{name} has area {area!r}, expected pixels")
            return None
        return float(area)


def _keypoints(annotation: dict, extras: dict) -> Optional[list]:
    """COCO's 17, or None where they were not annotated or the skeleton is another."""
    flat = annotation.get("keypoints")
    if not isinstance(flat, list) or len(flat) != 3 * len(NAMES):
        return None
    rows = [flat[start : start + 3] for start in range(0, len(flat), 3)]
    annotated = any(row[2] for row in rows) or extras.get("occluded_by") is not None
    return rows if annotated else None


def _plain(value: dict, known: set) -> dict:
    """The further entries of a stranger that an attribute can hold."""
    return {key: item for key, item in value.items() if key not in known and isinstance(item, (str, int, float, bool))}


def _licence(asset: str, name: Any, source: Any) -> dict:
    return {"asset": asset, "licence": str(name or "not stated"), "source": str(source or "not stated")}
