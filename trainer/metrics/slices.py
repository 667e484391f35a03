"""The score of every part of the data: who is missed, where, under what, and how sure that is.

A part is named by values of attributes. Where they are of images, it is all that is in those images, empty ones
too. Where one is of the people, it is those people: the images are those they are in, the others in them count
neither way, and false alarms there do count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Optional

import numpy as np

from ..errors import TrainerError, unknown_key
from .attributes import Attributes
from .average_precision import class_mean, coco_ap
from .bootstrap import bootstrap_ap, interval, recall_interval
from .confidence_sweep import rates
from .matching import Matches

_FEWEST = 5  # boxes; a part with fewer is shown but not called the worst


@dataclass(frozen=True)
class Scored:
    """What slices are cut from.

    Attributes:
        matches: at IoU 0.5. by_iou: at each of COCO's ten.
        confidence: detections from here on are what a user would see; precision and recall are theirs.
        weights: (R, P) the bootstrap's resamples of the images.
    """

    matches: Matches
    by_iou: Sequence[Matches]
    confidence: float
    weights: np.ndarray


def parse_pairs(texts: Sequence[str]) -> Optional[tuple]:
    """``("posture,cover", ...)`` -> pairs; None for none. Raises TrainerError for what is no pair."""
    pairs = tuple(tuple(name.strip() for name in text.split(",")) for text in texts)
    for text, pair in zip(texts, pairs):
        if len(set(pair)) != 2 or len(pair) != 2:
            raise TrainerError(f"--pair {text}: expected two different attributes, such as posture,cover")
    return pairs or None


def chosen(attributes: Attributes, names: Optional[Sequence[str]]) -> list:
    """The columns asked for, or all. Raises TrainerError for one that the data does not have."""
    for name in names or ():
        if name not in attributes.names:
            raise TrainerError(f"--slices: {unknown_key('attribute', name, sorted(attributes.names))}")
    return list(names) if names else attributes.names


def selection(attributes: Attributes, matches: Matches, wanted: Mapping[str, str]) -> tuple:
    """The (P,) images and (T,) truths, both bool, that have all the ``wanted`` values."""
    images, ground_truths = np.ones(matches.images, dtype=bool), np.ones(len(matches.ground_truth_image), dtype=bool)
    of_ground_truths = False
    for name, value in wanted.items():
        has = attributes.column(name) == value
        if name in attributes.ground_truths:
            of_ground_truths = True
            ground_truths &= has
        else:
            images &= has
    ground_truths &= images[matches.ground_truth_image]
    if of_ground_truths:
        images = np.isin(np.arange(matches.images), matches.ground_truth_image[ground_truths])
    return images, ground_truths


def slice_scores(scored: Scored, attributes: Attributes, names: Sequence[str]) -> dict:
    """{attribute: {value: the numbers of ``one_slice``}}, the values in their own order."""
    return {
        name: {value: one_slice(scored, attributes, {name: value}) for value in attributes.values(name)}
        for name in names
    }


def one_slice(scored: Scored, attributes: Attributes, wanted: Mapping[str, str], intervals: bool = True) -> dict:
    """The score of a part.

    Returns:
        ``images``, ``boxes``, ``AP50`` and ``AP`` (COCO's), and at the confidence in use ``precision, recall, f1,
        miss_rate, false_per_picture``; with ``intervals`` also ``AP50_interval`` and ``recall_interval``: 95 % by
        resampling the scenes. None where there is nothing to count.
    """
    images, ground_truths = selection(attributes, scored.matches, wanted)
    part = scored.matches.part(images, ground_truths)
    seen = part.score >= scored.confidence
    at = rates(int((seen & part.hits).sum()), int((seen & ~part.hits).sum()), len(part.found_at), int(images.sum()))
    numbers = {
        "images": int(images.sum()),
        "boxes": len(part.found_at),
        "AP50": class_mean(part, coco_ap),
        "AP": _mean_ap(scored, images, ground_truths),
        **{name: at[name] for name in ("precision", "recall", "f1")},
        "miss_rate": None if at["recall"] is None else 1 - at["recall"],
        "false_per_picture": at["false_per_picture"],
    }
    if intervals:
        numbers["AP50_interval"] = interval(bootstrap_ap(part, scored.weights))
        numbers["recall_interval"] = recall_interval(part, scored.weights, scored.confidence)
    return numbers


def _mean_ap(scored: Scored, images: np.ndarray, ground_truths: np.ndarray) -> Optional[float]:
    values = [class_mean(matches.part(images, ground_truths), coco_ap) for matches in scored.by_iou]
    return None if not values or None in values else float(np.mean(values))


def worst_first(slices: Mapping) -> list:
    """``{attribute, value, ...numbers}`` of every part, the lowest AP50 first; parts without people last.

    Left out are parts that hold everything; parts of fewer than five boxes come after the others.
    """
    rows = [
        {"attribute": name, "value": value, **numbers}
        for name, values in slices.items()
        if len(values) > 1
        for value, numbers in values.items()
    ]
    return sorted(
        rows, key=lambda row: (row["AP50"] is None, row["boxes"] < _FEWEST, row["AP50"] or 0.0, -row["boxes"])
    )


def worst_text(slices: Mapping, most: int = 5) -> str:
    """The ``most`` worst slices as lines of text."""
    rows = [row for row in worst_first(slices) if row["AP50"] is not None and row["boxes"] >= _FEWEST][:most]
    return "\n".join(
        f"worst      {row['attribute']} {row['value']}: AP50 {row['AP50']:.3f}, {row['miss_rate']:.0%} of "
        f"{row['boxes']} missed"
        for row in rows
    )


def two_way(scored: Scored, attributes: Attributes, pairs: Sequence[tuple]) -> list:
    """For each pair of attributes the score of every pair of values that occurs.

    Returns:
        ``{rows, columns: names of the attributes, row_values, column_values, cells: a row of cells each}``; a cell
        has the numbers of ``one_slice`` without intervals, or is None where nothing has both values.
    """
    tables = []
    for first, second in pairs:
        row_values, column_values = attributes.values(first), attributes.values(second)
        cells = [[_cell(scored, attributes, {first: a, second: b}) for b in column_values] for a in row_values]
        tables.append(
            {
                "rows": first,
                "columns": second,
                "row_values": row_values,
                "column_values": column_values,
                "cells": cells,
            }
        )
    return tables


def _cell(scored: Scored, attributes: Attributes, wanted: Mapping[str, str]) -> Optional[dict]:
    numbers = one_slice(scored, attributes, wanted, intervals=False)
    return numbers if numbers["images"] else None


def telling_pairs(slices: Mapping, most: int) -> list:
    """Pairs of the attributes whose values differ most in AP50, at most ``most`` of them."""
    spread = {}
    for name, values in slices.items():
        known = [
            numbers["AP50"]
            for numbers in values.values()
            if numbers["AP50"] is not None and numbers["boxes"] >= _FEWEST
        ]
        if len(known) > 1:
            spread[name] = max(known) - min(known)
    names = sorted(spread, key=lambda name: (-spread[name], name))
    return sorted(combinations(names, 2), key=lambda pair: names.index(pair[0]) + names.index(pair[1]))[:most]
