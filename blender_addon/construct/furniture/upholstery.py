"""Cushions and back rests where ``body.support`` has them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..solids import Solid, cushion


def seat_cushion(shape: Mapping, thick: float, grow: float = 0.0, radius: float = 0.025) -> Solid:
    """The cushion whose top is the seat, ``thick`` metres."""
    half, deep, top = shape["seat_width"] / 2 + grow, shape["seat_depth"] / 2, shape["seat_height"]
    return cushion((-half, -deep, top - thick), (half, deep, top), radius)


def back_cushion(shape: Mapping, thick: float, low: float = 0.0, grow: float = 0.0, radius: float = 0.025) -> Solid:
    """A slab whose front is the back rest's plane, from ``low`` above the seat to its upper end."""
    half = shape["seat_width"] / 2 + grow
    back = cushion((-half, 0.0, low), (half, thick, shape["back_height"]), radius)
    return back.turned(-shape["recline_deg"], "x").moved(y=shape["seat_depth"] / 2, z=shape["seat_height"])


def along_back(shape: Mapping, above: float, behind: float = 0.0) -> tuple[float, float]:
    """(y, z) in metres of a point ``above`` the seat along the back rest and ``behind`` its plane."""
    angle = np.radians(shape["recline_deg"])
    y = shape["seat_depth"] / 2 + above * np.sin(angle) + behind * np.cos(angle)
    return y, shape["seat_height"] + above * np.cos(angle) - behind * np.sin(angle)
