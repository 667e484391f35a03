"""The ignore rule: which predictions are not called background, because they see a truth or a region to ignore."""

from __future__ import annotations

from keras import KerasTensor, ops

from ..feeding.target_rows import IGNORE, KIND, PADDING, H, W, X, Y
from .overlap import shared_length


def overlaps_any(boxes: KerasTensor, ground_truths: KerasTensor, threshold: float) -> KerasTensor:
    """1.0 where a predicted box overlaps a truth of its image beyond ``threshold``, else 0.0.

    (B, rows, columns, A, 4) centre boxes and (B, T, 6) of ``truths.ground_truth_rows`` -> (B, rows, columns, A). Over a
    region to ignore the share of the *prediction* inside it counts, as in COCO's evaluation of crowds.
    """
    predicted = [boxes[..., None, side] for side in (X, Y, W, H)]
    given = [ground_truths[:, None, None, None, :, column] for column in (X, Y, W, H, KIND)]
    overlap = shared_length(predicted[0], predicted[2], given[0], given[2])
    overlap = overlap * shared_length(predicted[1], predicted[3], given[1], given[3])
    own = predicted[2] * predicted[3]
    kind = given[4]
    whole = ops.where(kind == IGNORE, own, own + given[2] * given[3] - overlap)
    beyond = ops.logical_and(overlap > threshold * whole, kind != PADDING)
    return ops.cast(ops.any(beyond, axis=-1), boxes.dtype)
