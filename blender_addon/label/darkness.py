"""How dark instances are in the finished image, and which of them nobody could make out in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..dataset_format import effects, record

ATTRIBUTE = "darkness"
# Display values 0..1: the mean of an instance's pixels below which it is dark, and below which it is dim.
_DARK, _DIM = 0.08, 0.2
_FAINTEST = 0.01  # standard deviation of display values below which a region shows nothing: 2.5 steps of 255
_NOISE_RADIUS = 2.0  # pixels: blurring by this leaves a seventh of the noise, and people of the smallest size
_MARGIN = 0.1  # of a box's sides: an outline is seen against what surrounds it


def with_darkness(frame: record.Frame, image: np.ndarray, instances: np.ndarray) -> record.Frame:
    """The record with the attribute ``darkness`` of every instance in the image: none, dim, dark or invisible.

    An instance is invisible, and becomes ``ignore``, where the image hardly varies in its box and around it, once the
    noise is blurred away and an even slope of light is taken off; otherwise the mean of its pixels decides.

    Args:
        image: (H, W, 3) uint8, as it is saved.
        instances: (H, W) the id of the instance that each pixel shows, 0 for none.
    """
    grey = effects.monochrome(effects.from_bytes(image))
    luma, smooth = grey[..., 0], effects.gaussian(grey, _NOISE_RADIUS)[..., 0]
    return replace(frame, instances=tuple(_marked(one, luma, smooth, instances == one.id) for one in frame.instances))


def _marked(instance: record.Instance, luma: np.ndarray, smooth: np.ndarray, shown: np.ndarray) -> record.Instance:
    box = instance.bbox_covered
    if box is None:  # outside the image, or hidden as a whole
        return instance
    region = _around(box, luma.shape)
    if _structure(smooth[region]) < _FAINTEST:
        return replace(instance, attributes={**instance.attributes, ATTRIBUTE: "invisible"}, ignore=True)
    mean = float(luma[shown].mean() if shown.any() else luma[region].mean())  # under bedding as a whole: the bedding's
    darkness = "dark" if mean < _DARK else "dim" if mean < _DIM else "none"
    return replace(instance, attributes={**instance.attributes, ATTRIBUTE: darkness})


def _structure(values: np.ndarray) -> float:
    """The standard deviation of (rows, columns) values about the plane that fits them best: an even slope is none."""
    y, x = np.indices(values.shape).reshape(2, -1)
    plane = np.column_stack([np.ones(x.size), x, y])
    flat = values.reshape(-1).astype(np.float64)
    return float((flat - plane @ np.linalg.lstsq(plane, flat, rcond=None)[0]).std())


def _around(box: record.Box, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """The rows and columns of a box [x, y, width, height] and its margin, inside the image."""
    x, y, width, height = box
    sides = ((y, height, shape[0]), (x, width, shape[1]))
    spans = [
        (max(int(low - _MARGIN * length), 0), min(int(np.ceil(low + length * (1 + _MARGIN))), limit))
        for low, length, limit in sides
    ]
    return slice(*spans[0]), slice(*spans[1])
