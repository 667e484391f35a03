"""Darknet's loss of YOLOv3 as named sums; its gradient is minus darknet's ``delta``.

Darknet never computes this value: it writes the gradient down. DETECTOR rules: all losses are sums, the box
terms of small truths weigh more (2 - w * h), every prediction that overlaps *any* truth of the picture beyond
the threshold is left out of the background, whichever head made it.
"""

from __future__ import annotations

from collections.abc import Sequence

from keras import KerasTensor, ops

from . import assign
from .decode import decode_boxes
from .spec import DetectorSpec

TERMS = ("centre", "size", "object", "background", "class")


def loss_terms(heads: Sequence, targets: Sequence, truths: KerasTensor, spec: DetectorSpec) -> dict:
    """The loss of a batch, term by term, summed over pictures, heads, cells and anchors.

    Args:
        heads: for each head (B, grid, grid, A * (5 + classes)) raw outputs of the network.
        targets: for each head (B, grid, grid, A, 5 + classes) of ``assign.assign``.
        truths: (B, T, 5) of ``assign.truth_rows``: every truth of each picture; T is not limited.

    Returns:
        A scalar for each name in ``TERMS``.
    """
    totals = dict.fromkeys(TERMS, 0.0)
    for head, (raw, target) in enumerate(zip(heads, targets)):
        for name, value in _head_terms(raw, target, truths, spec, head).items():
            totals[name] = totals[name] + value
    return totals


def _head_terms(raw: KerasTensor, target: KerasTensor, truths: KerasTensor, spec: DetectorSpec, head: int) -> dict:
    grid, anchors = spec.grid(head), len(spec.masks[head])
    raw = ops.reshape(raw, (-1, grid, grid, anchors, 5 + len(spec.classes)))
    weight = target[..., assign.BOX_SCALE]
    positive = ops.cast(weight > 0, raw.dtype)
    overlapping = _overlaps_any(decode_boxes(ops.stop_gradient(raw), spec, head), truths, spec.ignore_threshold)
    background = (1 - positive) * (1 - overlapping)

    # With scale_x_y = s the centre is s * sigmoid - (s - 1) / 2; this is the sigmoid that puts it on the truth.
    stretch = spec.scale_x_y[head]
    centre = (target[..., assign.X : assign.Y + 1] + (stretch - 1) / 2) / stretch
    size_error = raw[..., 2:4] - target[..., assign.LOG_W : assign.LOG_H + 1]
    classes = target[..., assign.TARGET_CHANNELS :]
    return {
        "centre": ops.sum(weight[..., None] * _cross_entropy(raw[..., 0:2], centre)),
        "size": ops.sum(weight[..., None] * 0.5 * ops.square(size_error)),
        "object": ops.sum(positive * _cross_entropy(raw[..., 4], 1.0)),
        "background": ops.sum(background * _cross_entropy(raw[..., 4], 0.0)),
        "class": ops.sum(positive[..., None] * _cross_entropy(raw[..., 5:], classes)),
    }


def _cross_entropy(logits: KerasTensor, target: KerasTensor | float) -> KerasTensor:
    """Binary cross-entropy of sigmoid(logits); its gradient is sigmoid(logits) - target."""
    return ops.softplus(logits) - logits * target


def _overlaps_any(boxes: KerasTensor, truths: KerasTensor, threshold: float) -> KerasTensor:
    """1.0 where a predicted box overlaps a truth of its picture beyond ``threshold``, else 0.0.

    (B, grid, grid, A, 4) and (B, T, 5) -> (B, grid, grid, A). Over a region to ignore the share of the
    *prediction* inside it counts, as in COCO's evaluation of crowds.
    """
    predicted, given = boxes[..., None, :], truths[:, None, None, None, :, :]
    low = ops.maximum(predicted[..., :2] - predicted[..., 2:4] / 2, given[..., :2] - given[..., 2:4] / 2)
    high = ops.minimum(predicted[..., :2] + predicted[..., 2:4] / 2, given[..., :2] + given[..., 2:4] / 2)
    intersection = ops.prod(ops.maximum(high - low, 0.0), axis=-1)
    own = ops.prod(predicted[..., 2:4], axis=-1)
    union = own + ops.prod(given[..., 2:4], axis=-1) - intersection
    kind = given[..., 4]
    whole = ops.where(kind == assign.IGNORE, own, union)
    overlaps = ops.logical_and(intersection > threshold * whole, kind != assign.PADDING)
    return ops.cast(ops.any(overlaps, axis=-1), boxes.dtype)
