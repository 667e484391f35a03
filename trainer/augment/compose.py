"""One training image from its composition to its pixels: every augmentation in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Optional

import numpy as np

from ..examples.annotations import BOXES_ONLY, Carried
from ..examples.example import Example
from ..examples.letterbox import FILL_LEVEL, Affine
from ..examples.reduced import Decoded
from ..formats.skeletons import Skeleton
from .colour import change_colour, draw_colour
from .degrade import degrade, draw_degradation
from .geometry import Placement, draw_mosaic, draw_placement, draw_tile, place, placed_annotations
from .limits import Augmentation
from .paste import cut_out, draw_paste, draw_patches, paste_object
from .view import View, joined, view_annotations

_MIXUP = (0.35, 0.65)  # range of the opacity of the other image
Decode = Callable[[Example], Decoded]


@dataclass(frozen=True)
class Member:
    """One source image of a training image, and the image that an object is pasted from, if any."""

    example: Example
    donor: Optional[Example] = None


@dataclass(frozen=True)
class Composition:
    """The source images of one training image.

    Attributes:
        first: one image, or the four of a mosaic. second: likewise, blended in by mixup; empty without mixup.
    """

    first: tuple[Member, ...]
    second: tuple[Member, ...] = ()


class TrainingView(NamedTuple):
    """What the network sees, and a description of every step of the augmentation, for people."""

    view: View
    steps: list[str]


def draw_composition(
    example: Example,
    partner: Callable[[], Example],
    donor: Callable[[], Example],
    limits: Augmentation,
    rng: np.random.Generator,
) -> Composition:
    """Sample the source images of the training image that shows ``example``.

    Args:
        partner: samples another image of the data. donor: samples one with an object to paste.
    """

    def scene(one: Example) -> tuple[Member, ...]:
        more = [partner() for _ in range(3)] if rng.random() < limits.mosaic else []
        return tuple(Member(each, donor() if rng.random() < limits.copy_paste else None) for each in (one, *more))

    first = scene(example)
    return Composition(first, scene(partner()) if rng.random() < limits.mixup else ())


def training_view(
    composition: Composition,
    size: int,
    limits: Augmentation,
    rng: np.random.Generator,
    decode: Decode,
    carried: Carried = BOXES_ONLY,
) -> TrainingView:
    """What the network sees of ``composition``: a view of (size, size, 3) pixels with what is ``carried``."""
    view, steps = _scene(composition.first, size, limits, rng, decode, carried)
    if composition.second:
        other, more = _scene(composition.second, size, limits, rng, decode, carried)
        opacity = float(rng.uniform(*_MIXUP))
        view = mixed(view, other, opacity)
        steps += [f"mixup with {opacity:.2f} of another", *more]
    colour, patches, degradation = (
        draw_colour(limits, rng),
        draw_patches(size, limits, rng),
        draw_degradation(limits, rng),
    )
    view = replace(view, pixels=change_colour(view.pixels, colour))
    view = cut_out(view, patches, limits.min_visible)
    view = replace(view, pixels=degrade(view.pixels, degradation))
    if patches:
        steps.append(f"cutout of {len(patches)}")
    steps += [colour.strength(), degradation.strength()]
    return TrainingView(view, [step for step in steps if step])


def mixed(view: View, other: View, opacity: float) -> View:
    """Two views of the same size blended, with ``opacity`` of the other; the boxes of both count."""
    blend = view.pixels + np.float32(opacity) * (other.pixels.astype(np.float32) - view.pixels)
    return joined(np.rint(blend).astype(np.uint8), view, other)


def _scene(
    members: Sequence[Member],
    size: int,
    limits: Augmentation,
    rng: np.random.Generator,
    decode: Decode,
    carried: Carried,
) -> TrainingView:
    """One image, or a mosaic of four, placed in the input."""
    canvas = np.empty((size, size, 3), dtype=np.uint8)
    windows = draw_mosaic(size, rng) if len(members) > 1 else [None]
    parts: list[View] = []
    steps = ["mosaic"] if len(members) > 1 else []
    for member, window in zip(members, windows):
        source, reduction, pasted = _source(member, limits, rng, decode, carried)
        sides = member.example.size
        if window is None:
            placement = draw_placement(*sides, size, limits, rng)
            canvas[:] = FILL_LEVEL
        else:
            placement = draw_tile(*sides, size, window, limits, rng)
        parts.append(placed(canvas, source, reduction, placement, limits.min_visible, carried.skeleton))
        steps += [placement.strength, pasted]
    return TrainingView(joined(canvas, *parts), steps)


class _SourceView(NamedTuple):
    """An image as decoded, at 1 / ``reduction`` of its size, and a description of what was pasted into it."""

    view: View
    reduction: int
    pasted: str


def _source(
    member: Member, limits: Augmentation, rng: np.random.Generator, decode: Decode, carried: Carried
) -> _SourceView:
    example, decoded = member.example, decode(member.example)
    view = View(decoded.pixels, view_annotations(example, decoded.reduction, carried))
    if member.donor is None:
        return _SourceView(view, decoded.reduction, "")
    paste = draw_paste(member.donor, rng)
    donated = decode(member.donor)
    view = paste_object(view, example, decoded.reduction, paste, member.donor, donated, limits.min_visible, carried)
    return _SourceView(view, decoded.reduction, paste.strength())


def placed(
    canvas: np.ndarray,
    source: View,
    reduction: int,
    placement: Placement,
    min_visible: float,
    skeleton: Optional[Skeleton] = None,
) -> View:
    """Draw ``source``, at 1 / ``reduction`` of its image's size, into the canvas; returns its objects there."""
    affine = placement.affine
    shown = Affine(affine.scale_x * reduction, affine.scale_y * reduction, affine.offset_x, affine.offset_y)
    if not placement.empty:
        place(canvas, source.pixels, shown, placement.window)
    size = canvas.shape[0]
    return View(canvas, placed_annotations(source.annotations, shown, placement.window, size, min_visible, skeleton))
