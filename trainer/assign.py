"""Which prediction answers for which truth: darknet's assignment, in numpy, for one picture.

Source: ``forward_yolo_layer`` in yolo_layer.c of pjreddie/darknet.
"""

from __future__ import annotations

import numpy as np

from .spec import DetectorSpec

# Channels of a target cell; the multi-hot classes follow.
X, Y, LOG_W, LOG_H, BOX_SCALE = range(5)
TARGET_CHANNELS = 5

# Kinds of a row of ``truths``.
PADDING, TRUTH, IGNORE = 0.0, 1.0, 2.0


def assign(boxes: np.ndarray, labels: np.ndarray, spec: DetectorSpec) -> list:
    """Targets of every head for the truths of one picture.

    A truth goes to the anchor of best shape IoU over *all* anchors, at the cell of its centre, on the head
    that owns the anchor; the other heads get nothing. Where two meet, the later owns the box and the classes
    of both are set.

    Args:
        boxes: (N, 4) centre x, y, width, height relative to the input, 0..1, with area.
        labels: (N,) class indices.

    Returns:
        For each head (grid, grid, A, 5 + classes) float32: x and y within the cell 0..1, log of width and
        height over the anchor's, 2 - w * h (0 where no truth is: the mark of a positive), classes multi-hot.
    """
    targets = [
        np.zeros((spec.grid(head), spec.grid(head), len(mask), TARGET_CHANNELS + len(spec.classes)), np.float32)
        for head, mask in enumerate(spec.masks)
    ]
    if not len(boxes):
        return targets
    owners = {anchor: (head, slot) for head, mask in enumerate(spec.masks) for slot, anchor in enumerate(mask)}
    anchors = np.array(spec.anchors, dtype=np.float64)
    best = shape_iou(np.asarray(boxes)[:, 2:] * spec.size, anchors).argmax(axis=1)
    for (x, y, width, height), label, anchor in zip(boxes, labels, best):
        if anchor not in owners:  # as in the masks of the official tiny weights
            continue
        head, slot = owners[anchor]
        grid = spec.grid(head)
        column, row = min(int(x * grid), grid - 1), min(int(y * grid), grid - 1)
        cell = targets[head][row, column, slot]
        cell[X], cell[Y] = x * grid - column, y * grid - row
        cell[LOG_W] = np.log(width * spec.size / anchors[anchor, 0])
        cell[LOG_H] = np.log(height * spec.size / anchors[anchor, 1])
        cell[BOX_SCALE] = 2 - width * height
        cell[TARGET_CHANNELS + label] = 1
    return targets


def shape_iou(sizes: np.ndarray, anchors: np.ndarray) -> np.ndarray:
    """IoU of (N, 2) and (K, 2) sizes (width, height) laid on the same centre -> (N, K)."""
    sizes, anchors = np.asarray(sizes)[:, None, :], np.asarray(anchors)[None, :, :]
    intersection = np.minimum(sizes, anchors).prod(axis=-1)
    return intersection / (sizes.prod(axis=-1) + anchors.prod(axis=-1) - intersection)


def truth_rows(boxes: np.ndarray, ignore: np.ndarray, slots: int) -> np.ndarray:
    """(N, 4) centre boxes and (N,) bool -> (slots, 5) float32 rows: the box and its kind, padded at the end."""
    rows = np.zeros((slots, 5), dtype=np.float32)
    rows[: len(boxes), :4] = boxes
    rows[: len(boxes), 4] = np.where(ignore, IGNORE, TRUTH)
    return rows
