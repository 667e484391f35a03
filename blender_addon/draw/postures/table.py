"""Every posture, one entry each. To add one: write the function that draws it, and its entry here.

The order is that of the weights in the config; with the same weights, entries may be added anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ..spec import FurnitureSpec
from . import floor, lying, seated, upright
from .posture import BedUse, Posture

_NOT_TO_SIT_ON = ("toilet",)


def _anything(piece: FurnitureSpec) -> bool:
    return True


def _flat_bed(piece: FurnitureSpec) -> bool:
    """Whether the bed's back can be flat; the raised back of a custom bed stays raised."""
    return not _custom_raised_bed(piece)


def _adjustable_bed(piece: FurnitureSpec) -> bool:
    return piece.shape["style"] in ("hospital", "icu", "couch")


def _bed_with_edge(piece: FurnitureSpec) -> bool:
    return not _custom_raised_bed(piece) and piece.shape["style"] != "couch"


def _custom_raised_bed(piece: FurnitureSpec) -> bool:
    return piece.kind == "own_bed" and piece.shape["style"] == "hospital"


def _chair(piece: FurnitureSpec) -> bool:
    return piece.kind != "wheelchair" and piece.kind not in _NOT_TO_SIT_ON


def _wheelchair(piece: FurnitureSpec) -> bool:
    return piece.kind == "wheelchair"


_FLAT = BedUse(position="in", back="flat", sits_up=False, above_tray=False)
_ON_THE_SIDE = BedUse(position="in", back="flat", sits_up=False, above_tray=True)
_SITTING_UP = BedUse(position="in", back="flat", sits_up=True, above_tray=True)
_RAISED = BedUse(position="in", back="raised", sits_up=True, above_tray=False)
_EDGE = BedUse(position="edge", back="flat", sits_up=True, above_tray=False)
_STANDING = ((0.0, 0.25), (0.2, 0.2))
_SEATED = ((0.45, 0.25), (0.0, 0.3))  # the feet are ahead

_TABLE = (
    Posture(
        name="supine", family="lying", lying=True, spot="lie", suits=_flat_bed, footprint=(), bed=_FLAT,
        brings="nothing", company=False, draw=lying.supine,
    ),
    Posture(
        name="half-sitting", family="lying", lying=False, spot="lie", suits=_adjustable_bed, footprint=(), bed=_RAISED,
        brings="nothing", company=False, draw=lying.half_sitting,
    ),
    Posture(
        name="sitting-in-bed", family="lying", lying=False, spot="lie", suits=_flat_bed, footprint=(), bed=_SITTING_UP,
        brings="nothing", company=False, draw=lying.sitting_in_bed,
    ),
    Posture(
        name="lateral-left", family="lying", lying=True, spot="lie", suits=_flat_bed, footprint=(), bed=_ON_THE_SIDE,
        brings="nothing", company=False, draw=lying.lateral_left,
    ),
    Posture(
        name="lateral-right", family="lying", lying=True, spot="lie", suits=_flat_bed, footprint=(), bed=_ON_THE_SIDE,
        brings="nothing", company=False, draw=lying.lateral_right,
    ),
    Posture(
        name="prone", family="lying", lying=True, spot="lie", suits=_flat_bed, footprint=(), bed=_FLAT,
        brings="nothing", company=False, draw=lying.prone,
    ),
    Posture(
        name="sitting-edge", family="seated", lying=False, spot="edge", suits=_bed_with_edge, footprint=_SEATED,
        bed=_EDGE, brings="nothing", company=False, draw=seated.sitting_edge,
    ),
    Posture(
        name="sitting-chair", family="seated", lying=False, spot="sit", suits=_chair, footprint=_SEATED, bed=None,
        brings="nothing", company=False, draw=seated.sitting_chair,
    ),
    Posture(
        name="sitting-wheelchair", family="seated", lying=False, spot="sit", suits=_wheelchair, footprint=_SEATED,
        bed=None, brings="wheelchair", company=False, draw=seated.sitting_wheelchair,
    ),
    Posture(
        name="sitting-table", family="seated", lying=False, spot="table", suits=_anything, footprint=_SEATED, bed=None,
        brings="table", company=False, draw=seated.sitting_table,
    ),
    Posture(
        name="standing", family="upright", lying=False, spot="floor", suits=_anything, footprint=_STANDING, bed=None,
        brings="nothing", company=True, draw=upright.standing,
    ),
    Posture(
        name="walking", family="upright", lying=False, spot="floor", suits=_anything,
        footprint=((-0.3, 0.2), (0.0, 0.27), (0.33, 0.2)), bed=None, brings="nothing", company=True,
        draw=upright.walking,
    ),
    Posture(
        name="leaning", family="upright", lying=False, spot="floor", suits=_anything,
        footprint=((0.0, 0.25), (0.3, 0.22)), bed=None, brings="nothing", company=False, draw=upright.leaning,
    ),
    Posture(
        name="bending", family="upright", lying=False, spot="bend", suits=_anything, footprint=((0.0, 0.25),),
        bed=None, brings="nothing", company=False, draw=upright.bending,
    ),
    Posture(
        name="reaching", family="upright", lying=False, spot="floor", suits=_anything,
        footprint=((0.0, 0.25), (0.35, 0.15)), bed=None, brings="nothing", company=False, draw=upright.reaching,
    ),
    Posture(
        name="crouching", family="upright", lying=False, spot="floor", suits=_anything,
        footprint=((0.0, 0.3), (0.25, 0.2)), bed=None, brings="nothing", company=False, draw=upright.crouching,
    ),
    Posture(
        name="kneeling", family="upright", lying=False, spot="floor", suits=_anything,
        footprint=((-0.3, 0.2), (0.0, 0.25), (0.35, 0.2)), bed=None, brings="nothing", company=False,
        draw=upright.kneeling,
    ),
    Posture(
        name="pushing", family="upright", lying=False, spot="push", suits=_anything, footprint=_STANDING, bed=None,
        brings="nothing", company=False, draw=upright.pushing,
    ),
    Posture(
        name="supporting", family="upright", lying=False, spot="beside", suits=_anything, footprint=_STANDING,
        bed=None, brings="nothing", company=False, draw=upright.supporting,
    ),
    Posture(
        name="fallen", family="floor", lying=True, spot="floor", suits=_anything,
        footprint=((0.75, 0.3), (0.35, 0.3), (0.0, 0.35), (-0.4, 0.3), (-0.85, 0.25)),  # the feet are ahead
        bed=None, brings="nothing", company=False, draw=floor.fallen,
    ),
    Posture(
        name="crawling", family="floor", lying=False, spot="floor", suits=_anything,
        footprint=((-0.4, 0.25), (0.0, 0.3), (0.6, 0.3)), bed=None, brings="nothing", company=False,
        draw=floor.crawling,
    ),
    Posture(
        name="getting-up", family="floor", lying=False, spot="floor", suits=_anything,
        footprint=((-0.35, 0.25), (0.0, 0.3), (0.5, 0.3)), bed=None, brings="nothing", company=False,
        draw=floor.getting_up,
    ),
)  # fmt: skip

POSTURES: Mapping[str, Posture] = MappingProxyType({posture.name: posture for posture in _TABLE})
