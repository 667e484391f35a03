"""The predictions matched to each labelled object, in the graph: two rules that give targets of the same shape.

``darknet_targets`` is ``forward_yolo_layer`` of yolo_layer.c (pjreddie/darknet). ``modern_targets`` also matches
further anchors and the neighbouring cells. Everything is dense and of static shape, without a loop over boxes: only
the padding of the batch limits the number of objects in an image.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..feeding.target_rows import GROUND_TRUTH, KIND, LABEL, W, X, Y
from ..network.anchors import SHAPE_RATIO
from ..network.spec import ModelSpec
from ..network.tensors import Tensor, ops

Grid = tuple[int, int]  # rows and columns of a head


class Targets(NamedTuple):
    """The targets of one head.

    Attributes:
        positive: (B, rows, columns, A) float32, 1 where an object is matched.
        boxes: (B, rows, columns, A, 4) centre x, y, width, height of the matched object relative to the input;
            a box of the padding where there is none.
        classes: (B, rows, columns, A, classes) float32 multi-hot.
    """

    positive: Tensor
    boxes: Tensor
    classes: Tensor


def darknet_targets(ground_truths: Tensor, spec: ModelSpec, head: int, grid: Grid) -> Targets:
    """Darknet's rule: an object is matched to the anchor of best shape IoU over *all* anchors.

    It is matched at the cell of its centre. Heads that do not own the anchor get nothing. Where two objects are matched
    to one prediction, the later sets the box, and the classes of both are set.

    Args:
        ground_truths: (B, T, 6) of ``ground_truth_rows``.
    """
    chosen = _best_anchor(ground_truths, spec, grid, head)
    claims = _each_cell(_own_cell(ground_truths[..., Y], grid[0]), _own_cell(ground_truths[..., X], grid[1]), chosen)
    # Counted, not taken from the shape: TensorFlow leaves T open after batches with different numbers of objects.
    order = ops.cumsum(ops.ones_like(ground_truths[..., KIND]), axis=1)[:, :, None, None, None]
    owner, positive = _strongest(claims * order)
    labels = ops.one_hot(ops.cast(ground_truths[..., LABEL], "int32"), len(spec.classes), dtype="float32")
    classes = ops.minimum(ops.einsum("btyxa,btc->byxac", claims, labels), 1.0)
    return Targets(positive, _of_owner(ground_truths[..., :KIND], owner), classes)


def modern_targets(ground_truths: Tensor, spec: ModelSpec, head: int, grid: Grid) -> Targets:
    """Several anchors and cells per object, so that a small data set gives more to learn from.

    Every anchor within ``SHAPE_RATIO`` of the object's sides is matched, and the best of all anchors always; at the
    cell of the centre and at the nearest neighbour to the side and up or down, *if* the head's decode reaches the
    centre from there: s * sigmoid - (s - 1) / 2 leaves its cell by (s - 1) / 2, so s = 2 reaches every nearest
    neighbour and s = 1 none. Where several objects are matched to one prediction, it goes to the object whose centre
    lies in the cell, then to the one of better shape IoU, then to the earlier.

    Args: as ``darknet_targets``.
    """
    sizes, anchors = _pixel_sizes(ground_truths, spec, head, grid), spec.yolo_head.anchors_of(head)
    ratio = sizes[..., None, :] / anchors
    close = ops.all(ops.logical_and(ratio < SHAPE_RATIO, ratio > 1 / SHAPE_RATIO), axis=-1)
    close = ops.cast(close, "float32") * _is_ground_truth(ground_truths)[..., None]
    chosen = ops.maximum(close, _best_anchor(ground_truths, spec, grid, head))

    reach = 0.5 + min((spec.yolo_head.scale_x_y[head] - 1) / 2, 0.5)
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


def _shape_iou(sizes: Tensor, anchors: np.ndarray) -> Tensor:
    """``boxes.size_iou`` in the graph, (..., 2) and (K, 2) -> (..., K)."""
    overlap = ops.prod(ops.minimum(sizes[..., None, :], anchors), axis=-1)
    union = ops.prod(sizes, axis=-1)[..., None] + anchors.prod(axis=-1) - overlap
    return overlap / union


def _pixel_sizes(ground_truths: Tensor, spec: ModelSpec, head: int, grid: Grid) -> Tensor:
    """(B, T, 2) width and height in pixels of the input this ``grid`` belongs to."""
    rows, columns = grid
    return ground_truths[..., W:KIND] * np.array([columns, rows], np.float32) * spec.yolo_head.strides[head]


def _is_ground_truth(ground_truths: Tensor) -> Tensor:
    return ops.cast(ground_truths[..., KIND] == GROUND_TRUTH, "float32")


def _best_anchor(ground_truths: Tensor, spec: ModelSpec, grid: Grid, head: int) -> Tensor:
    """(B, T, A) 1 where the head's anchor is the best for the object among those of all heads."""
    anchors = np.array(spec.yolo_head.anchors, np.float32)
    best = ops.argmax(_shape_iou(_pixel_sizes(ground_truths, spec, head, grid), anchors), axis=-1)
    mask = np.array(spec.yolo_head.masks[head], np.int32)
    return ops.cast(ops.cast(best, "int32")[..., None] == mask, "float32") * _is_ground_truth(ground_truths)[..., None]


def _own_cell(centre: Tensor, cells: int) -> Tensor:
    """(B, T) 0..1 -> (B, T, cells) 1 at the cell the centre lies in."""
    index = ops.minimum(ops.cast(ops.floor(centre * cells), "int32"), cells - 1)
    return ops.one_hot(index, cells, dtype="float32")


def _near_cells(centre: Tensor, cells: int, reach: float) -> Tensor:
    """(B, T) 0..1 -> (B, T, cells) 1 at the cells whose middle is less than ``reach`` cells away."""
    middles = np.arange(cells, dtype=np.float32) + 0.5
    return ops.cast(ops.abs(centre[..., None] * cells - middles) < reach, "float32")


def _each_cell(rows: Tensor, columns: Tensor, anchors: Tensor) -> Tensor:
    """(B, T, rows), (B, T, columns), (B, T, A) -> (B, T, rows, columns, A), their product."""
    return rows[:, :, :, None, None] * columns[:, :, None, :, None] * anchors[:, :, None, None, :]


class _Owners(NamedTuple):
    """The index of the object matched to each prediction, and 1 where there is one, both (B, rows, columns, A)."""

    index: Tensor
    positive: Tensor


def _strongest(claims: Tensor) -> _Owners:
    """(B, T, rows, columns, A) strength of each object's claim, 0 = none -> the strongest, the earlier of equals."""
    return _Owners(ops.argmax(claims, axis=1), ops.cast(ops.max(claims, axis=1) > 0, "float32"))


def _of_owner(values: Tensor, owner: Tensor) -> Tensor:
    """(B, T, V) values of each object and (B, rows, columns, A) indices -> (B, rows, columns, A, V)."""
    flat = ops.reshape(owner, (-1, int(np.prod(owner.shape[1:])), 1))
    picked = ops.take_along_axis(values, flat, axis=1)
    return ops.reshape(picked, (-1, *owner.shape[1:], values.shape[-1]))
