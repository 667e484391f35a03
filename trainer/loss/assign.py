"""Which prediction answers for which truth, in the graph: two rules, one shape of answer.

``darknet_targets`` is ``forward_yolo_layer`` of yolo_layer.c (pjreddie/darknet). ``modern_targets`` lets several
anchors and the neighbouring cells answer too. Everything is dense and of static shape, without a loop over
boxes: the number of truths of an image is limited by nothing but the padding of its batch.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from keras import KerasTensor, ops

from ..feeding.target_rows import GROUND_TRUTH, KIND, LABEL, W, X, Y
from ..network.anchors import SHAPE_RATIO
from ..network.spec import DetectorSpec


class Targets(NamedTuple):
    """What one head must answer.

    Attributes:
        positive: (B, rows, columns, A) float32, 1 where a truth is answered for.
        boxes: (B, rows, columns, A, 4) that truth's centre x, y, width, height relative to the input;
            a box of the padding where there is none.
        classes: (B, rows, columns, A, classes) float32 multi-hot.
    """

    positive: KerasTensor
    boxes: KerasTensor
    classes: KerasTensor


def darknet_targets(ground_truths: KerasTensor, spec: DetectorSpec, head: int, grid: tuple) -> Targets:
    """Darknet's rule: a truth goes to the anchor of best shape IoU over *all* anchors, at the cell of its centre.

    Heads that do not own the anchor get nothing. Where two truths meet, the later owns the box and the classes
    of both are set.

    Args:
        truths: (B, T, 6) of ``ground_truth_rows``.
        grid: (rows, columns) of the head.
    """
    chosen = _best_anchor(ground_truths, spec, grid, head)
    claims = _each_cell(_own_cell(ground_truths[..., Y], grid[0]), _own_cell(ground_truths[..., X], grid[1]), chosen)
    # Counted, not taken from the shape: TensorFlow leaves T open once batches with several numbers of truths came.
    order = ops.cumsum(ops.ones_like(ground_truths[..., KIND]), axis=1)[:, :, None, None, None]
    owner, positive = _strongest(claims * order)
    labels = ops.one_hot(ops.cast(ground_truths[..., LABEL], "int32"), len(spec.classes), dtype="float32")
    classes = ops.minimum(ops.einsum("btyxa,btc->byxac", claims, labels), 1.0)
    return Targets(positive, _of_owner(ground_truths[..., :KIND], owner), classes)


def modern_targets(ground_truths: KerasTensor, spec: DetectorSpec, head: int, grid: tuple) -> Targets:
    """Several anchors and cells a truth, so that small data has more to learn from.

    Every anchor within ``SHAPE_RATIO`` of the truth's sides answers, and the best of all anchors always does; at
    the cell of the centre and at the nearest neighbour to the side and up or down, *if* the head's decode
    reaches the centre from there: s * sigmoid - (s - 1) / 2 leaves its cell by (s - 1) / 2, so s = 2 reaches
    every nearest neighbour and s = 1 none. Where truths meet, the one at home in the cell owns the place, then
    the one of better shape IoU, then the earlier.

    Args: as ``darknet_targets``.
    """
    sizes, anchors = _pixel_sizes(ground_truths, spec, head, grid), spec.head_anchors(head)
    ratio = sizes[..., None, :] / anchors
    close = ops.all(ops.logical_and(ratio < SHAPE_RATIO, ratio > 1 / SHAPE_RATIO), axis=-1)
    close = ops.cast(close, "float32") * _is_ground_truth(ground_truths)[..., None]
    chosen = ops.maximum(close, _best_anchor(ground_truths, spec, grid, head))

    reach = 0.5 + min((spec.scale_x_y[head] - 1) / 2, 0.5)
    own_row, own_column = _own_cell(ground_truths[..., Y], grid[0]), _own_cell(ground_truths[..., X], grid[1])
    near_row, near_column = (
        _near_cells(ground_truths[..., Y], grid[0], reach),
        _near_cells(ground_truths[..., X], grid[1], reach),
    )
    home = _each_cell(own_row, own_column, chosen)
    claims = ops.maximum(
        home, ops.maximum(_each_cell(near_row, own_column, chosen), _each_cell(own_row, near_column, chosen))
    )
    quality = _shape_iou(sizes, anchors)[:, :, None, None, :]
    owner, positive = _strongest(claims * (quality + home))
    labels = ops.cast(_of_owner(ground_truths[..., LABEL:], owner)[..., 0], "int32")
    classes = ops.one_hot(labels, len(spec.classes), dtype="float32") * positive[..., None]
    return Targets(positive, _of_owner(ground_truths[..., :KIND], owner), classes)


def _shape_iou(sizes: KerasTensor, anchors: np.ndarray) -> KerasTensor:
    """``anchors.shape_iou`` in the graph, (..., 2) and (K, 2) -> (..., K)."""
    overlap = ops.prod(ops.minimum(sizes[..., None, :], anchors), axis=-1)
    union = ops.prod(sizes, axis=-1)[..., None] + anchors.prod(axis=-1) - overlap
    return overlap / union


def _pixel_sizes(ground_truths: KerasTensor, spec: DetectorSpec, head: int, grid: tuple) -> KerasTensor:
    """(B, T, 2) width and height in pixels of the input this ``grid`` belongs to."""
    rows, columns = grid
    return ground_truths[..., W:KIND] * np.array([columns, rows], np.float32) * spec.strides[head]


def _is_ground_truth(ground_truths: KerasTensor) -> KerasTensor:
    return ops.cast(ground_truths[..., KIND] == GROUND_TRUTH, "float32")


def _best_anchor(ground_truths: KerasTensor, spec: DetectorSpec, grid: tuple, head: int) -> KerasTensor:
    """(B, T, A) 1 where the head's anchor is the best for the truth among those of all heads."""
    anchors = np.array(spec.anchors, np.float32)
    best = ops.argmax(_shape_iou(_pixel_sizes(ground_truths, spec, head, grid), anchors), axis=-1)
    mask = np.array(spec.masks[head], np.int32)
    return ops.cast(ops.cast(best, "int32")[..., None] == mask, "float32") * _is_ground_truth(ground_truths)[..., None]


