"""The case-by-case table of YOLOv3-Blender: AP50 with one feature held fixed, for the two values of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .attributes import Attributes
from .average_precision import class_mean, coco_ap
from .matching import Matches
from .slices import selection


@dataclass(frozen=True)
class Feature:
    """A feature of two values: its tab, the attribute it is read from, and for each value the words for it."""

    tab: str
    attribute: str
    values: tuple

    @property
    def names(self) -> tuple:
        """The two values, as columns are called."""
        return tuple(name for name, _ in self.values)


FEATURES = (
    Feature("Sensor", "sensor", (("RGB", ("rgb", "colour", "color")), ("IR", ("ir", "infrared")))),
    Feature("Occl.", "occlusion", (("Low", ("low",)), ("High", ("high",)))),
    Feature("Bed", "bed", (("Bed", ("bed", "yes", "1", "true")), ("No Bed", ("no bed", "no", "0", "false")))),
    Feature("Gender", "sex", (("Male", ("male", "m")), ("Female", ("female", "f")))),
)
COLUMNS = tuple((feature, value) for feature in FEATURES for value in feature.names)


def feature_columns(attributes: Attributes) -> Attributes:
    """The columns of the four features that the data knows, by their tabs and with their own values."""
    images, ground_truths = {}, {}
    for feature in FEATURES:
        for source, target in ((attributes.images, images), (attributes.ground_truths, ground_truths)):
            if feature.attribute in source:
                target[feature.tab] = _canonical(feature, source[feature.attribute])
    return Attributes(images, ground_truths)


def _canonical(feature: Feature, column: np.ndarray) -> np.ndarray:
    meaning = {word: name for name, words in feature.values for word in words}
    return np.array([None if value is None else meaning.get(value.casefold()) for value in column], dtype=object)


def case_table(matches: Matches, attributes: Attributes) -> dict:
    """{tab: {column: [AP50 at the tab's first value, AP50 at its second]}}; None where the data has no such case.

    In tab Sensor, column Bed holds RGB + Bed and IR + Bed.
    """
    known = feature_columns(attributes)
    return {
        feature.tab: {
            value: [_ap50(matches, known, feature, fixed, other, value) for fixed in feature.names]
            for other, value in COLUMNS
        }
        for feature in FEATURES
    }


def _ap50(
    matches: Matches, known: Attributes, feature: Feature, fixed: str, other: Feature, value: str
) -> float | None:
    if not {feature.tab, other.tab} <= set(known.names) or (feature is other and fixed != value):
        return None
    return class_mean(matches.part(*selection(known, matches, {feature.tab: fixed, other.tab: value})), coco_ap)


def cell(pair: Sequence) -> str:
    """``0.412 | 0.366``, a dash for what is not there."""
    return " | ".join("-" if value is None else f"{value:.3f}" for value in pair)


def rows(cases: Mapping[str, Mapping], tab: str) -> list:
    """A row a model of a tab: its name and the eight cells. ``cases``: {model: its ``case_table``}."""
    return [[model, *(cell(table[tab][value]) for _, value in COLUMNS)] for model, table in cases.items()]
