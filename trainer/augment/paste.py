"""What covers a part of an image.

Copy-paste: an object of another image, cut out along its mask and pasted into this one (arXiv 2012.07177). Cutout: grey
patches, as if something stood in the way (arXiv 1708.04552).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Optional

import cv2
import numpy as np

from shared_format.boxes import mask_extent

from ..examples.annotations import BOXES_ONLY, Carried, cut_keypoints, moved_keypoints
from ..examples.example import Example
from ..examples.letterbox import FILL_LEVEL, Affine
from ..examples.reduced import Decoded
from .limits import Augmentation
from .view import PixelWindow, View, hide, joined, reduced_mask, view_annotations

_SIZE_FACTOR = (0.7, 1.3)  # range of the change of size relative to the donor image
_TALLEST = 0.9  # largest height, as a fraction of the image's height
_SHIFT = 0.1  # largest vertical shift relative to the donor image, as a fraction of the image's height
_MOST_PATCHES = 4
_SMALLEST_PATCH = 0.25  # smallest side of a patch, as a fraction of the largest
_INSIDE = 0.5  # smallest fraction of the object's width that lies in the image


@dataclass(frozen=True)
class Paste:
    """Which object is pasted, how tall and where.

    Attributes:
        instance: index into the donor's boxes.
        height: height of the pasted mask, as a fraction of the image's height.
        middle: its horizontal middle, as a fraction of the image's width; foot: its lower end, of the height.
        mirrored: whether left and right are swapped.
    """

    instance: int
    height: float
    middle: float
    foot: float
    mirrored: bool

    def strength(self) -> str:
        """A description for people."""
        return f"paste, {100 * self.height:.0f} % high{', mirrored' if self.mirrored else ''}"


def can_be_pasted(example: Example) -> np.ndarray:
    """(N,) bool: the objects that have a mask and are not ignored."""
    objects = example.annotations
    return np.array([mask is not None for mask in objects.masks] or np.zeros(len(objects)), bool) & ~objects.ignore


def draw_paste(donor: Example, rng: np.random.Generator) -> Paste:
    """Sample one of the donor's objects and its place. The donor must have one that can be pasted."""
    instance = int(rng.choice(np.flatnonzero(can_be_pasted(donor))))
    _, y, _, height = donor.annotations.boxes[instance] / donor.size.height
    return Paste(
        instance=instance,
        height=float(np.clip(height * rng.uniform(*_SIZE_FACTOR), 0.0, _TALLEST)),
        middle=float(rng.random()),
        foot=float(np.clip(y + height + rng.uniform(-_SHIFT, _SHIFT), 0.1, 1.1)),
        mirrored=bool(rng.random() < 0.5),
    )


def paste_object(
    view: View,
    example: Example,
    reduction: int,
    paste: Paste,
    donor: Example,
    donated: Decoded,
    min_visible: float,
    carried: Carried = BOXES_ONLY,
) -> View:
    """``view``, which shows ``example`` at 1 / ``reduction`` of its size, with an object of the ``donor`` in it.

    Boxes are cut to what the object leaves visible. The object's own box is the extent of its visible part.

    Args:
        carried: what the annotations of the view carry, and those of the pasted object will.
    """
    height, width = view.pixels.shape[:2]
    cut = _cut_out(donor, paste, donated, height, width)
    if cut is None:
        return view
    top = round(paste.foot * height) - cut.opacity.shape[0]
    half = cut.opacity.shape[1] / 2
    reach = half * (1 - 2 * (1 - _INSIDE))  # keeps the fraction _INSIDE in the image
    left = round(reach + paste.middle * (width - 2 * reach) - half)
    pixels, hidden = _laid_over(view.pixels, cut, left, top)
    extent = mask_extent(hidden)
    if extent is None:
        return view
    bodies = _bodies(example, reduction, view.annotations.boxes, extent)
    below = hide(replace(view, pixels=pixels), hidden, min_visible, bodies)
    x, y, w, h = extent
    seen = hidden.sum() / (cut.opacity > _HALF).sum()
    own = view_annotations(donor, donated.reduction, carried).one(paste.instance)
    own = replace(
        own,
        boxes=np.array([[x, y, x + w, y + h]]),
        ignore=np.array([seen < min_visible]),
        masks=(hidden,) if carried.masks else (),
    )
    if own.keypoints is not None and carried.skeleton is not None:
        xy = cut.affine.points(own.keypoints[..., :2]) + np.array([left, top])
        moved = moved_keypoints(own.keypoints, xy, carried.skeleton, paste.mirrored)
        own = replace(own, keypoints=cut_keypoints(moved, (0, 0, width, height)))
    return joined(pixels, below, View(pixels, own))


