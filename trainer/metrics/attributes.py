"""The attributes of each image and object: the columns that define slices.

They come from the records of the data (attributes, and measures in bands) and from the user's CSV.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Optional, Union

import numpy as np

from shared_format.policy import instance_area
from shared_format.record import Frame, Instance

from ..examples.readers import labelled_boxes
from ..formats.class_choice import attribute_text
from ..formats.label_set import LabelSet
from .arrays import Ints, Texts

MOST_VALUES = 24  # an attribute with more values is not categorical: a file name, a date
_FEW_VALUES = 8
_BANDED_FROM = 12  # a number with more different values than this is cut at its quartiles
# Postures of people lying down, for data whose records have no attribute `lying`: older datasets, other programs.
LYING = ("supine", "prone", "lateral-left", "lateral-right", "fallen", "lying", "sleeping")
OBJECT_COUNT = "people"  # how many objects of the scored classes an image has


class Band(NamedTuple):
    """The values up to ``highest`` that no earlier band holds."""

    highest: float
    name: str


def _bands(*pairs: tuple[float, str]) -> tuple[Band, ...]:
    return tuple(Band(*pair) for pair in pairs)


_VISIBLE = _bands((0.25, "up to 0.25"), (0.5, "0.25 to 0.5"), (0.75, "0.5 to 0.75"), (np.inf, "above 0.75"))
_METRES = _bands((2.0, "up to 2 m"), (4.0, "2 to 4 m"), (6.0, "4 to 6 m"), (np.inf, "above 6 m"))
_CROWD = _bands((0, "0"), (1, "1"), (2, "2"), (4, "3 to 4"), (8, "5 to 8"), (np.inf, "9 and more"))
# COCO's sizes; the occlusion of YOLOv3-Blender's case-by-case table, in percent hidden.
_PIXELS = _bands((32**2, "small"), (96**2, "medium"), (np.inf, "large"))
OCCLUSION = _bands((20.0, "low"), (np.inf, "high"))

# The value of a record or of a CSV cell; values of other types have no text and count as unknown.
Known = Mapping[str, Any]  # values come from JSON


@dataclass(frozen=True)
class Attributes:
    """Columns by name; each value is text, or None where it is not known.

    Attributes:
        images: name -> (P,) one value per image.
        objects: name -> (T,) one value per labelled object that is not ignored, in the order of ``Matches``. A name
            that is here is not in ``images``.
        orders: name -> its values in their natural order, where there is one.
        scenes: (P,) the number of each image's scene, or None: each image is a scene of its own.
    """

    images: dict[str, Texts]
    objects: dict[str, Texts]
    orders: dict[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    scenes: Optional[Ints] = None

    @property
    def names(self) -> list[str]:
        """All columns."""
        return [*self.objects, *self.images]

    def column(self, name: str) -> Texts:
        """The values of a name."""
        return self.objects[name] if name in self.objects else self.images[name]

    def values(self, name: str) -> list[str]:
        """The different values that occur, in their natural order or by name."""
        present: set[str] = {value for value in self.column(name) if value is not None}
        order = [value for value in self.orders.get(name, ()) if value in present]
        return [*order, *sorted(present - set(order))]


def band(value: float, bands: Sequence[Band]) -> str:
    """The name of the first of ``bands`` that holds ``value``."""
    return next(one.name for one in bands if value <= one.highest)


def read_attributes(labels: LabelSet, classes: Sequence[str], boxes: str) -> Attributes:
    """The columns of the data's own records, in the order of the examples of ``readers.examples_of``."""
    of_images: list[Known] = []
    of_objects: list[Known] = []
    scenes: list[int] = []
    has_beds = "bed" in labels.category_names
    for labelled in labels.images:
        counted = [(instance, box) for instance, box in labelled_boxes(labelled, classes, boxes) if not instance.ignore]
        scenes.append(labelled.frame.scene_index)
        of_images.append(_image_attributes(labelled.frame, len(counted), has_beds))
        of_objects += [_object_attributes(instance, box) for instance, box in counted]
    objects = columns_of(of_objects, labels.info.attributes)
    images = columns_of(of_images, labels.info.attributes)
    orders = {**labels.info.attributes, **images.orders, **objects.orders, **_ORDERS}
    own = {name: column for name, column in images.columns.items() if name not in objects.columns}
    return Attributes(own, objects.columns, orders, np.array(scenes))


