"""How boxes overlap, in the graph."""

from __future__ import annotations

import math

from keras import KerasTensor, ops

from ..feeding.target_rows import H, W, X, Y

# Of the input's area and side: far below a pixel, far above float32's smallest.
_TINY = 1e-9


def iou_and_ciou(boxes: KerasTensor, ground_truths: KerasTensor) -> tuple:
    """IoU and complete IoU (arXiv 1911.08287) of (..., 4) centre boxes with as many others -> (...) and (...).

    Complete IoU takes off the distance of the centres over the diagonal of the box around both, and the
    difference of the aspects. Finite, and of finite gradient, for boxes of any size, none included.
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
    return iou, iou - apart - weight * aspect


def shared_length(
    centre: KerasTensor, length: KerasTensor, other: KerasTensor, other_length: KerasTensor
) -> KerasTensor:
    """Length that two intervals share."""
    low = ops.maximum(centre - length / 2, other - other_length / 2)
    high = ops.minimum(centre + length / 2, other + other_length / 2)
    return ops.maximum(high - low, 0.0)


def _around(centre: KerasTensor, length: KerasTensor, other: KerasTensor, other_length: KerasTensor) -> KerasTensor:
    """Length of the interval around two."""
    low = ops.minimum(centre - length / 2, other - other_length / 2)
    return ops.maximum(centre + length / 2, other + other_length / 2) - low
