"""Somebody from another image, cut out along the mask and put into this one (arXiv 2012.07177)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Optional

import cv2
import numpy as np

from shared_format import masks
from shared_format.boxes import mask_extent

from ..examples.example import Example
from ..examples.reduced import Decoded
from .view import View, hide, joined

_SIZE_FACTOR = (0.7, 1.3)  # of the share of the image's height that the pasted had at home
_TALLEST = 0.9  # of the image's height
_SHIFT = 0.1  # of the image's height, up or down from where the feet were at home
_INSIDE = 0.5  # of the width at least


@dataclass(frozen=True)
class Paste:
    """Who is pasted, how tall and where.

    Attributes:
        instance: index into the donor's truths.
        height: of the pasted mask, share of the image's height.
        middle: its horizontal middle, share of the image's width; foot: its lower end, share of its height.
        mirrored: left and right swapped.
    """

    instance: int
    height: float
    middle: float
    foot: float
    mirrored: bool

    def strength(self) -> str:
        """In words."""
        return f"paste, {100 * self.height:.0f} % high{', mirrored' if self.mirrored else ''}"


def can_be_pasted(example: Example) -> np.ndarray:
    """(N,) bool: the truths that have a mask and count."""
    return (
        np.array([mask is not None for mask in example.masks] or np.zeros(len(example.boxes)), bool) & ~example.ignore
    )


def draw_paste(donor: Example, rng: np.random.Generator) -> Paste:
    """One of the donor's people, somewhere. The donor must have one that can be pasted."""
    instance = int(rng.choice(np.flatnonzero(can_be_pasted(donor))))
    _, y, _, height = donor.boxes[instance] / donor.height
    return Paste(
        instance=instance,
        height=float(np.clip(height * rng.uniform(*_SIZE_FACTOR), 0.0, _TALLEST)),
        middle=float(rng.random()),
        foot=float(np.clip(y + height + rng.uniform(-_SHIFT, _SHIFT), 0.1, 1.1)),
        mirrored=bool(rng.random() < 0.5),
    )


def paste_person(
    view: View, example: Example, reduction: int, paste: Paste, donor: Example, donated: Decoded, min_visible: float
) -> View:
    """``view``, which shows ``example`` at 1 / ``reduction`` of its size, with the donor's person in it.

    Truths lose what the person hides. The person's box is the extent of what is seen.
    """
    height, width = view.pixels.shape[:2]
    cut = _cut_out(donor, paste, donated, height, width)
    if cut is None:
        return view
    person, alpha = cut
    top = round(paste.foot * height) - alpha.shape[0]
    half = alpha.shape[1] / 2
    reach = half * (1 - 2 * (1 - _INSIDE))  # so that the share that must be inside is
    left = round(reach + paste.middle * (width - 2 * reach) - half)
    pixels, hidden = _laid_over(view.pixels, person, alpha, left, top)
    extent = mask_extent(hidden)
    if extent is None:
        return view
    below = hide(replace(view, pixels=pixels), hidden, min_visible, _bodies(example, reduction, view.boxes, extent))
    x, y, w, h = extent
    seen = hidden.sum() / (alpha > _HALF).sum()
    own = View(
        pixels,
        np.array([[x, y, x + w, y + h]]),
        donor.labels[paste.instance : paste.instance + 1],
        np.array([seen < min_visible]),
    )
    return joined(pixels, below, own)


_HALF = 127


def _cut_out(donor: Example, paste: Paste, donated: Decoded, height: int, width: int) -> Optional[tuple]:
    """The person's (h, w, 3) pixels and (h, w) uint8 opacity at the size they are pasted; None where too small."""
    mask = masks.decode(donor.masks[paste.instance])[:: donated.reduction, :: donated.reduction]
    extent = mask_extent(mask)
    if extent is None:
        return None
    x, y, w, h = (int(side) for side in extent)
    tall = round(paste.height * height)
    wide = round(w * tall / h)
    if tall < 2 or wide < 2 or wide > width:
        return None
    flags = cv2.INTER_AREA if tall < h else cv2.INTER_LINEAR
    person = cv2.resize(donated.pixels[y : y + h, x : x + w], (wide, tall), interpolation=flags)
    opacity = mask[y : y + h, x : x + w].astype(np.uint8) * np.uint8(255)
    opacity = cv2.resize(opacity, (wide, tall), interpolation=flags)
    return (person[:, ::-1], opacity[:, ::-1]) if paste.mirrored else (person, opacity)


def _laid_over(pixels: np.ndarray, person: np.ndarray, alpha: np.ndarray, left: int, top: int) -> tuple:
    """The image with the person's upper left corner at (``left``, ``top``), and the (H, W) bool it hides."""
    height, width = pixels.shape[:2]
    x1, y1 = max(0, left), max(0, top)
    x2, y2 = min(width, left + alpha.shape[1]), min(height, top + alpha.shape[0])
    hidden = np.zeros((height, width), dtype=bool)
    if x1 >= x2 or y1 >= y2:
        return pixels, hidden
    part = slice(y1 - top, y2 - top), slice(x1 - left, x2 - left)
    opacity = alpha[part].astype(np.float32)[..., None] / 255
    pixels = pixels.copy()
    under = pixels[y1:y2, x1:x2]
    pixels[y1:y2, x1:x2] = np.rint(under + opacity * (person[part].astype(np.float32) - under)).astype(np.uint8)
    hidden[y1:y2, x1:x2] = alpha[part] > _HALF
    return pixels, hidden


def _bodies(example: Example, reduction: int, boxes: np.ndarray, extent: list) -> list:
    """The mask of each truth that the ``extent`` touches, at the view's size, where the data has one."""
    x, y, w, h = extent
    bodies: list = [None] * len(boxes)
    for index, mask in enumerate(example.masks):
        x1, y1, x2, y2 = boxes[index]
        if mask is not None and x1 < x + w and x < x2 and y1 < y + h and y < y2:
            bodies[index] = masks.decode(mask)[::reduction, ::reduction]
    return bodies