def _image_attributes(frame: Frame, objects: int, has_beds: bool) -> Known:
    known: dict[str, Any] = {**frame.attributes, OBJECT_COUNT: band(objects, _CROWD)}
    if {"mount", "lens"} <= set(known):
        known.setdefault("camera", f"{known['mount']}, {known['lens']}")
    if {"ceiling", "sun"} <= set(known):
        known.setdefault("light", f"ceiling {known['ceiling']}, sun {known['sun']}")
    if has_beds:
        bed = any(instance.category == "bed" for instance in frame.instances)
        known.setdefault("bed", "bed" if bed else "no bed")
    return known


def _object_attributes(instance: Instance, box: Sequence[float]) -> Known:
    known: dict[str, Any] = dict(instance.attributes)
    known["size"] = band(instance_area(instance, box), _PIXELS)
    if "posture" in known:
        known.setdefault("lying", known["posture"] in LYING)
    if instance.visible_fraction is not None:
        known["visible_fraction"] = band(instance.visible_fraction, _VISIBLE)
        known["occlusion"] = band(100 * (1 - instance.visible_fraction), OCCLUSION)
    if instance.covered_fraction is not None:
        known["covered_fraction"] = band(instance.covered_fraction, _VISIBLE)
    if instance.in_frame_fraction is not None:
        known["in_frame_fraction"] = band(instance.in_frame_fraction, _VISIBLE)
    if instance.distance is not None:
        known["distance"] = band(instance.distance, _METRES)
    return known


class Columns(NamedTuple):
    """Columns of text by name, and the order of the values of those that are numbers in bands."""

    columns: dict[str, Texts]
    orders: dict[str, Sequence[str]]


def columns_of(rows: Sequence[Known], declared: Collection[str] = ()) -> Columns:
    """Rows of values by name as columns.

    A column with too many different values is left out, unless the data has ``declared`` it as an attribute: in few
    images almost every person has a different posture. Lists and the like have no text; such a value is not known.
    """
    columns: dict[str, Texts] = {}
    orders: dict[str, Sequence[str]] = {}
    for name in dict.fromkeys(name for row in rows for name in row):
        values = [_plain(row.get(name)) for row in rows]
        known = [value for value in values if value is not None]
        numbers = [value for value in known if type(value) in (int, float)]
        if len(numbers) == len(known) and len(set(known)) > _BANDED_FROM:
            bands = _quartile_bands([float(value) for value in numbers])
            columns[name] = _texts([None if value is None else band(float(value), bands) for value in values])
            orders[name] = [one.name for one in bands]
        elif (name in declared and known) or _is_vocabulary([attribute_text(value) for value in known]):
            columns[name] = _texts([attribute_text(value) for value in values])
    return Columns(columns, orders)


_Value = Union[str, bool, int, float]


def _plain(value: object) -> Optional[_Value]:
    return value if isinstance(value, (str, bool, int, float)) else None


def _texts(values: Sequence[Optional[str]]) -> Texts:
    return np.array(values, dtype=object)


def _is_vocabulary(values: Sequence[Optional[str]]) -> bool:
    """Whether values are categories; a column in which almost every row has its own value is not."""
    different = len(set(values))
    return 0 < different <= MOST_VALUES and (different <= _FEW_VALUES or different <= len(values) / 2)


def _quartile_bands(values: Sequence[float]) -> tuple[Band, ...]:
    first, middle, last = (float(f"{edge:.4g}") for edge in np.quantile(values, (0.25, 0.5, 0.75)))
    return _bands(
        (first, f"up to {first:g}"),
        (middle, f"{first:g} to {middle:g}"),
        (last, f"{middle:g} to {last:g}"),
        (np.inf, f"above {last:g}"),
    )


_ORDERS: dict[str, Sequence[str]] = {
    name: [one.name for one in bands]
    for name, bands in (
        ("visible_fraction", _VISIBLE),
        ("covered_fraction", _VISIBLE),
        ("in_frame_fraction", _VISIBLE),
        ("distance", _METRES),
        (OBJECT_COUNT, _CROWD),
        ("size", _PIXELS),
        ("occlusion", OCCLUSION),
    )
}
