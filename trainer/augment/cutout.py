"""Cutout: grey patches over the image, as if something stood in the way (arXiv 1708.04552)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..examples.letterbox import FILL_LEVEL
from .limits import Augmentation
from .view import PixelWindow, View, hide

_MOST_PATCHES = 4
_SMALLEST = 0.25  # smallest side of a patch, as a fraction of the largest


def draw_patches(size: int, limits: Augmentation, rng: np.random.Generator) -> tuple[PixelWindow, ...]:
    """Sample the patches, in pixels of the input; none if the chance says so."""
    chance = rng.random()
    count = int(rng.integers(1, _MOST_PATCHES + 1))
    fractions = rng.random((count, 4))
    if chance >= limits.cutout:
        return ()
    sides = np.maximum(1, np.rint(size * limits.cutout_share * (_SMALLEST + (1 - _SMALLEST) * fractions[:, :2])))
    corners = np.floor(fractions[:, 2:] * (size - sides + 1))
    return tuple(PixelWindow(*row) for row in np.concatenate([corners, corners + sides], axis=1).astype(int).tolist())


def cut_out(view: View, patches: Sequence[PixelWindow], min_visible: float) -> View:
    """The view covered by the patches; boxes are cut to what stays visible."""
    if not patches:
        return view
    hidden = np.zeros(view.pixels.shape[:2], dtype=bool)
    for x1, y1, x2, y2 in patches:
        hidden[y1:y2, x1:x2] = True
    pixels = view.pixels.copy()
    pixels[hidden] = FILL_LEVEL
    return hide(replace(view, pixels=pixels), hidden, min_visible)
