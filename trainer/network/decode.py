"""Raw outputs of a network -> boxes and scores: the same functions for the loss and for inference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .spec import ModelSpec
from .tensors import Tensor, ops

# exp of a raw size is unbounded and overflows early in training; beyond this every box covers the whole image.
MAX_LOG_SIZE = 20.0

# Channels of a prediction; the classes follow.
CENTRE, SIZE, OBJECT, CLASSES = slice(0, 2), slice(2, 4), 4, slice(5, None)


class BoxesAndScores(NamedTuple):
    """All predictions of a batch: (B, P, 4) xyxy in pixels of the input, and (B, P, classes) scores."""

    boxes: Tensor
    scores: Tensor


def as_heads(outputs: Tensor) -> Sequence[Tensor]:
    """The outputs of a network as a sequence of heads: Keras unpacks the output of a network of one head."""
    return outputs if isinstance(outputs, (list, tuple)) else (outputs,)


def predictions(raw: Tensor, spec: ModelSpec, head: int) -> Tensor:
    """(B, rows, columns, A * (5 + classes)) of a head -> (B, rows, columns, A, 5 + classes) float32.

    Float32 whatever precision the network computes in: a sum over ten thousand predictions needs the digits.
    """
    _, rows, columns, _ = raw.shape
    shape = (-1, rows, columns, len(spec.yolo_head.masks[head]), 5 + len(spec.classes))
    return ops.cast(ops.reshape(raw, shape), "float32")


def decode_boxes(raw: Tensor, spec: ModelSpec, head: int) -> Tensor:
    """(B, rows, columns, A, 5 + classes) -> (B, rows, columns, A, 4) centre x, y, width, height relative to the input.

    The cell at ``[row, column]`` predicts centres around (column, row). The size of the input follows from the grid,
    so that one head works at every size.
    """
    rows, columns = raw.shape[1:3]
    grid = np.array([columns, rows], dtype=np.float32)
    corners = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1).astype(np.float32)
    stretch = spec.yolo_head.scale_x_y[head]
    centre = stretch * ops.sigmoid(raw[..., CENTRE]) - (stretch - 1) / 2
    anchors = spec.yolo_head.anchors_of(head) / (grid * spec.yolo_head.strides[head])
    size = ops.exp(ops.minimum(raw[..., SIZE], MAX_LOG_SIZE)) * anchors
    return ops.concatenate([(centre + corners[None, :, :, None, :]) / grid, size], axis=-1)


def decode(heads: Tensor, spec: ModelSpec) -> BoxesAndScores:
    """``boxes_and_scores`` as numpy arrays."""
    boxes, scores = boxes_and_scores(heads, spec)
    return BoxesAndScores(ops.convert_to_numpy(boxes), ops.convert_to_numpy(scores))


def boxes_and_scores(heads: Tensor, spec: ModelSpec) -> BoxesAndScores:
    """The raw outputs of all heads -> boxes and scores of every prediction; in a graph, or eagerly.

    Args:
        heads: for each head (B, rows, columns, A * (5 + classes)).

    Returns:
        (B, P, 4) float32 ``[x1, y1, x2, y2]`` in pixels of the network's input, and (B, P, classes) float32
        scores, objectness times class probability.
    """
    boxes: list[Tensor] = []
    scores: list[Tensor] = []
    for head, raw in enumerate(as_heads(heads)):
        raw = predictions(raw, spec, head)
        rows, columns, anchors = raw.shape[1:4]
        pixels = np.array([columns, rows] * 2, dtype=np.float32) * spec.yolo_head.strides[head]
        centred = ops.reshape(decode_boxes(raw, spec, head), (-1, rows * columns * anchors, 4)) * pixels
        half = centred[..., 2:] / 2
        boxes.append(ops.concatenate([centred[..., :2] - half, centred[..., :2] + half], axis=-1))
        score = ops.sigmoid(raw[..., OBJECT : OBJECT + 1]) * ops.sigmoid(raw[..., CLASSES])
        scores.append(ops.reshape(score, (-1, rows * columns * anchors, len(spec.classes))))
    return BoxesAndScores(ops.concatenate(boxes, axis=1), ops.concatenate(scores, axis=1))