_HALF = 127


class _CutOut(NamedTuple):
    """An object's (h, w, 3) pixels and (h, w) uint8 opacity at the size they are pasted.

    ``affine`` maps pixels of the decoded donor to pixels of the cut-out.
    """

    pixels: np.ndarray
    opacity: np.ndarray
    affine: Affine


class _Covered(NamedTuple):
    """An image with an object pasted in, and the (H, W) bool pixels the object hides."""

    pixels: np.ndarray
    hidden: np.ndarray


def _cut_out(donor: Example, paste: Paste, donated: Decoded, height: int, width: int) -> Optional[_CutOut]:
    """The object at the size it is pasted; None where it is too small or too wide."""
    mask = reduced_mask(donor.annotations.masks[paste.instance], donated.reduction)
    if mask is None:
        return None
    extent = mask_extent(mask)
    if extent is None:
        return None
    x, y, w, h = (int(side) for side in extent)
    tall = round(paste.height * height)
    wide = round(w * tall / h)
    if tall < 2 or wide < 2 or wide > width:
        return None
    flags = cv2.INTER_AREA if tall < h else cv2.INTER_LINEAR
    pixels = cv2.resize(donated.pixels[y : y + h, x : x + w], (wide, tall), interpolation=flags)
    opacity = mask[y : y + h, x : x + w].astype(np.uint8) * np.uint8(255)
    opacity = cv2.resize(opacity, (wide, tall), interpolation=flags)
    scale_x, scale_y = wide / w, tall / h
    if not paste.mirrored:
        return _CutOut(pixels, opacity, Affine(scale_x, scale_y, -x * scale_x, -y * scale_y))
    return _CutOut(pixels[:, ::-1], opacity[:, ::-1], Affine(-scale_x, scale_y, wide + x * scale_x, -y * scale_y))


def _laid_over(pixels: np.ndarray, cut: _CutOut, left: int, top: int) -> _Covered:
    """The image with the upper left corner of the object at (``left``, ``top``)."""
    alpha = cut.opacity
    height, width = pixels.shape[:2]
    x1, y1 = max(0, left), max(0, top)
    x2, y2 = min(width, left + alpha.shape[1]), min(height, top + alpha.shape[0])
    hidden = np.zeros((height, width), dtype=bool)
    if x1 >= x2 or y1 >= y2:
        return _Covered(pixels, hidden)
    part = slice(y1 - top, y2 - top), slice(x1 - left, x2 - left)
    opacity = alpha[part].astype(np.float32)[..., None] / 255
    pixels = pixels.copy()
    under = pixels[y1:y2, x1:x2]
    pixels[y1:y2, x1:x2] = np.rint(under + opacity * (cut.pixels[part].astype(np.float32) - under)).astype(np.uint8)
    hidden[y1:y2, x1:x2] = alpha[part] > _HALF
    return _Covered(pixels, hidden)


def _bodies(example: Example, reduction: int, boxes: np.ndarray, extent: Sequence[float]) -> list[Optional[np.ndarray]]:
    """The mask of each object that the ``extent`` touches, at the view's size, where the data has one."""
    x, y, w, h = extent
    bodies: list[Optional[np.ndarray]] = [None] * len(boxes)
    for index, mask in enumerate(example.annotations.masks):
        x1, y1, x2, y2 = boxes[index]
        if mask is not None and x1 < x + w and x < x2 and y1 < y + h and y < y2:
            bodies[index] = reduced_mask(mask, reduction)
    return bodies


def draw_patches(size: int, limits: Augmentation, rng: np.random.Generator) -> tuple[PixelWindow, ...]:
    """Sample the patches, in pixels of the input; none if the chance says so."""
    chance = rng.random()
    count = int(rng.integers(1, _MOST_PATCHES + 1))
    fractions = rng.random((count, 4))
    if chance >= limits.cutout:
        return ()
    sides = np.maximum(
        1, np.rint(size * limits.cutout_share * (_SMALLEST_PATCH + (1 - _SMALLEST_PATCH) * fractions[:, :2]))
    )
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
