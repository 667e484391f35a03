"""Grey patches over the image: something stands in the way (arXiv 1708.04552)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..examples.letterbox import FILL_LEVEL
from .limits import Augmentation
from .view import View, hide

_MOST_PATCHES = 4
_SMALLEST = 0.25  # of the largest side


def draw_patches(size: int, limits: Augmentation, rng: np.random.Generator) -> tuple:
    """Patches ``(x1, y1, x2, y2)`` in whole pixels of the input; none where the chance says so."""
    chance = rng.random()
    count = int(rng.integers(1, _MOST_PATCHES + 1))
    shares = rng.random((count, 4))
    if chance >= limits.cutout:
        return ()
    sides = np.maximum(1, np.rint(size * limits.cutout_share * (_SMALLEST + (1 - _SMALLEST) * shares[:, :2])))
    corners = np.floor(shares[:, 2:] * (size - sides + 1))
    return tuple(tuple(row) for row in np.concatenate([corners, corners + sides], axis=1).astype(int).tolist())


def cut_out(view: View, patches: tuple, min_visible: float) -> View:
    """The view with the patches laid over it; its truths lose what they hide."""
    if not patches:
        return view
    hidden = np.zeros(view.pixels.shape[:2], dtype=bool)
    for x1, y1, x2, y2 in patches:
        hidden[y1:y2, x1:x2] = True
    pixels = view.pixels.copy()
    pixels[hidden] = FILL_LEVEL
    return hide(replace(view, pixels=pixels), hidden, min_visible)
