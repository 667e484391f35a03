"""Raw network outputs to boxes and scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from keras import KerasTensor, ops

from .spec import DetectorSpec

# exp of a raw size is unbounded and early training visits infinity; beyond this every box is the whole picture.
MAX_LOG_SIZE = 20.0


def decode_boxes(raw: KerasTensor, spec: DetectorSpec, head: int) -> KerasTensor:
    """(B, grid, grid, A, 5 + classes) raw -> (B, grid, grid, A, 4) centre x, y, width, height relative to the input.

    Rows run down, columns right: the cell at ``[row, column]`` predicts centres around (column, row) / grid.
    """
    grid = spec.grid(head)
    cells = np.arange(grid, dtype=np.float32)
    corners = np.stack(np.meshgrid(cells, cells), axis=-1)[None, :, :, None, :]
    stretch = spec.scale_x_y[head]
    centre = stretch * ops.sigmoid(raw[..., 0:2]) - (stretch - 1) / 2
    size = ops.exp(ops.minimum(raw[..., 2:4], MAX_LOG_SIZE)) * (spec.head_anchors(head) / spec.size)
    return ops.concatenate([(centre + corners) / grid, size], axis=-1)


def decode(heads: Sequence, spec: DetectorSpec) -> tuple:
    """The raw outputs of all heads -> boxes and scores of every prediction.

    Args:
        heads: for each head (B, grid, grid, A * (5 + classes)).

    Returns:
        (B, P, 4) float32 ``[x1, y1, x2, y2]`` in pixels of the network's input, and (B, P, classes) float32
        scores, objectness times class probability, as numpy arrays.
    """
    boxes, scores = [], []
    for head, raw in enumerate(heads):
        grid, anchors = spec.grid(head), len(spec.masks[head])
        raw = ops.reshape(raw, (-1, grid, grid, anchors, 5 + len(spec.classes)))
        centred = ops.reshape(decode_boxes(raw, spec, head), (-1, grid * grid * anchors, 4)) * spec.size
        half = centred[..., 2:] / 2
        boxes.append(ops.concatenate([centred[..., :2] - half, centred[..., :2] + half], axis=-1))
        score = ops.sigmoid(raw[..., 4:5]) * ops.sigmoid(raw[..., 5:])
        scores.append(ops.reshape(score, (-1, grid * grid * anchors, len(spec.classes))))
    return (
        ops.convert_to_numpy(ops.concatenate(boxes, axis=1)),
        ops.convert_to_numpy(ops.concatenate(scores, axis=1)),
    )
