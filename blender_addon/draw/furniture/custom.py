"""The beds and seats of a custom room: never sampled or built, known by their markers; people refer to them."""

from __future__ import annotations

from ...body.support import bed_profile
from ..value_types import Shape
from .kind import Extent, Kind, centred


def _bed_extent(shape: Shape) -> Extent:
    return centred(shape["width"], shape["length"], max(z for _, z in bed_profile(shape)))


def _seat_extent(shape: Shape) -> Extent:
    return centred(shape["seat_width"], shape["seat_depth"], shape["seat_height"] + shape["back_height"])


KINDS = {"own_bed": Kind(None, None, _bed_extent), "own_seat": Kind(None, None, _seat_extent)}
