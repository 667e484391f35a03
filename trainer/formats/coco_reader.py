"""Reads COCO JSON: ours with all it holds, and that of other programs in every usual layout.

Images lie beside the file or in ``images/`` beside it; for a file in ``annotations/``, they lie beside that folder, as
COCO's own ``val2017/`` for ``instances_val2017.json``. The ``bbox`` of other programs becomes the covered box, which is
what people annotate; further plain values of an image or annotation become attributes.
"""

# Values of parsed JSON are of unknown types until they are checked, which is what this module does.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import gc
import os
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, Optional, ParamSpec, TypeVar

from shared_format import masks
from shared_format.coco import ANNOTATION_EXTRAS, ANNOTATION_FILE, IMAGE_EXTRAS
from shared_format.dataset import IMAGES, Category, DatasetInfo, info_from_json, read_json
from shared_format.errors import FormatError
from shared_format.record import BOX_POLICIES, DEFAULT_BOXES, Frame, Instance, camera_from_json
from shared_format.record_types import check_frame, check_instance, is_box, is_number, is_size

from . import polygons
from .coco_keypoints import KeypointReader
from .files import entries, image_inside, images_below, is_file, mentions
from .finding_ids import FindingId
from .label_set import (
    LARGEST_ID,
    LabelledImage,
    LabelSet,
    Reading,
    SourceId,
    converted_frame,
    converted_info,
    known_split,
)

JsonObject = dict[str, Any]  # of a parsed file: its values are checked one by one
_Result = TypeVar("_Result")
_Arguments = ParamSpec("_Arguments")

_LISTS = ("images", "annotations", "categories")
_ANNOTATION_FOLDERS = ("annotations", "Annotations")
_OBJECTS = "instances_"  # COCO's own name for files of boxes and masks, beside those of key points and captions
_IMAGE_KEYS = {"id", "file_name", "width", "height", "attributes", "coco_url", "flickr_url", "date_captured"}
_ANNOTATION_KEYS = {
    *("id", "image_id", "category_id", "bbox", "segmentation", "area", "iscrowd"),
    *("attributes", "keypoints", "num_keypoints", "instance_id"),
}


class AnnotationFile(NamedTuple):
    """A COCO JSON of a folder, and the split that its name says."""

    path: Path
    split: Optional[str]


def annotation_files(folder: Path) -> list[AnnotationFile]:
    """The COCO files of a folder: ``coco.json``, or those directly in it, or those in ``annotations/``.

    Other JSON files, and COCO's own of key points and captions beside those of objects, are passed over.
    """
    if (folder / ANNOTATION_FILE).is_file():
        return [AnnotationFile(folder / ANNOTATION_FILE, None)]
    for place in (folder, *(folder / name for name in _ANNOTATION_FOLDERS)):
        found = [path for path in entries(place) if path.suffix.lower() == ".json" and looks_like_coco(path)]
        objects = [path for path in found if path.name.startswith(_OBJECTS)]
        if found:
            return [AnnotationFile(path, _split_of(path)) for path in objects or found]
    return []


def looks_like_coco(path: Path) -> bool:
    """Whether a file contains the names of COCO's three lists."""
    return mentions(path, _LISTS)


def _split_of(path: Path) -> Optional[str]:
    """The split in a file's name, such as ``instances_val2017.json``."""
    parts = (part.rstrip("0123456789") for part in re.split(r"[^A-Za-z0-9]+", path.stem))
    return next((split for split in map(known_split, parts) if split is not None), None)


def single_annotation_file(folder: Path) -> Path:
    """The one COCO file of a folder. Raises FormatError: there is none, or several."""
    found = annotation_files(folder)
    if len(found) > 1:
        names = ", ".join(file.path.name for file in found)
        raise FormatError(f"{folder}: several COCO files, {names}; name one of them")
    return found[0].path if found else folder / ANNOTATION_FILE


def read(path: Path, reading: Reading) -> LabelSet:
    """Read a COCO JSON, or the folder that holds one.

    Raises:
        FormatError: not COCO, or, unless ``reading.problem`` takes note, an unusable image or annotation.
    """
    if path.is_dir():
        path = single_annotation_file(path)
    with _without_collecting_garbage():
        return _read_file(path, reading)


