"""One training image from beginning to end: what is drawn for it, in which order it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Optional

import numpy as np

from shared_format.boxes import xywh_to_xyxy

from ..examples.example import Example
from ..examples.letterbox import FILL_LEVEL, Affine
from .colour import change_colour, draw_colour
from .cutout import cut_out, draw_patches
from .degrade import degrade, draw_degradation
from .geometry import Placement, cut_boxes, draw_mosaic, draw_placement, draw_tile, place
from .limits import Augmentation
from .paste import draw_paste, paste_person
from .view import View, joined

_MIXUP_SHARE = (0.35, 0.65)  # of the other image


@dataclass(frozen=True)
class Member:
    """An image of a training view, and the image that somebody is pasted from, if any."""

    example: Example
    donor: Optional[Example] = None


@dataclass(frozen=True)
class Composition:
    """The images of one training view: ``first`` is one, or four of a mosaic; ``second``, likewise, shines
    through it in a mixup, or is empty.
    """

    first: tuple
    second: tuple = ()


def draw_composition(
    example: Example,
    partner: Callable[[], Example],
    donor: Callable[[], Example],
    limits: Augmentation,
    rng: np.random.Generator,
) -> Composition:
    """Which images make the training view of ``example``.

    Args:
        partner: draws another image of the data. donor: draws one with somebody to paste.
    """

    def scene(one: Example) -> tuple:
        more = [partner() for _ in range(3)] if rng.random() < limits.mosaic else []
        return tuple(Member(each, donor() if rng.random() < limits.copy_paste else None) for each in (one, *more))

    first = scene(example)
    return Composition(first, scene(partner()) if rng.random() < limits.mixup else ())


def training_view(
    composition: Composition, size: int, limits: Augmentation, rng: np.random.Generator, decode: Callable
) -> tuple:
    """What the network sees.

    Args:
        decode: an example -> its ``reduced.Decoded``.

    Returns:
        The ``View`` of (size, size, 3) pixels, and what was done to it, in words, one entry a step.
    """
    view, done = _scene(composition.first, size, limits, rng, decode)
    if composition.second:
        other, more = _scene(composition.second, size, limits, rng, decode)
        share = float(rng.uniform(*_MIXUP_SHARE))
        view = mixed(view, other, share)
        done += [f"mixup with {share:.2f} of another", *more]
    colour, patches, degradation = (
        draw_colour(limits, rng),
        draw_patches(size, limits, rng),
        draw_degradation(limits, rng),
    )
    view = replace(view, pixels=change_colour(view.pixels, colour))
    view = cut_out(view, patches, limits.min_visible)
    view = replace(view, pixels=degrade(view.pixels, degradation))
    if patches:
        done.append(f"cutout of {len(patches)}")
    done += [colour.strength(), degradation.strength()]
    return view, [step for step in done if step]


def mixed(view: View, other: View, share: float) -> View:
    """Two views of one size in one, ``share`` of the other; the truths of both count."""
    blend = view.pixels + np.float32(share) * (other.pixels.astype(np.float32) - view.pixels)
    return joined(np.rint(blend).astype(np.uint8), view, other)


def _scene(members: tuple, size: int, limits: Augmentation, rng: np.random.Generator, decode: Callable) -> tuple:
    canvas = np.empty((size, size, 3), dtype=np.uint8)
    windows = draw_mosaic(size, rng) if len(members) > 1 else [None]
    parts, done = [], ["mosaic"] if len(members) > 1 else []
    for member, window in zip(members, windows):
        source, reduction, pasted = _source(member, limits, rng, decode)
        sides = member.example.width, member.example.height
        if window is None:
            placement = draw_placement(*sides, size, limits, rng)
            canvas[:] = FILL_LEVEL
        else:
            placement = draw_tile(*sides, size, window, limits, rng)
        parts.append(placed(canvas, source, reduction, placement, limits.min_visible))
        done += [placement.strength, pasted]
    return joined(canvas, *parts), done


def _source(member: Member, limits: Augmentation, rng: np.random.Generator, decode: Callable) -> tuple:
    """The image as it lies in memory with its truths, its reduction, and who was pasted into it, in words."""
    example, decoded = member.example, decode(member.example)
    boxes = xywh_to_xyxy(example.boxes) / decoded.reduction
    view = View(decoded.pixels, boxes, example.labels, example.ignore)
    if member.donor is None:
        return view, decoded.reduction, ""
    paste = draw_paste(member.donor, rng)
    donated = decode(member.donor)
    view = paste_person(view, example, decoded.reduction, paste, member.donor, donated, limits.min_visible)
    return view, decoded.reduction, paste.strength()


def placed(canvas: np.ndarray, source: View, reduction: int, placement: Placement, min_visible: float) -> View:
    """Draw ``source``, 1 / ``reduction`` of its image, into the canvas; returns its truths there."""
    affine = placement.affine
    shown = Affine(affine.scale_x * reduction, affine.scale_y * reduction, affine.offset_x, affine.offset_y)
    if not placement.empty:
        place(canvas, source.pixels, shown, placement.window)
    cut, present, rest = cut_boxes(shown.forward(source.boxes), placement.window, min_visible)
    return View(canvas, cut, source.labels, source.ignore | rest).keep(present)
