"""The case-by-case table of YOLOv3-Blender: AP50 with one feature held fixed, for the two values of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np

from .arrays import Texts
from .attributes import Attributes
from .average_precision import class_mean, coco_ap
from .matching import Matches
from .results import CaseTable, Number
from .slices import selection


@dataclass(frozen=True)
class FeatureValue:
    """A value's name in columns, and its spellings in data."""

    name: str
    spellings: tuple[str, ...]


@dataclass(frozen=True)
class Feature:
    """A feature of two values: its tab in the workbook, and the attribute that it is read from."""

    tab: str
    attribute: str
    first: FeatureValue
    second: FeatureValue

    @property
    def names(self) -> tuple[str, str]:
        """The two values, as columns are called."""
        return self.first.name, self.second.name


FEATURES = (
    Feature(
        "Sensor", "sensor", FeatureValue("RGB", ("rgb", "colour", "color")), FeatureValue("IR", ("ir", "infrared"))
    ),
    Feature("Occl.", "occlusion", FeatureValue("Low", ("low",)), FeatureValue("High", ("high",))),
    Feature(
        "Bed",
        "bed",
        FeatureValue("Bed", ("bed", "yes", "1", "true")),
        FeatureValue("No Bed", ("no bed", "no", "0", "false")),
    ),
    Feature("Gender", "sex", FeatureValue("Male", ("male", "m")), FeatureValue("Female", ("female", "f"))),
)
COLUMNS = tuple((feature, value) for feature in FEATURES for value in feature.names)


def feature_columns(attributes: Attributes) -> Attributes:
    """The columns of the four features that the data has, under the names of their tabs and values."""
    images: dict[str, Texts] = {}
    objects: dict[str, Texts] = {}
    for feature in FEATURES:
        for source, target in ((attributes.images, images), (attributes.objects, objects)):
            if feature.attribute in source:
                target[feature.tab] = _canonical(feature, source[feature.attribute])
    return Attributes(images, objects)


def _canonical(feature: Feature, column: Texts) -> Texts:
    meaning = {spelling: value.name for value in (feature.first, feature.second) for spelling in value.spellings}
    return np.array([None if value is None else meaning.get(value.casefold()) for value in column], dtype=object)


def case_table(matches: Matches, attributes: Attributes) -> CaseTable:
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


def _ap50(matches: Matches, known: Attributes, feature: Feature, fixed: str, other: Feature, value: str) -> Number:
    if not {feature.tab, other.tab} <= set(known.names) or (feature is other and fixed != value):
        return None
    part = selection(known, matches, {feature.tab: fixed, other.tab: value})
    return class_mean(matches.part(part.images, part.objects), coco_ap)


def cell(pair: Sequence[Optional[float]]) -> str:
    """``0.412 | 0.366``, a dash where there is no such case."""
    return " | ".join("-" if value is None else f"{value:.3f}" for value in pair)


def rows(cases: Mapping[str, CaseTable], tab: str) -> list[list[str]]:
    """One row per model of a tab: its name and the eight cells. ``cases``: {model: its ``case_table``}."""
    return [[model, *(cell(table[tab][value]) for _, value in COLUMNS)] for model, table in cases.items()]