@contextmanager
def _without_collecting_garbage() -> Generator[None]:
    """Switch garbage collection off: reading creates millions of lasting objects, and it takes a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _read_file(path: Path, reading: Reading) -> LabelSet:
    value = read_json(path)
    if not isinstance(value, dict) or not all(isinstance(value.get(key), list) for key in _LISTS):
        hint = "; a list is Label Studio's own export: export the data as COCO" if isinstance(value, list) else ""
        raise FormatError(f"{path}: not a COCO file: it needs the lists images, annotations and categories{hint}")
    if not value["images"]:
        raise FormatError(f"{path}: lists no images")
    return _CocoReader(path, value, reading).label_set()


class _ImageFinder:
    """Finds the images that a COCO file names."""

    def __init__(self, path: Path) -> None:
        beside = path.parent
        bases = [beside, beside.parent] if beside.name in _ANNOTATION_FOLDERS else [beside]
        subset = path.stem.partition("_")[2] or path.stem  # val2017 of instances_val2017
        inner = ("images", ".", subset, f"images/{subset}")
        self.places = [base / name if name != "." else base for base in bases for name in inner]
        self.places = [place for place in dict.fromkeys(self.places) if place.is_dir()] or [beside]
        self._by_small_name: Optional[dict[str, list[Path]]] = None

    def find(self, name: str) -> Optional[Path]:
        """The file called ``name`` in one of the usual places, ignoring upper and lower case if only one file matches.

        Raises:
            FormatError: a name that leads out of the data.
        """
        for place in self.places:
            path = image_inside(place, name)
            if is_file(path):
                return path
        small = os.path.normpath(name.replace("\\", "/")).lower()
        same = self._small_names().get(small, [])
        return same[0] if len(same) == 1 else None

    def _small_names(self) -> dict[str, list[Path]]:
        """Name below a place, in small letters -> the files; listed once, when a name is not found as it stands."""
        if self._by_small_name is None:
            found: dict[str, dict[Path, None]] = {}
            for place in self.places:
                for image in images_below(place):
                    found.setdefault(image.relative_to(place).as_posix().lower(), {})[image] = None
            self._by_small_name = {name: list(paths) for name, paths in found.items()}
        return self._by_small_name


@dataclass(frozen=True)
class _Categories:
    """Category id of the file -> class name; class name -> the id that most of its annotations have."""

    names: dict[SourceId, str]
    ids: dict[str, SourceId]


class _CocoReader:
    """One file while it is read."""

    def __init__(self, path: Path, value: JsonObject, reading: Reading) -> None:
        self.path, self.value, self.reading = path, value, reading
        self.finder = _ImageFinder(path)
        about = value.get("info")
        ours = about.get("wardsynth") if isinstance(about, dict) else None
        self.ours: Optional[JsonObject] = ours if isinstance(ours, dict) and ours.get("boxes") in BOX_POLICIES else None
        self.policy: str = self.ours["boxes"] if self.ours else DEFAULT_BOXES
        self.categories = self._categories()
        self.keypoints = KeypointReader(path, value["categories"], value["annotations"], reading)

    def label_set(self) -> LabelSet:
        """The whole file."""
        annotations = self._annotations_by_image()
        images = [image for image in self.value["images"] if self._check_image(image)]
        numbered = all(_is_index(image["id"]) for image in images)
        if numbered:
            images.sort(key=lambda image: image["id"])
        kept: list[LabelledImage] = []
        for number, image in enumerate(images, start=1):
            # A record's index must fit into a float; other ids are kept in ``source_id``.
            index = int(image["id"]) if numbered else number
            labelled = self._guarded(f"image {image['file_name']!r}", self._image, image, index, annotations)
            if labelled is not None:
                kept.append(labelled)
        return LabelSet(
            "coco", self.path, self._info(), tuple(kept), self.policy, self.categories.ids, self.keypoints.skeleton
        )

    def _categories(self) -> _Categories:
        try:
            names = {category["id"]: category["name"] for category in self.value["categories"]}
        except (KeyError, TypeError) as error:
            raise FormatError(f"{self.path}: categories: missing or malformed field {error}") from error
        if not all(isinstance(name, str) for name in names.values()):
            raise FormatError(f"{self.path}: categories: names must be text")
        if not all(isinstance(number, (int, float, str)) for number in names):
            raise FormatError(f"{self.path}: categories: ids must be numbers or texts")
        used = Counter(str(row.get("category_id")) for row in self.value["annotations"] if isinstance(row, dict))
        names = {number: name for number, name in names.items() if used[str(number)] or not self._is_heading(name)}
        # Roboflow lists its project under the name of a class, with an id that no annotation has.
        ids = {names[number]: number for number in sorted(names, key=lambda number: used[str(number)])}
        return _Categories(names, {name: ids[name] for name in dict.fromkeys(names.values())})

    def _is_heading(self, name: str) -> bool:
        """Whether a category is only the heading of all others, as Roboflow lists its project."""
        others = [category for category in self.value["categories"] if category["name"] != name]
        return bool(others) and all(category.get("supercategory") == name for category in others)

    def _info(self) -> DatasetInfo:
        if self.ours:
            return info_from_json(self.ours, f"{self.path}: info.wardsynth")
        numbers = {name: number for name, number in self.categories.ids.items() if _is_category_id(number)}
        plain = len(numbers) == len(self.categories.ids)
        categories = [
            Category(int(numbers[name]) if plain else position, name)
            for position, name in enumerate(self.categories.ids, start=1)
        ]
        return converted_info("coco", self.path, categories, self._licences())

    def _licences(self) -> list[dict[str, str]]:
        licences: list[dict[str, str]] = []
        listed = self.value.get("licenses")
        for licence in listed if isinstance(listed, list) else []:
            if isinstance(licence, dict):
                asset = f"images of licence {licence.get('id')}"
                licences.append(_licence(asset, licence.get("name"), licence.get("url")))
        about = self.value.get("info")
        if isinstance(about, dict) and isinstance(about.get("license"), str):
            licences.append(_licence("the dataset", about["license"], about.get("source") or about.get("url")))
        return licences

    def _annotations_by_image(self) -> dict[SourceId, list[JsonObject]]:
        rows: dict[SourceId, list[JsonObject]] = {}
        for image in self.value["images"]:
            number = image.get("id") if isinstance(image, dict) else None
            if not isinstance(number, (int, float, str)):
                continue  # reported by _check_image
            if number in rows:
                raise FormatError(f"{self.path}: two images share an id: {number!r}")
            rows[number] = []
        for position, annotation in enumerate(self.value["annotations"]):
            name = annotation.get("id", position) if isinstance(annotation, dict) else position
            self._guarded(f"annotation {name}", self._sort_in, annotation, rows)
        return rows

    def _sort_in(self, annotation: JsonObject, rows: dict[SourceId, list[JsonObject]]) -> None:
        image_id = annotation["image_id"]
        if image_id in rows:
            rows[image_id].append(annotation)
            return
        name = f"{self.path}: annotation {annotation.get('id')}"
        self.reading.problem(
            FindingId.MALFORMED_LABEL, f"{name} belongs to image {image_id!r}, which is not in the list images"
        )

    def _check_image(self, image: object) -> bool:  # of any type, as the file is not checked yet
        for key, kinds in (("id", (int, float, str)), ("file_name", (str,))):
            if not isinstance(image, dict) or not isinstance(image.get(key), kinds):
                message = f"{self.path}: images: missing or malformed field {key!r} in {str(image)[:60]}"
                self.reading.problem(FindingId.MALFORMED_LABEL, message)
                return False
        return True

    def _guarded(
        self, name: str, function: Callable[_Arguments, _Result], *args: _Arguments.args, **kwargs: _Arguments.kwargs
    ) -> Optional[_Result]:
        """The result of ``function``, or None after its problem was reported."""
        try:
            return function(*args, **kwargs)
        except (KeyError, TypeError, AttributeError) as error:
            message = f"{self.path}: {name}: missing or malformed field {error}"
            self.reading.problem(FindingId.MALFORMED_LABEL, message)
        return None

    def _image(
        self, image: JsonObject, index: int, annotations: Mapping[SourceId, list[JsonObject]]
    ) -> Optional[LabelledImage]:
        name = image["file_name"]
        path = self.finder.find(name)
        if path is None:
            places = ", ".join(map(str, self.finder.places))
            self.reading.problem(FindingId.MISSING_IMAGE, f"{self.path}: no image {name} in {places}")
            return None
        stated = (image.get("width"), image.get("height"))
        size = (int(image["width"]), int(image["height"])) if is_size(*stated) else self.reading.size_of(path)
        if size is None:
            return None
        where = f"{self.path}: image {name}"
        instances: list[Instance] = []
        for annotation in annotations[image["id"]]:
            self._guarded(f"annotation {annotation.get('id')}", self._add_instance, annotation, size, instances)
        try:
            frame = self._frame(image, index, size, instances)
            check_frame({key: value for key, value in vars(frame).items() if value is not None}, where)
        except FormatError as error:
            self.reading.problem(FindingId.MALFORMED_LABEL, str(error))
            return None
        own = image["id"]
        return LabelledImage(frame, path, where, source_id=None if own == index and not isinstance(own, float) else own)

    def _frame(self, image: JsonObject, index: int, size: tuple[int, int], instances: list[Instance]) -> Frame:
        name = str(PurePosixPath(image["file_name"].replace("\\", "/")))
        file = f"{IMAGES}/{name.removeprefix(f'{IMAGES}/')}"
        attributes = dict(image["attributes"]) if isinstance(image.get("attributes"), dict) else {}
        if not self.ours:
            attributes = {**_plain(image, _IMAGE_KEYS), **attributes}
            return converted_frame(index, file, size, instances, attributes)
        extras = {key: image.get(key) for key in IMAGE_EXTRAS}
        if extras["camera"] is not None:
            extras["camera"] = camera_from_json(extras["camera"], f"{self.path}: image {image['file_name']}: camera")
        stated: JsonObject = {
            **extras,
            **{"file": file, "width": size[0], "height": size[1], "index": index, "attributes": attributes},
        }
        return Frame(**stated, spec={}, instances=tuple(instances))

    def _add_instance(self, annotation: JsonObject, size: tuple[int, int], instances: list[Instance]) -> None:
        name = f"{self.path}: annotation {annotation.get('id')}"
        box, category = annotation["bbox"], self.categories.names.get(annotation["category_id"])
        if category is None:
            message = f"{name} is of category {annotation['category_id']!r}, which categories does not list"
            self.reading.problem(FindingId.UNKNOWN_CLASS, message)
            return
        if not is_box(box) or box[2] < 0 or box[3] < 0:
            self.reading.problem(FindingId.MALFORMED_LABEL, f"{name} has bbox {box}, expected [x, y, width, height]")
            return
        extras = {key: annotation.get(key) for key in ANNOTATION_EXTRAS} if self.ours else {}
        key = f"bbox_{self.policy}"
        if extras.get(key) is not None or box != extras.get("bbox_visible"):
            extras[key] = list(box)
        attributes = dict(annotation["attributes"]) if isinstance(annotation.get("attributes"), dict) else {}
        if not self.ours:
            attributes = {**_plain(annotation, _ANNOTATION_KEYS), **attributes}
        mask = self._wanted_mask(name, annotation, size)
        instance = Instance(
            id=annotation["instance_id"] if self.ours else len(instances) + 1,
            category=category,
            attributes=attributes,
            mask=mask if self.reading.masks else None,
            keypoints=self.keypoints.rows(annotation, name),
            ignore=_is_crowd(annotation.get("iscrowd")),
            area=self._area(name, annotation.get("area"), mask),
            **extras,
        )
        try:
            if self.ours:  # of files of other programs, everything has been checked here
                stated = {key: value for key, value in vars(instance).items() if value is not None}
                stated.pop("keypoints", None)  # checked with the skeleton
                check_instance(stated, name)
        except FormatError as error:
            self.reading.problem(FindingId.MALFORMED_LABEL, str(error))
            return
        instances.append(instance)

    def _wanted_mask(self, name: str, annotation: JsonObject, size: tuple[int, int]) -> Optional[masks.Rle]:
        """The mask if masks are requested, or if no area is stated, so that the mask's area is needed."""
        if not self.reading.masks and annotation.get("area") is not None:
            return None
        return self._mask(name, annotation.get("segmentation"), size)

    def _mask(self, name: str, segmentation: Any, size: tuple[int, int]) -> Optional[masks.Rle]:  # checked here
        width, height = size
        if not segmentation:
            return None
        try:
            if isinstance(segmentation, list):
                return polygons.encode(segmentation, width, height)
            if list(segmentation["size"]) != [height, width]:
                raise FormatError(
                    f"mask of {segmentation['size']} (height, width), but the image has {[height, width]}"
                )
            counts = segmentation["counts"]
            if isinstance(counts, list):
                return masks.from_counts(counts, [height, width])
            rle: masks.Rle = {"size": [height, width], "counts": counts}
            masks.area(rle)
            return rle
        except (FormatError, KeyError, TypeError) as error:
            self.reading.notice(FindingId.MASK, f"{name}: {error}; its mask is left out")
        return None

    def _area(self, name: str, area: object, mask: Optional[masks.Rle]) -> Optional[float]:  # checked here
        if area is None:
            return None if mask is None or self.reading.masks else float(masks.area(mask))
        if self.ours and mask is not None and area == masks.area(mask):
            return None
        if not is_number(area) or area < 0:
            self.reading.problem(FindingId.MALFORMED_LABEL, f"{name} has area {area!r}, expected pixels")
            return None
        return float(area)


def _is_index(value: SourceId) -> bool:
    """Whether an image's id can be the index of its record."""
    return (
        isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < LARGEST_ID and value % 1 == 0
    )


def _is_crowd(value: object) -> bool:
    """Whether ``iscrowd`` says so: a number but 0, true, or the text of one; programs write ``"0"`` too."""
    return value.strip().lower() in ("1", "true") if isinstance(value, str) else bool(value)


def _is_category_id(value: SourceId) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value < LARGEST_ID


def _plain(value: JsonObject, known: Iterable[str]) -> dict[str, object]:
    """The additional entries of another program's file that an attribute can hold."""
    return {key: item for key, item in value.items() if key not in known and isinstance(item, (str, int, float, bool))}


def _licence(asset: str, name: object, source: object) -> dict[str, str]:
    return {"asset": asset, "licence": str(name or "not stated"), "source": str(source or "not stated")}
