"""What is known of each image and of each thing in it: the columns that slices are cut by.

From the records of the data (their attributes and measures, the numbers in bands) and from a CSV of the user's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

import numpy as np

from shared_format.label_set import LabelSet
from shared_format.policy import instance_area
from shared_format.record import Frame, Instance

from ..examples.readers import labelled_boxes

MOST_VALUES = 24  # an attribute with more is no vocabulary: a file name, a date
_FEW_VALUES = 8
_BANDED_FROM = 12  # a number with more values than this is read in quarters
# Postures of people lying down, for data whose records have no attribute `lying`: older datasets, other programs.
LYING = ("supine", "prone", "lateral-left", "lateral-right", "fallen", "lying", "sleeping")
_SEEN = ((0.25, "up to 0.25"), (0.5, "0.25 to 0.5"), (0.75, "0.5 to 0.75"), (np.inf, "above 0.75"))
_METRES = ((2.0, "up to 2 m"), (4.0, "2 to 4 m"), (6.0, "4 to 6 m"), (np.inf, "above 6 m"))
_CROWD = ((0, "0"), (1, "1"), (2, "2"), (4, "3 to 4"), (8, "5 to 8"), (np.inf, "9 and more"))
# COCO's sizes; the occlusion of YOLOv3-Blender's case-by-case table, in percent hidden.
_PIXELS = ((32**2, "small"), (96**2, "medium"), (np.inf, "large"))
OCCLUSION = ((20.0, "low"), (np.inf, "high"))


@dataclass(frozen=True)
class Attributes:
    """Columns by name; each value is text, or None where it is not known.

    Attributes:
        images: name -> (P,) object array, one value an image.
        truths: name -> (T,) object array, one value a truth that counts, in the order of ``Matches``. A name that is
            here is not in ``images``.
        orders: name -> its values in their natural order, where there is one.
        scenes: (P,) the number of each image's scene, or None: each image is one of its own.
    """

    images: dict
    ground_truths: dict
    orders: dict = field(default_factory=dict)
    scenes: Optional[np.ndarray] = None

    @property
    def names(self) -> list:
        """All columns."""
        return [*self.ground_truths, *self.images]

    def column(self, name: str) -> np.ndarray:
        """The values of a name."""
        return self.ground_truths[name] if name in self.ground_truths else self.images[name]

    def values(self, name: str) -> list:
        """The values that occur, in their natural order or by name."""
        present = {value for value in self.column(name) if value is not None}
        order = [value for value in self.orders.get(name, ()) if value in present]
        return [*order, *sorted(present - set(order))]


def band(value: float, bands: Sequence[tuple]) -> str:
    """The name of the first of ``bands``, pairs of (highest value, name), that holds ``value``."""
    return next(name for highest, name in bands if value <= highest)


def read_attributes(labels: LabelSet, classes: Sequence[str], boxes: str) -> Attributes:
    """The columns of the data's own records, aligned with the examples that ``readers.examples_of`` makes of them."""
    of_images: list = []
    of_ground_truths: list = []
    scenes: list = []
    has_beds = "bed" in labels.category_names
    for labelled in labels.images:
        counting = [
            (instance, box) for instance, box in labelled_boxes(labelled, classes, boxes) if not instance.ignore
        ]
        scenes.append(labelled.frame.scene_index)
        of_images.append(_of_image(labelled.frame, len(counting), has_beds))
        of_ground_truths += [_of_instance(instance, box) for instance, box in counting]
    ground_truths, orders = columns_of(of_ground_truths, labels.info.attributes)
    images, more_orders = columns_of(of_images, labels.info.attributes)
    images = {name: column for name, column in images.items() if name not in ground_truths}
    known_orders = {**labels.info.attributes, **more_orders, **orders, **_ORDERS}
    return Attributes(images, ground_truths, known_orders, np.array(scenes))


def _of_image(frame: Frame, people: int, has_beds: bool) -> dict:
    known = {**frame.attributes, "people": band(people, _CROWD)}
    if {"mount", "lens"} <= set(known):
        known.setdefault("camera", f"{known['mount']}, {known['lens']}")
    if {"ceiling", "sun"} <= set(known):
        known.setdefault("light", f"ceiling {known['ceiling']}, sun {known['sun']}")
    if has_beds:
        in_it = any(instance.category == "bed" for instance in frame.instances)
        known.setdefault("bed", "bed" if in_it else "no bed")
    return known


def _of_instance(instance: Instance, box: Sequence[float]) -> dict:
    known = dict(instance.attributes)
    known["size"] = band(instance_area(instance, box), _PIXELS)
    if "posture" in known:
        known.setdefault("lying", _yes(known["posture"] in LYING))
    if instance.visible_fraction is not None:
        known["visible_fraction"] = band(instance.visible_fraction, _SEEN)
        known["occlusion"] = band(100 * (1 - instance.visible_fraction), OCCLUSION)
    for name in ("covered_fraction", "in_frame_fraction"):
        if getattr(instance, name) is not None:
            known[name] = band(getattr(instance, name), _SEEN)
    if instance.distance is not None:
        known["distance"] = band(instance.distance, _METRES)
    return known


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def columns_of(rows: Sequence[dict], declared: Collection[str] = ()) -> tuple:
    """Rows of values by name -> {name: column of text}, and {name: order} of the numbers in quarters.

    Without those that are no vocabulary, unless the data has ``declared`` that they are one: in few images nearly
    every person has a posture of their own. Lists and the like have no text; such a value is not known.
    """
    columns, orders = {}, {}
    for name in dict.fromkeys(name for row in rows for name in row):
        values = [row.get(name) for row in rows]
        plain = [value if isinstance(value, (str, bool, int, float)) else None for value in values]
        known = [value for value in plain if value is not None]
        if {type(value) for value in known} <= {int, float} and len(set(known)) > _BANDED_FROM:
            columns[name], orders[name] = _in_quarters(plain, known)
        elif (name in declared and known) or _is_vocabulary([_text(value) for value in known]):
            columns[name] = np.array([None if value is None else _text(value) for value in plain], dtype=object)
    return columns, orders


def _is_vocabulary(words: Sequence[str]) -> bool:
    """Whether words say of which kind something is; a name that nearly every row has for itself does not."""
    different = len(set(words))
    return 0 < different <= MOST_VALUES and (different <= _FEW_VALUES or different <= len(words) / 2)


def _text(value: Any) -> str:
    return _yes(value) if isinstance(value, bool) else str(value)


def _in_quarters(values: Iterable, known: Sequence[float]) -> tuple:
    first, middle, last = (float(f"{edge:.4g}") for edge in np.quantile(known, (0.25, 0.5, 0.75)))
    bands = (
        (first, f"up to {first:g}"),
        (middle, f"{first:g} to {middle:g}"),
        (last, f"{middle:g} to {last:g}"),
        (np.inf, f"above {last:g}"),
    )
    column = np.array([None if value is None else band(value, bands) for value in values], dtype=object)
    return column, [name for _, name in bands]


_ORDERS = {
    name: [value for _, value in bands]
    for names, bands in (
        (("visible_fraction", "covered_fraction", "in_frame_fraction"), _SEEN),
        (("distance",), _METRES),
        (("people",), _CROWD),
        (("size",), _PIXELS),
        (("occlusion",), OCCLUSION),
    )
    for name in names
}
