"""Box arithmetic on numpy arrays, every box format by its name.

``xywh`` is COCO's ``[x, y, width, height]``, the stored format; ``xyxy`` are the corners ``[x1, y1, x2, y2]``.
All boxes are float64, origin top-left; x2 and y2 are exclusive, so width = x2 - x1.
"""

from __future__ import annotations

from typing import Optional

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def xywh_to_xyxy(boxes: ArrayLike) -> Floats:
    """(..., 4) ``[x, y, w, h]`` -> (..., 4) ``[x1, y1, x2, y2]``."""
    boxes = np.asarray(boxes, dtype=np.float64)
    return np.concatenate([boxes[..., :2], boxes[..., :2] + boxes[..., 2:]], axis=-1)


def xyxy_to_xywh(boxes: ArrayLike) -> Floats:
    """(..., 4) ``[x1, y1, x2, y2]`` -> (..., 4) ``[x, y, w, h]``."""
    boxes = np.asarray(boxes, dtype=np.float64)
    return np.concatenate([boxes[..., :2], boxes[..., 2:] - boxes[..., :2]], axis=-1)


def clip_xyxy(boxes: ArrayLike, width: float, height: float) -> Floats:
    """Clip (..., 4) ``[x1, y1, x2, y2]`` to the image [0, width] x [0, height]."""
    limit = np.array([width, height, width, height], dtype=np.float64)
    return np.clip(np.asarray(boxes, dtype=np.float64), 0.0, limit)


def pairwise_iou(first: ArrayLike, second: ArrayLike) -> Floats:
    """Intersection over union of every pair: (N, 4) and (M, 4) ``[x1, y1, x2, y2]`` -> (N, M) in 0..1.

    A pair of two empty boxes has IoU 0.
    """
    first = np.asarray(first, dtype=np.float64).reshape(-1, 1, 4)
    second = np.asarray(second, dtype=np.float64).reshape(1, -1, 4)
    overlap = np.minimum(first[..., 2:], second[..., 2:]) - np.maximum(first[..., :2], second[..., :2])
    intersection = np.prod(np.clip(overlap, 0.0, None), axis=-1)
    area = np.prod(first[..., 2:] - first[..., :2], axis=-1) + np.prod(second[..., 2:] - second[..., :2], axis=-1)
    union = area - intersection
    return np.divide(intersection, union, out=np.zeros_like(intersection), where=union > 0)


def size_iou(first: ArrayLike, second: ArrayLike) -> Floats:
    """IoU of every pair of sizes laid on the same centre: (N, 2) and (K, 2) ``[width, height]`` -> (N, K) in 0..1."""
    first = np.asarray(first, dtype=np.float64)[:, None, :]
    second = np.asarray(second, dtype=np.float64)[None, :, :]
    overlap = np.minimum(first, second).prod(axis=-1)
    return overlap / (first.prod(axis=-1) + second.prod(axis=-1) - overlap)


def mask_extent(mask: NDArray[np.bool_]) -> Optional[list[float]]:
    """The tight ``[x, y, w, h]`` of the True pixels of an (H, W) mask, or None where there are none."""
    rows = np.flatnonzero(mask.any(axis=1))
    if rows.size == 0:
        return None
    columns = np.flatnonzero(mask.any(axis=0))
    x1, x2 = float(columns[0]), float(columns[-1] + 1)
    y1, y2 = float(rows[0]), float(rows[-1] + 1)
    return [x1, y1, x2 - x1, y2 - y1]