def _own_cell(centre: KerasTensor, cells: int) -> KerasTensor:
    """(B, T) 0..1 -> (B, T, cells) 1 at the cell the centre lies in."""
    index = ops.minimum(ops.cast(ops.floor(centre * cells), "int32"), cells - 1)
    return ops.one_hot(index, cells, dtype="float32")


def _near_cells(centre: KerasTensor, cells: int, reach: float) -> KerasTensor:
    """(B, T) 0..1 -> (B, T, cells) 1 at the cells whose middle is less than ``reach`` cells away."""
    middles = np.arange(cells, dtype=np.float32) + 0.5
    return ops.cast(ops.abs(centre[..., None] * cells - middles) < reach, "float32")


def _each_cell(rows: KerasTensor, columns: KerasTensor, anchors: KerasTensor) -> KerasTensor:
    """(B, T, rows), (B, T, columns), (B, T, A) -> (B, T, rows, columns, A), their product."""
    return rows[:, :, :, None, None] * columns[:, :, None, :, None] * anchors[:, :, None, None, :]


def _strongest(claims: KerasTensor) -> tuple:
    """(B, T, rows, columns, A), 0 = no claim -> the index of the strongest of T, the earlier of equals, and 1
    where there is one at all, both (B, rows, columns, A).
    """
    return ops.argmax(claims, axis=1), ops.cast(ops.max(claims, axis=1) > 0, "float32")


def _of_owner(values: KerasTensor, owner: KerasTensor) -> KerasTensor:
    """(B, T, V) values of each truth and (B, rows, columns, A) indices -> (B, rows, columns, A, V)."""
    flat = ops.reshape(owner, (-1, int(np.prod(owner.shape[1:])), 1))
    picked = ops.take_along_axis(values, flat, axis=1)
    return ops.reshape(picked, (-1, *owner.shape[1:], values.shape[-1]))
