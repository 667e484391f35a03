"""The ignore rule: predictions that overlap an object or an ignored region are not taught to be background."""

from __future__ import annotations

from ..feeding.target_rows import IGNORE, KIND, PADDING, H, W, X, Y
from ..network.tensors import Tensor, ops
from .overlap import shared_length


def overlaps_any(boxes: Tensor, ground_truths: Tensor, threshold: float) -> Tensor:
    """1.0 where a predicted box overlaps an object of its image beyond ``threshold``, else 0.0.

    (B, rows, columns, A, 4) centre boxes and (B, T, 6) of ``ground_truth_rows`` -> (B, rows, columns, A). For an
    ignored region the fraction of the *prediction* inside it counts, as in COCO's evaluation of crowds.
    """
    predicted = [boxes[..., None, side] for side in (X, Y, W, H)]
    given = [ground_truths[:, None, None, None, :, column] for column in (X, Y, W, H, KIND)]
    overlap = shared_length(predicted[0], predicted[2], given[0], given[2])
    overlap = overlap * shared_length(predicted[1], predicted[3], given[1], given[3])
    area = predicted[2] * predicted[3]
    kind = given[4]
    whole = ops.where(kind == IGNORE, area, area + given[2] * given[3] - overlap)
    beyond = ops.logical_and(overlap > threshold * whole, kind != PADDING)
    return ops.cast(ops.any(beyond, axis=-1), boxes.dtype)
