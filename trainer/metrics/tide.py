"""Kinds of errors: what each false alarm and each miss is, and what AP loses to it.

TIDE, arXiv 2008.08115, as its authors' program has it: each error has one kind, the first that fits; a kind's weight
is what AP at IoU 0.5 gains when its errors are set right and all others stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shared_format.boxes import pairwise_iou, xywh_to_xyxy

from ..detection.detector import Detections
from ..examples.example import ExampleSet
from .average_precision import coco_ap
from .matching import NO_GROUND_TRUTH, Matches

FOUND_IOU, BACKGROUND_IOU = 0.5, 0.1
LOCALISATION, CLASS, DUPLICATE, BACKGROUND, BOTH, MISSED = (
    "localisation",
    "class",
    "duplicate",
    "background",
    "class and localisation",
    "missed",
)
KINDS = {
    LOCALISATION: "of the right class on something, IoU 0.1 to 0.5",
    DUPLICATE: "on something that a surer detection has found",
    BACKGROUND: "on nothing, IoU below 0.1",
    MISSED: "something that no detection would find if it were placed or named right",
    CLASS: "well placed, of another class",
    BOTH: "of another class, IoU 0.1 to 0.5",
}
_FALSE_KINDS = (LOCALISATION, CLASS, DUPLICATE, BACKGROUND, BOTH)  # in the order in which they are tried
_HIT = -1
# TIDE's steps of recall: 0.35 is the float nearest to it, in COCO's own, made by adding, the next one.
_RECALLS = np.arange(101) / 100


@dataclass(frozen=True)
class Errors:
    """The kind of each error.

    Attributes:
        kinds: (D,) of each detection of the matches, the place in ``_FALSE_KINDS``, or -1 for one that found a truth.
        targets: (D,) the truth that an error of localisation or class would have found, or NO_TRUTH.
        missed: (T,) bool: truths that were not found and are nobody's target.
    """

    kinds: np.ndarray
    targets: np.ndarray
    missed: np.ndarray

    def kind_of(self, detection: int) -> str:
        """The kind of a detection that found no truth."""
        return _FALSE_KINDS[self.kinds[detection]]


def tide(examples: ExampleSet, detections: Sequence[Detections], matches: Matches) -> dict:
    """{kind: {``count``, ``lost_ap50``: what AP50 would gain without these errors}}, the mean over classes.

    Args:
        matches: those of the examples and detections at IoU 0.5.
    """
    errors = find_errors(examples, detections, matches)
    base = _mean_ap(matches, matches.hits, matches.label, np.ones(len(matches.label), dtype=bool), None)
    best = _best_of_targets(matches, errors)
    found = {}
    for kind in KINDS:
        if kind == MISSED:
            count, better = int(errors.missed.sum()), _without_missed(matches, errors)
        else:
            of_kind = errors.kinds == _FALSE_KINDS.index(kind)
            count, better = int(of_kind.sum()), _without(matches, errors, of_kind, best & of_kind)
        found[kind] = {"count": count, "lost_ap50": max(better - base, 0.0)}
    return found


def find_errors(examples: ExampleSet, detections: Sequence[Detections], matches: Matches) -> Errors:
    """The kind of each error; arguments as ``tide``."""
    kinds = np.full(len(matches.score), _HIT)
    targets = np.full(len(matches.score), NO_GROUND_TRUTH)
    false = np.flatnonzero(~matches.hits)
    false = false[np.argsort(matches.image[false], kind="stable")]
    starts = np.searchsorted(matches.image[false], np.arange(matches.images + 1))
    ground_truth_starts = np.searchsorted(matches.ground_truth_image, np.arange(matches.images + 1))
    for image, example in enumerate(examples.examples):
        here = false[starts[image] : starts[image + 1]]
        ground_truths = np.arange(ground_truth_starts[image], ground_truth_starts[image + 1])
        if len(here):
            boxes = xywh_to_xyxy(detections[image].boxes[matches.place[here]])
            overlap = pairwise_iou(boxes, xywh_to_xyxy(example.boxes[matches.ground_truth_place[ground_truths]]))
            kinds[here], targets[here] = _kinds_of(matches, here, ground_truths, overlap)
    missed = matches.found_at == -np.inf
    aimed_at = targets[targets != NO_GROUND_TRUTH]
    missed[aimed_at] = False
    return Errors(kinds, targets, missed)


def _kinds_of(matches: Matches, here: np.ndarray, ground_truths: np.ndarray, overlap: np.ndarray) -> tuple:
    """The kinds and targets of the false alarms ``here``, (N,), of one image with these ``truths``, (M,)."""
    if not len(ground_truths):
        return np.full(len(here), _FALSE_KINDS.index(BACKGROUND)), np.full(len(here), NO_GROUND_TRUTH)
    own_class = matches.label[here][:, None] == matches.ground_truth_label[ground_truths][None]
    own, other = overlap * own_class, overlap * ~own_class
    used = own * (matches.found_at[ground_truths] > -np.inf)
    near = own.max(axis=1)
    fits = (
        (near >= BACKGROUND_IOU) & (near <= FOUND_IOU),
        other.max(axis=1) >= FOUND_IOU,
        used.max(axis=1) >= FOUND_IOU,
        overlap.max(axis=1) <= BACKGROUND_IOU,
    )
    kinds = np.select(fits, range(len(fits)), default=_FALSE_KINDS.index(BOTH))
    aims = np.select([kinds == 0, kinds == 1], [own.argmax(axis=1), other.argmax(axis=1)], default=-1)
    return kinds, np.where(aims >= 0, ground_truths[aims], NO_GROUND_TRUTH)


def _best_of_targets(matches: Matches, errors: Errors) -> np.ndarray:
    """(D,) bool: the surest of the detections that aim at each truth not found; it alone can be set right."""
    best = np.zeros(len(matches.score), dtype=bool)
    aiming = np.flatnonzero(errors.targets != NO_GROUND_TRUTH)  # surest first
    aiming = aiming[matches.found_at[errors.targets[aiming]] == -np.inf]
    _, first = np.unique(errors.targets[aiming], return_index=True)
    best[aiming[first]] = True
    return best


def _without(matches: Matches, errors: Errors, of_kind: np.ndarray, right: np.ndarray) -> float:
    """AP50 where of the errors ``of_kind`` those that can be are set ``right`` and the others are not made."""
    label = np.where(right, matches.ground_truth_label[errors.targets], matches.label) if right.any() else matches.label
    return _mean_ap(matches, matches.hits | right, label, ~of_kind | right, None)


def _without_missed(matches: Matches, errors: Errors) -> float:
    """AP50 where what is missed is not there to find."""
    everything = np.ones(len(matches.label), dtype=bool)
    return _mean_ap(matches, matches.hits, matches.label, everything, errors.missed)


def _mean_ap(matches: Matches, hits: np.ndarray, label: np.ndarray, kept: np.ndarray, gone: np.ndarray | None) -> float:
    """The mean over the classes that have truths; a class all of whose truths are ``gone`` has 0."""
    values = []
    for one in np.unique(matches.ground_truth_label):
        of_class = matches.ground_truth_label == one
        ground_truths = int(of_class.sum() if gone is None else (of_class & ~gone).sum())
        values.append(coco_ap(hits[kept & (label == one)], ground_truths, _RECALLS) if ground_truths else 0.0)
    return float(np.mean(values)) if values else 0.0
