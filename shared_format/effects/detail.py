"""Resolution and sharpness."""

from __future__ import annotations

import math

import numpy as np

from . import blur
from .pixels import Pixels


def low_resolution(image: Pixels, scale: float) -> Pixels:
    """The image of a coarser sensor: width and height times ``scale`` (0..1], each new pixel the mean of its area.

    The new sides are rounded down and at least 1; scale its labels by ``new side / old side``.
    """
    height, width = image.shape[:2]
    return shrunk(image, max(int(width * scale), 1), max(int(height * scale), 1))


def shrunk(image: Pixels, width: int, height: int) -> Pixels:
    """``image`` as ``width`` x ``height`` pixels, neither more than it has; each the mean of its area."""
    for axis, count in ((0, height), (1, width)):
        if count != image.shape[axis]:
            image = _area_means(image, axis, count)
    return image.copy()


def enlarged(image: Pixels, width: int, height: int) -> Pixels:
    """``image`` as ``width`` x ``height`` pixels, neither less than it has; linear between pixel centres."""
    for axis, count in ((0, height), (1, width)):
        have = image.shape[axis]
        if count != have:
            image = _between_pixels(image, axis, (np.arange(count) + 0.5) * have / count - 0.5)
    return image.copy()


def sharpened(display: Pixels, amount: float, radius: float = 1.0) -> Pixels:
    """Unsharp masking as in cheap cameras: ``amount`` 0..3 draws halos ``radius`` pixels wide at edges."""
    if amount <= 0:
        return display.copy()
    return np.clip(display + np.float32(amount) * (display - blur.gaussian(display, radius)), 0.0, 1.0)


def fringe(image: Pixels, pixels: float) -> Pixels:
    """The coloured edges of a lens that magnifies red more and blue less: green stays where it is.

    Args:
        image: (H, W, 3), on either scale.
        pixels: how far red is moved outwards, and blue inwards, in the corners; in proportion between.
    """
    if pixels <= 0:
        return image.copy()
    share = 2.0 * pixels / math.hypot(image.shape[0], image.shape[1])
    red, blue = _magnified(image[..., 0], 1.0 + share), _magnified(image[..., 2], 1.0 - share)
    return np.stack([red, image[..., 1], blue], axis=-1)


def _magnified(channel: Pixels, factor: float) -> Pixels:
    """(H, W) enlarged about its middle by ``factor``; linear between pixel centres, continued beyond the edges."""
    for axis, count in enumerate(channel.shape):
        channel = _between_pixels(channel, axis, (np.arange(count) + 0.5 - count / 2) / factor + count / 2 - 0.5)
    return channel


def _between_pixels(image: Pixels, axis: int, place: Pixels) -> Pixels:
    """The values of ``image`` at the indices ``place`` along ``axis``: linear in between, held beyond the ends."""
    have = image.shape[axis]
    place = np.clip(place, 0.0, have - 1.0)
    first = np.minimum(place.astype(np.int64), max(have - 2, 0))
    share = (place - first).astype(np.float32).reshape([-1 if number == axis else 1 for number in range(image.ndim)])
    before = np.take(image, first, axis=axis)
    after = np.take(image, np.minimum(first + 1, have - 1), axis=axis)
    return before + share * (after - before)


def _area_means(image: Pixels, axis: int, count: int) -> Pixels:
    have = image.shape[axis]
    shape = list(image.shape)
    shape[axis] = have + 1
    total = np.zeros(shape)
    np.cumsum(image, axis=axis, out=total[1:] if axis == 0 else total[:, 1:])
    edges = np.arange(count + 1) * have / count
    whole = np.minimum(edges.astype(np.int64), have - 1)
    share = (edges - whole).reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
    below = np.take(total, whole, axis=axis)
    at_edges = below + share * (np.take(total, whole + 1, axis=axis) - below)
    return (np.diff(at_edges, axis=axis) * (count / have)).astype(np.float32)
