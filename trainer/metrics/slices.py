"""The score of every part of the data: on which images and objects the detector fails, and how certain that is.

A part is named by values of attributes. With attributes of images it is everything in those images, including images
without objects. With an attribute of objects it is those objects: the images are those they are in, other objects in
them count neither way, and false positives in them do count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple, Optional

import numpy as np

from ..errors import TrainerError, unknown_key
from .arrays import Bools, Weights
from .attributes import Attributes
from .average_precision import class_mean, coco_ap
from .bootstrap import bootstrap_ap, interval, recall_interval
from .confidence_sweep import rates
from .matching import Matches
from .results import NamedSlice, Number, SliceRow, Slices, SliceScore, TwoWayTable

_FEWEST = 5  # boxes; a part with fewer is listed but not among the worst


@dataclass(frozen=True)
class MatchedData:
    """The data that slices are made from.

    Attributes:
        matches: at IoU 0.5. by_iou: at each of COCO's ten thresholds.
        confidence: the threshold of precision, recall and false positives.
        weights: (R, P) the bootstrap's resamples of the images.
    """

    matches: Matches
    by_iou: Sequence[Matches]
    confidence: float
    weights: Weights


class Pair(NamedTuple):
    """Two attributes of a two-way table."""

    rows: str
    columns: str


def parse_pairs(texts: Sequence[str]) -> Optional[tuple[Pair, ...]]:
    """``("posture,cover", ...)`` -> pairs; None for none. Raises TrainerError for anything but two attributes."""
    pairs: list[Pair] = []
    for text in texts:
        names = [name.strip() for name in text.split(",")]
        if len(names) != 2 or len(set(names)) != 2 or not all(names):
            raise TrainerError(f"--pair {text}: expected two different attributes, such as posture,cover")
        pairs.append(Pair(*names))
    return tuple(pairs) or None


def check_attributes(attributes: Attributes, names: Sequence[str], option: str) -> None:
    """Raise TrainerError, naming the ``option``, for an attribute that the data does not have."""
    for name in names:
        if name not in attributes.names:
            raise TrainerError(f"{option}: {unknown_key('attribute', name, sorted(attributes.names))}")


class Selection(NamedTuple):
    """The chosen (P,) images and (T,) objects."""

    images: Bools
    objects: Bools


def selection(attributes: Attributes, matches: Matches, wanted: Mapping[str, str]) -> Selection:
    """The images and objects that have all the ``wanted`` values."""
    images, objects = np.ones(matches.images, dtype=bool), np.ones(matches.objects, dtype=bool)
    for name, value in wanted.items():
        has = attributes.column(name) == value
        if name in attributes.objects:
            objects &= has
        else:
            images &= has
    objects &= images[matches.ground_truth_image]
    if any(name in attributes.objects for name in wanted):
        images = np.isin(np.arange(matches.images), matches.ground_truth_image[objects])
    return Selection(images, objects)


def slice_scores(data: MatchedData, attributes: Attributes, names: Sequence[str]) -> Slices:
    """{attribute: {value: its score}}, the values in their own order."""
    return {
        name: {value: one_slice(data, attributes, {name: value}) for value in attributes.values(name)} for name in names
    }


def one_slice(data: MatchedData, attributes: Attributes, wanted: Mapping[str, str]) -> SliceRow:
    """The score of a part with its 95 % intervals, by resampling the scenes. None where there is nothing to count."""
    part = data.matches.part(*selection(attributes, data.matches, wanted))
    return {
        **slice_score(data, attributes, wanted),
        "AP50_interval": interval(bootstrap_ap(part, data.weights)),
        "recall_interval": recall_interval(part, data.weights, data.confidence),
    }


def slice_score(data: MatchedData, attributes: Attributes, wanted: Mapping[str, str]) -> SliceScore:
    """The score of a part: COCO's AP50 and AP, and the other numbers at the confidence in use."""
    chosen = selection(attributes, data.matches, wanted)
    part = data.matches.part(*chosen)
    shown, images = part.score >= data.confidence, int(chosen.images.sum())
    true_positives, false_positives = (
        int((shown & which).sum()) for which in (part.true_positive, ~part.true_positive)
    )
    at = rates(true_positives, false_positives, part.objects, images)
    return {
        "images": images,
        "boxes": part.objects,
        "AP50": class_mean(part, coco_ap),
        "AP": _mean_ap(data, chosen),
        "precision": at["precision"],
        "recall": at["recall"],
        "f1": at["f1"],
        "miss_rate": None if at["recall"] is None else 1 - at["recall"],
        "false_per_picture": at["false_per_picture"],
    }


def _mean_ap(data: MatchedData, chosen: Selection) -> Number:
    values = [class_mean(matches.part(*chosen), coco_ap) for matches in data.by_iou]
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known and len(known) == len(values) else None


def worst_first(slices: Slices) -> list[NamedSlice]:
    """Every part with its attribute and value, the lowest AP50 first; parts without objects last.

    Attributes with a single value are left out; parts of fewer than five boxes come after the others.
    """
    rows: list[NamedSlice] = [
        {**numbers, "attribute": name, "value": value}
        for name, values in slices.items()
        if len(values) > 1
        for value, numbers in values.items()
    ]
    return sorted(
        rows, key=lambda row: (row["AP50"] is None, row["boxes"] < _FEWEST, row["AP50"] or 0.0, -row["boxes"])
    )


def worst_text(slices: Slices, most: int = 5) -> str:
    """The ``most`` worst slices as lines of text."""
    lines: list[str] = []
    for row in worst_first(slices):
        if row["AP50"] is not None and row["miss_rate"] is not None and row["boxes"] >= _FEWEST:
            name = f"{row['attribute']} {row['value']}"
            lines.append(f"worst      {name}: AP50 {row['AP50']:.3f}, {row['miss_rate']:.0%} of {row['boxes']} missed")
    return "\n".join(lines[:most])


def two_way(data: MatchedData, attributes: Attributes, pairs: Sequence[Pair]) -> list[TwoWayTable]:
    """For each pair of attributes the score of every pair of values."""
    return [
        {
            "rows": pair.rows,
            "columns": pair.columns,
            "row_values": attributes.values(pair.rows),
            "column_values": attributes.values(pair.columns),
            "cells": [
                [
                    _cell(data, attributes, {pair.rows: row, pair.columns: column})
                    for column in attributes.values(pair.columns)
                ]
                for row in attributes.values(pair.rows)
            ],
        }
        for pair in pairs
    ]


def _cell(data: MatchedData, attributes: Attributes, wanted: Mapping[str, str]) -> Optional[SliceScore]:
    score = slice_score(data, attributes, wanted)
    return score if score["images"] else None


def most_different_pairs(slices: Slices, most: int) -> tuple[Pair, ...]:
    """Pairs of the attributes whose values differ most in AP50, at most ``most`` of them."""
    spread: dict[str, float] = {}
    for name, values in slices.items():
        known = [row["AP50"] for row in values.values() if row["AP50"] is not None and row["boxes"] >= _FEWEST]
        if len(known) > 1:
            spread[name] = max(known) - min(known)
    names = sorted(spread, key=lambda name: (-spread[name], name))
    ordered = sorted(combinations(names, 2), key=lambda pair: names.index(pair[0]) + names.index(pair[1]))
    return tuple(Pair(*pair) for pair in ordered[:most])
