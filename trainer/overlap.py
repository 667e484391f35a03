"""How boxes overlap, in the graph: for each prediction with every truth, and with its own."""

from __future__ import annotations

import math

from keras import KerasTensor, ops

from .assign import IGNORE, KIND, PADDING, H, W, X, Y

# Of the input's area and side: far below a pixel, far above float32's smallest.
_TINY = 1e-9


def overlaps_any(boxes: KerasTensor, truths: KerasTensor, threshold: float) -> KerasTensor:
    """1.0 where a predicted box overlaps a truth of its picture beyond ``threshold``, else 0.0.

    (B, rows, columns, A, 4) centre boxes and (B, T, 6) of ``assign.truth_rows`` -> (B, rows, columns, A). Over a
    region to ignore the share of the *prediction* inside it counts, as in COCO's evaluation of crowds.
    """
    predicted = [boxes[..., None, side] for side in (X, Y, W, H)]
    given = [truths[:, None, None, None, :, column] for column in (X, Y, W, H, KIND)]
    overlap = _overlap(predicted[0], predicted[2], given[0], given[2])
    overlap = overlap * _overlap(predicted[1], predicted[3], given[1], given[3])
    own = predicted[2] * predicted[3]
    kind = given[4]
    whole = ops.where(kind == IGNORE, own, own + given[2] * given[3] - overlap)
    beyond = ops.logical_and(overlap > threshold * whole, kind != PADDING)
    return ops.cast(ops.any(beyond, axis=-1), boxes.dtype)


def iou_and_ciou(boxes: KerasTensor, truths: KerasTensor) -> tuple:
    """IoU and complete IoU (arXiv 1911.08287) of (..., 4) centre boxes with as many others -> (...) and (...).

    Complete IoU takes off the distance of the centres over the diagonal of the box around both, and the
    difference of the aspects. Finite, and of finite gradient, for boxes of any size, none included.
    """
    x, y, w, h = (boxes[..., side] for side in (X, Y, W, H))
    w, h = ops.maximum(w, _TINY), ops.maximum(h, _TINY)
    truth_x, truth_y, truth_w, truth_h = (truths[..., side] for side in (X, Y, W, H))
    truth_w, truth_h = ops.maximum(truth_w, _TINY), ops.maximum(truth_h, _TINY)

    overlap = _overlap(x, w, truth_x, truth_w) * _overlap(y, h, truth_y, truth_h)
    iou = overlap / (w * h + truth_w * truth_h - overlap + _TINY)
    around = ops.square(_around(x, w, truth_x, truth_w)) + ops.square(_around(y, h, truth_y, truth_h))
    apart = (ops.square(x - truth_x) + ops.square(y - truth_y)) / (around + _TINY)
    aspect = ops.square(2 / math.pi * (ops.arctan2(truth_w, truth_h) - ops.arctan2(w, h)))
    weight = ops.stop_gradient(aspect / (1 - iou + aspect + _TINY))
    return iou, iou - apart - weight * aspect


def _overlap(centre: KerasTensor, length: KerasTensor, other: KerasTensor, other_length: KerasTensor) -> KerasTensor:
    """Length that two intervals share."""
    low = ops.maximum(centre - length / 2, other - other_length / 2)
    high = ops.minimum(centre + length / 2, other + other_length / 2)
    return ops.maximum(high - low, 0.0)


def _around(centre: KerasTensor, length: KerasTensor, other: KerasTensor, other_length: KerasTensor) -> KerasTensor:
    """Length of the interval around two."""
    low = ops.minimum(centre - length / 2, other - other_length / 2)
    return ops.maximum(centre + length / 2, other + other_length / 2) - low
