"""Motion blur and defocus. Beyond its edges an image is mirrored."""

from __future__ import annotations

import math
from typing import Optional

import numpy as np

from .pixels import Mask, Pixels


def motion_blur(image: Pixels, length: float, angle: float = 0.0, mask: Optional[Mask] = None) -> Pixels:
    """Blur along a straight way: a box kernel.

    Args:
        image: on either scale; real blur happens in light.
        length: pixels, of the path of the camera or object during the exposure; below 2 without effect.
        angle: degrees from the x axis towards the y axis (down).
        mask: (H, W) bool, what moves; None is all of the image. Only this is blurred, over the rest.
    """
    taps = round(length)
    if taps < 2:
        return image.copy()
    if mask is None:
        return _along(image, taps, angle)
    moving = mask[..., None]
    # The background behind the moving object is unknown; its surroundings replace it.
    smeared = _along(image, taps, angle)
    share = _along(moving.astype(np.float32), taps, angle)
    return np.where(moving, smeared, _along(image * moving, taps, angle) + (1.0 - share) * image)


def defocus(image: Pixels, radius: float) -> Pixels:
    """Blur by a disc of ``radius`` pixels, with an edge one pixel soft; below 0.3 without effect."""
    if radius < 0.3:
        return image.copy()
    reach = math.ceil(radius)
    steps = np.arange(reach + 1)
    weights = np.clip(radius + 0.5 - np.hypot(steps[:, None], steps[None]), 0.0, 1.0)  # of a quarter of the disc
    height, width = image.shape[:2]
    padded = _mirrored(image, (reach, reach), (reach, reach))
    result = np.zeros_like(image)
    whole = np.count_nonzero(weights == 1.0, axis=1)  # a row's inside counts in full: a running sum, however wide
    sums = np.zeros((padded.shape[0], padded.shape[1] + 1, image.shape[2]), dtype=image.dtype)
    np.cumsum(padded, axis=1, out=sums[:, 1:])
    for dy in range(-reach, reach + 1):
        if whole[abs(dy)]:
            rows, half = sums[reach + dy : reach + dy + height], int(whole[abs(dy)]) - 1
            result += rows[:, reach + half + 1 : reach + half + 1 + width]
            result -= rows[:, reach - half : reach - half + width]
    for dy in range(reach + 1):  # the edge, by its pairs above and below, left and right
        rows = padded[reach + dy : reach + dy + height]
        rows = rows + padded[reach - dy : reach - dy + height] if dy else rows
        for dx in np.flatnonzero((weights[dy] > 0.0) & (weights[dy] < 1.0)).tolist():
            part = rows[:, reach + dx : reach + dx + width]
            part = part + rows[:, reach - dx : reach - dx + width] if dx else part.copy()
            part *= np.float32(weights[dy, dx])
            result += part
    mirrored = np.where(steps > 0, 2.0, 1.0)
    return result / np.float32(mirrored @ weights @ mirrored)


def gaussian(image: Pixels, sigma: float) -> Pixels:
    """Blur by a bell of standard deviation ``sigma`` pixels, cut at three."""
    if sigma <= 0:
        return image.copy()
    reach = math.ceil(3 * sigma)
    weights = np.exp(-0.5 * (np.arange(reach + 1) / sigma) ** 2)
    weights = (weights / (2 * weights.sum() - weights[0])).astype(np.float32)
    for axis in (0, 1):
        pad = [(0, 0), (0, 0)]
        pad[axis] = (reach, reach)
        padded = np.moveaxis(_mirrored(image, *pad), axis, 0)
        count = image.shape[axis]
        blurred = weights[0] * padded[reach : reach + count]
        for step in range(1, reach + 1):
            blurred += weights[step] * (
                padded[reach - step : reach - step + count] + padded[reach + step : reach + step + count]
            )
        image = np.moveaxis(blurred, 0, axis)
    return np.ascontiguousarray(image)


def _along(image: Pixels, taps: int, angle: float) -> Pixels:
    """The mean of ``taps`` copies of ``image``, each a pixel further along the way."""
    dx, dy = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    steps = np.arange(taps) - taps // 2
    shifts = [(round(step * dy), round(step * dx)) for step in steps.tolist()]
    height, width = image.shape[:2]
    down, across = (max(abs(shift[axis]) for shift in shifts) for axis in (0, 1))
    padded = _mirrored(image, (down, down), (across, across))
    if down == 0:  # the most frequent and expensive case: a running sum
        total = np.zeros((height, padded.shape[1] + 1, image.shape[2]))
        np.cumsum(padded, axis=1, out=total[:, 1:])
        first = across + int(steps[0])
        return ((total[:, first + taps : first + taps + width] - total[:, first : first + width]) / taps).astype(
            np.float32
        )
    result = np.zeros_like(image)
    for y, x in shifts:
        result += padded[down + y : down + y + height, across + x : across + x + width]
    return result / np.float32(taps)


def _mirrored(image: Pixels, rows: tuple[int, int], columns: tuple[int, int]) -> Pixels:
    mode = "reflect" if min(image.shape[:2]) > 1 else "edge"
    return np.pad(image, (rows, columns, (0, 0)), mode=mode)
