"""The referee of the letterbox: what OpenCV's ``resize`` computes, in numpy, through any affine map."""

from __future__ import annotations

import numpy as np

from trainer.examples.letterbox import FILL


def warp(image, affine, size):
    """Sample the RGB ``image`` through ``affine`` into (size, size, 3) float32 in 0..1, outside 0.5.

    Plain bilinear between pixel centres, no smoothing when shrinking, in the integers of OpenCV's ``resize``
    (modules/imgproc/src/resize.cpp).
    """
    pixels = np.asarray(image)
    row, top, bottom, lower = _taps(image.height, affine.scale_y, affine.offset_y, size)
    column, left, right, further = _taps(image.width, affine.scale_x, affine.offset_x, size)
    further, lower = further[:, None], lower[:, None, None]
    # Eleven bits of weight across, then four are dropped before the eleven down, then rounded.
    across = (pixels[:, left] * (_ONE - further) + pixels[:, right] * further) >> 4
    sampled = (((across[top] * (_ONE - lower)) >> 16) + ((across[bottom] * lower) >> 16) + 2) >> 2
    canvas = np.full((size, size, 3), FILL, dtype=np.float32)
    canvas[row, column] = sampled / np.float32(255)
    return canvas


_ONE = np.int32(2048)


def _taps(length, scale, offset, size):
    """Along one axis: the outputs whose centre comes from inside the source, as a slice; and for each of them
    the two source pixels between whose centres it lies and the weight of the second, 0..2048.
    """
    source = (np.arange(size) + 0.5 - offset) / scale
    inside = np.flatnonzero((source >= 0) & (source < length))
    first, last = (int(inside[0]), int(inside[-1]) + 1) if inside.size else (0, 0)
    position = source[first:last] - 0.5
    low = np.floor(position).astype(int)
    weight = np.rint((position - low) * float(_ONE)).astype(np.int32)
    return slice(first, last), np.clip(low, 0, length - 1), np.clip(low + 1, 0, length - 1), weight
