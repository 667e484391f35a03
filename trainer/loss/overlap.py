"""Overlap of boxes, in the graph: IoU and complete IoU, and the ignore rule, which is made of overlaps."""

from __future__ import annotations

import math
from typing import NamedTuple

from ..feeding.target_rows import IGNORE, KIND, PADDING, H, W, X, Y
from ..network.tensors import Tensor, ops

# As a fraction of the input's area and side: far below a pixel, far above the smallest float32.
_TINY = 1e-9


class Overlaps(NamedTuple):
    """IoU and complete IoU of pairs of boxes, each (...)."""

    iou: Tensor
    ciou: Tensor


# Not `compute_ciou` of Keras 3.15: its values are the same to 7e-6 and it is finite, too, but it differentiates through
# the weight of the aspect term, which the paper holds constant (gradients differ by up to 30 % of the largest), its
# gradient reaches 2e6 at a box without area, where this one is 0, and forward and backward take 1.4 times as long
# (TensorFlow, CPU, 16 224 boxes). `compute_iou` compares every pair and has no rule for ignored regions.
def iou_and_ciou(boxes: Tensor, ground_truths: Tensor) -> Overlaps:
    """IoU and complete IoU (arXiv 1911.08287) of (..., 4) centre boxes with as many others.

    Complete IoU subtracts the distance of the centres relative to the diagonal of the box around both, and the
    difference of the aspect ratios. Finite, with a finite gradient, for boxes of any size, zero included.
    """
    x, y, w, h = (boxes[..., side] for side in (X, Y, W, H))
    w, h = ops.maximum(w, _TINY), ops.maximum(h, _TINY)
    ground_truth_x, ground_truth_y, ground_truth_w, ground_truth_h = (ground_truths[..., side] for side in (X, Y, W, H))
    ground_truth_w, ground_truth_h = ops.maximum(ground_truth_w, _TINY), ops.maximum(ground_truth_h, _TINY)

    overlap = shared_length(x, w, ground_truth_x, ground_truth_w) * shared_length(y, h, ground_truth_y, ground_truth_h)
    iou = overlap / (w * h + ground_truth_w * ground_truth_h - overlap + _TINY)
    around = ops.square(_around(x, w, ground_truth_x, ground_truth_w)) + ops.square(
        _around(y, h, ground_truth_y, ground_truth_h)
    )
    apart = (ops.square(x - ground_truth_x) + ops.square(y - ground_truth_y)) / (around + _TINY)
    aspect = ops.square(2 / math.pi * (ops.arctan2(ground_truth_w, ground_truth_h) - ops.arctan2(w, h)))
    weight = ops.stop_gradient(aspect / (1 - iou + aspect + _TINY))
    return Overlaps(iou, iou - apart - weight * aspect)


def overlaps_any(boxes: Tensor, ground_truths: Tensor, threshold: float) -> Tensor:
    """1.0 where a predicted box overlaps an object of its image beyond ``threshold``, else 0.0.

    These predictions are not taught to be background.

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


def shared_length(centre: Tensor, length: Tensor, other: Tensor, other_length: Tensor) -> Tensor:
    """Length of the intersection of two intervals."""
    low = ops.maximum(centre - length / 2, other - other_length / 2)
    high = ops.minimum(centre + length / 2, other + other_length / 2)
    return ops.maximum(high - low, 0.0)


def _around(centre: Tensor, length: Tensor, other: Tensor, other_length: Tensor) -> Tensor:
    """Length of the smallest interval around two."""
    low = ops.minimum(centre - length / 2, other - other_length / 2)
    return ops.maximum(centre + length / 2, other + other_length / 2) - low
