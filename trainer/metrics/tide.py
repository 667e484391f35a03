"""The kind of each error, and what average precision loses to each kind.

TIDE, arXiv 2008.08115, as its authors' program tidecv computes it: each error has one kind, the first that fits; the
weight of a kind is what AP at IoU 0.5 gains when its errors are corrected and all others stay.

hotcoco's ``tide_errors`` gives the same counts. Its gains differ from tidecv's where a recall is exactly 0.35: tidecv
reads precision at 35 / 100, hotcoco at COCO's step, which is the next float above it. It also does not say which
detection has which kind, as the report needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Optional

import numpy as np

from shared_format.boxes import pairwise_iou, xywh_to_xyxy

from ..detection.detector import Detections
from ..examples.example import ExampleSet
from .arrays import Bools, Floats, Ints
from .average_precision import coco_ap
from .matching import UNMATCHED, Matches
from .results import ErrorKind

MATCH_IOU, BACKGROUND_IOU = 0.5, 0.1
LOCALISATION, CLASS, DUPLICATE, BACKGROUND, BOTH, MISSED = (
    "localisation",
    "class",
    "duplicate",
    "background",
    "class and localisation",
    "missed",
)
KINDS = {
    LOCALISATION: "the right class, IoU 0.1 to 0.5",
    DUPLICATE: "an object that a detection of higher confidence already matches",
    BACKGROUND: "no object, IoU below 0.1",
    MISSED: "an object without any detection that better localisation or the right class would make a match",
    CLASS: "the wrong class, well localised",
    BOTH: "the wrong class, IoU 0.1 to 0.5",
}
_FALSE_KINDS = (LOCALISATION, CLASS, DUPLICATE, BACKGROUND, BOTH)  # in order of precedence
_NO_ERROR = -1
# tidecv's steps of recall.
_RECALLS = np.arange(101) / 100


@dataclass(frozen=True)
class ErrorKinds:
    """The kind of each error.

    Attributes:
        kinds: (D,) for each detection of the matches the index into ``_FALSE_KINDS``, or -1 for a true positive.
        targets: (D,) the object that an error of localisation or class would have matched, or UNMATCHED.
        missed: (T,) the objects that are not detected and are no error's target.
    """

    kinds: Ints
    targets: Ints
    missed: Bools

    def kind_of(self, detection: int) -> str:
        """The kind of a false positive."""
        return _FALSE_KINDS[int(self.kinds[detection])]


def tide(examples: ExampleSet, detections: Sequence[Detections], matches: Matches) -> dict[str, ErrorKind]:
    """{kind: how many errors, and what AP50, the mean over classes, would gain without them}.

    Args:
        matches: those of the examples and detections at IoU 0.5.
    """
    errors = find_errors(examples, detections, matches)
    base = _mean_ap(matches, matches.true_positive, matches.label, np.ones(len(matches.label), dtype=bool))
    best = _best_of_targets(matches, errors)
    kinds: dict[str, ErrorKind] = {}
    for kind in KINDS:
        if kind == MISSED:
            count, better = int(errors.missed.sum()), _without_missed(matches, errors)
        else:
            of_kind = errors.kinds == _FALSE_KINDS.index(kind)
            count, better = int(of_kind.sum()), _without(matches, errors, of_kind, best & of_kind)
        kinds[kind] = {"count": count, "lost_ap50": max(better - base, 0.0)}
    return kinds


def find_errors(examples: ExampleSet, detections: Sequence[Detections], matches: Matches) -> ErrorKinds:
    """The kind of each error; arguments as of ``tide``."""
    kinds = np.full(len(matches.score), _NO_ERROR)
    targets = np.full(len(matches.score), UNMATCHED)
    false = np.flatnonzero(~matches.true_positive)
    false = false[np.argsort(matches.image[false], kind="stable")]
    starts = np.searchsorted(matches.image[false], np.arange(matches.images + 1))
    object_starts = np.searchsorted(matches.ground_truth_image, np.arange(matches.images + 1))
    for image, example in enumerate(examples.examples):
        here = false[starts[image] : starts[image + 1]]
        objects: Ints = np.arange(int(object_starts[image]), int(object_starts[image + 1]))
        if len(here):
            boxes = xywh_to_xyxy(detections[image].boxes[matches.index[here]])
            overlap = pairwise_iou(boxes, xywh_to_xyxy(example.annotations.boxes[matches.ground_truth_index[objects]]))
            kinds[here], targets[here] = _kinds_of(matches, here, objects, overlap)
    missed = matches.matched_at == -np.inf
    missed[targets[targets != UNMATCHED]] = False
    return ErrorKinds(kinds, targets, missed)


class _Kinds(NamedTuple):
    """(N,) each: the kinds and targets as in ``ErrorKinds``."""

    kinds: Ints
    targets: Ints


def _kinds_of(matches: Matches, here: Ints, objects: Ints, overlap: Floats) -> _Kinds:
    """The kinds of the false positives ``here``, (N,), in an image with ``objects``, (M,); ``overlap``: (N, M) IoU."""
    if not len(objects):
        return _Kinds(np.full(len(here), _FALSE_KINDS.index(BACKGROUND)), np.full(len(here), UNMATCHED))
    right_class = matches.label[here][:, None] == matches.ground_truth_label[objects][None]
    right, wrong = overlap * right_class, overlap * ~right_class
    matched = right * (matches.matched_at[objects] > -np.inf)
    nearest = right.max(axis=1)
    fits = (
        (nearest >= BACKGROUND_IOU) & (nearest <= MATCH_IOU),
        wrong.max(axis=1) >= MATCH_IOU,
        matched.max(axis=1) >= MATCH_IOU,
        overlap.max(axis=1) <= BACKGROUND_IOU,
    )
    kinds = np.select(fits, range(len(fits)), default=_FALSE_KINDS.index(BOTH))
    aims = np.select([kinds == 0, kinds == 1], [right.argmax(axis=1), wrong.argmax(axis=1)], default=-1)
    return _Kinds(kinds, np.where(aims >= 0, objects[aims], UNMATCHED))


def _best_of_targets(matches: Matches, errors: ErrorKinds) -> Bools:
    """(D,) for each undetected target the error of the highest confidence; only that one can be corrected."""
    best = np.zeros(len(matches.score), dtype=bool)
    aiming = np.flatnonzero(errors.targets != UNMATCHED)  # highest confidence first
    aiming = aiming[matches.matched_at[errors.targets[aiming]] == -np.inf]
    _, first = np.unique(errors.targets[aiming], return_index=True)
    best[aiming[first]] = True
    return best


def _without(matches: Matches, errors: ErrorKinds, of_kind: Bools, corrected: Bools) -> float:
    """AP50 where the errors ``of_kind`` are ``corrected`` if they can be, and removed if not."""
    label = matches.label
    if corrected.any():
        label = np.where(corrected, matches.ground_truth_label[errors.targets], label)
    return _mean_ap(matches, matches.true_positive | corrected, label, ~of_kind | corrected)


def _without_missed(matches: Matches, errors: ErrorKinds) -> float:
    """AP50 where the missed objects are not labelled."""
    everything = np.ones(len(matches.label), dtype=bool)
    return _mean_ap(matches, matches.true_positive, matches.label, everything, errors.missed)


def _mean_ap(
    matches: Matches, true_positive: Bools, label: Ints, kept: Bools, removed: Optional[Bools] = None
) -> float:
    """The mean over the classes that have objects; 0 for a class all of whose objects are ``removed``."""
    values: list[float] = []
    for one in np.unique(matches.ground_truth_label).tolist():
        of_class = matches.ground_truth_label == one
        objects = int(of_class.sum() if removed is None else (of_class & ~removed).sum())
        values.append(coco_ap(true_positive[kept & (label == one)], objects, _RECALLS) if objects else 0.0)
    return float(np.mean(values)) if values else 0.0
