"""Resolution and sharpness."""

from __future__ import annotations

import numpy as np

from . import blur


def low_resolution(picture: np.ndarray, scale: float) -> np.ndarray:
    """The picture of a coarser sensor: width and height times ``scale`` (0..1], each new pixel the mean of its area.

    The new sides are rounded down and at least 1; what labels the picture is scaled by ``new side / old side``.
    """
    height, width = picture.shape[:2]
    return shrunk(picture, max(int(width * scale), 1), max(int(height * scale), 1))


def shrunk(picture: np.ndarray, width: int, height: int) -> np.ndarray:
    """``picture`` as ``width`` x ``height`` pixels, neither more than it has; each the mean of its area."""
    for axis, count in ((0, height), (1, width)):
        if count != picture.shape[axis]:
            picture = _area_means(picture, axis, count)
    return picture.copy()


def enlarged(picture: np.ndarray, width: int, height: int) -> np.ndarray:
    """``picture`` as ``width`` x ``height`` pixels, neither less than it has; linear between pixel centres."""
    for axis, count in ((0, height), (1, width)):
        have = picture.shape[axis]
        if count != have:
            place = np.clip((np.arange(count) + 0.5) * have / count - 0.5, 0.0, have - 1.0)
            first = np.minimum(place.astype(np.int64), max(have - 2, 0))
            share = (place - first).astype(np.float32).reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
            before = np.take(picture, first, axis=axis)
            after = np.take(picture, np.minimum(first + 1, have - 1), axis=axis)
            picture = before + share * (after - before)
    return picture.copy()


def sharpened(display: np.ndarray, amount: float, radius: float = 1.0) -> np.ndarray:
    """Unsharp masking, as cheap cameras overdo it: ``amount`` 0..3 draws halos ``radius`` pixels wide at edges."""
    if amount <= 0:
        return display.copy()
    return np.clip(display + np.float32(amount) * (display - blur.gaussian(display, radius)), 0.0, 1.0)


def _area_means(picture: np.ndarray, axis: int, count: int) -> np.ndarray:
    have = picture.shape[axis]
    shape = list(picture.shape)
    shape[axis] = have + 1
    total = np.zeros(shape)
    np.cumsum(picture, axis=axis, out=total[1:] if axis == 0 else total[:, 1:])
    edges = np.arange(count + 1) * have / count
    whole = np.minimum(edges.astype(np.int64), have - 1)
    share = (edges - whole).reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
    below = np.take(total, whole, axis=axis)
    at_edges = below + share * (np.take(total, whole + 1, axis=axis) - below)
    return (np.diff(at_edges, axis=axis) * (count / have)).astype(np.float32)
