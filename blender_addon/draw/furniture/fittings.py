"""Things fixed to a wall. Their frame's origin is on the wall, they reach into the room towards -y.

A fitting's z is the height of its lower edge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Optional

from ..palette import BRIGHT, CURTAINS, HOME_CLOTH, LAMINATES, METALS, PLASTICS, tinted
from ..streams import RandomStream
from ..value_types import Colour, Config, Interval, Shape
from .dimensions import SUPPLY_PANEL
from .kind import Anchors, DrawnFurniture, Extent, Kind, sized

_WHITE = ((0.78, 0.78, 0.76),)
_SKINS = ((0.60, 0.40, 0.30), (0.35, 0.20, 0.12), (0.15, 0.08, 0.05), (0.70, 0.52, 0.42))


def _extent(shape: Shape) -> Extent:
    """With what stands off a little: outlets, handles, brackets."""
    half = shape["width"] / 2 + 0.02
    return Extent(-half, -shape["depth"] - 0.03, half, 0.0, shape["height"])


def _sink_extent(shape: Shape) -> Extent:
    """With its tap."""
    half = shape["width"] / 2
    return Extent(-half, -shape["depth"], half, 0.0, shape["height"] + 0.22)


def _kind(
    category: Optional[str],
    widths: Interval,
    depths: Interval,
    heights: Interval,
    palettes: Mapping[str, Sequence[Colour]],
    styles: Sequence[str] = ("",),
    solid: bool = True,
    anchors: Callable[[Shape], Anchors] = lambda shape: {},
) -> Kind:
    return Kind(category, sized(widths, depths, heights, palettes, styles), _extent, anchors, solid)


class Outlet(NamedTuple):
    """An outlet of a supply panel: metres along the panel, whether it is for gas."""

    x: float
    gas: bool


def supplies(shape: Shape) -> list[Outlet]:
    """The outlets of a supply panel over a bed, from left to right."""
    half = shape["width"] / 2
    count = max(4, int(2 * half / 0.16))
    first = int(9 * shape["variant"])
    return [Outlet(-half + (k + 0.5) * 2 * half / count, (k * 5 + first) % 3 == 0) for k in range(count)]


def _oxygen(shape: Shape) -> Anchors:
    x = next(x for x, gas in supplies(shape) if gas)
    d = SUPPLY_PANEL
    return {"oxygen": (x, -shape["depth"] - d.outlet_length, d.outlet_height * shape["height"])}


def _draw_curtain(stream: RandomStream, config: Config, style: str = "") -> DrawnFurniture:
    """A ward curtain that hangs from a rail, ``width`` metres of it closed; its origin is the middle below the rail."""
    shape = {"style": "curtain", "width": 1.0, "depth": 0.12, "bottom": 0.35, "height": 1.7, "variant": stream.unit()}
    return shape, {"cloth": tinted(stream, CURTAINS), "mesh": (0.75, 0.75, 0.75)}


KINDS = {
    "bedhead": _kind(
        None,
        (1.2, 1.8),
        (0.05, 0.08),
        (0.2, 0.32),
        {"body": (*PLASTICS, *LAMINATES), "outlet": BRIGHT, "trim": METALS},
        anchors=_oxygen,
    ),
    "socket": _kind(None, (0.08, 0.16), (0.012, 0.02), (0.08, 0.09), {"body": _WHITE}, solid=False),
    "clock": _kind(
        None,
        (0.26, 0.34),
        (0.03, 0.05),
        (0.26, 0.34),
        {"face": _WHITE, "rim": ((0.03, 0.03, 0.03), (0.6, 0.6, 0.6), *BRIGHT[1:3])},
        solid=False,
    ),
    "sign": _kind(
        None,
        (0.2, 0.5),
        (0.006, 0.012),
        (0.15, 0.3),
        {"body": (*BRIGHT, *_WHITE), "mark": (*_WHITE, *BRIGHT)},
        styles=("cross", "text", "arrow", "exit"),
        solid=False,
    ),
    "notice_board": _kind(
        None,
        (0.8, 1.4),
        (0.015, 0.025),
        (0.6, 0.95),
        {"body": ((0.45, 0.28, 0.14), (0.2, 0.28, 0.4), (0.75, 0.75, 0.75)), "frame": METALS},
        solid=False,
    ),
    "poster": _kind(
        "poster",
        (0.42, 0.75),
        (0.004, 0.006),
        (0.6, 1.05),
        {
            "paper": (*PLASTICS, *BRIGHT, *_WHITE),
            "skin": _SKINS,
            "cloth": (*HOME_CLOTH, *BRIGHT),
            "hair": ((0.02, 0.015, 0.01), (0.2, 0.1, 0.04)),
        },
        styles=("face", "person", "person", "people", "text"),
        solid=False,
    ),
    "picture": _kind(
        None,
        (0.4, 0.8),
        (0.02, 0.03),
        (0.3, 0.6),
        {
            "frame": (*LAMINATES, (0.03, 0.03, 0.03)),
            "sky": ((0.4, 0.6, 0.8), (0.8, 0.6, 0.4)),
            "land": ((0.1, 0.25, 0.08), (0.3, 0.2, 0.1)),
        },
        solid=False,
    ),
    "whiteboard": _kind(
        None, (0.8, 1.5), (0.02, 0.03), (0.7, 1.0), {"body": _WHITE, "frame": METALS, "mark": BRIGHT}, solid=False
    ),
    "dispenser": _kind(
        None, (0.1, 0.28), (0.1, 0.13), (0.2, 0.34), {"body": (*_WHITE, *PLASTICS), "trim": BRIGHT}, solid=False
    ),
    "glove_boxes": _kind(
        None, (0.25, 0.27), (0.1, 0.11), (0.3, 0.42), {"body": (*_WHITE, *PLASTICS), "trim": BRIGHT}, solid=False
    ),
    "sink": Kind(
        "sink",
        sized((0.45, 0.6), (0.4, 0.48), (0.85, 0.9), {"body": _WHITE, "tap": METALS[:1]}),
        _sink_extent,
    ),
    "mirror": _kind(None, (0.4, 0.6), (0.012, 0.018), (0.5, 0.8), {"frame": METALS}, solid=False),
    "coat_hooks": _kind(
        "coat",
        (0.5, 0.9),
        (0.2, 0.26),
        (1.0, 1.15),
        {"rail": LAMINATES, "coat": (*HOME_CLOTH, (0.82, 0.82, 0.82)), "coat2": (*HOME_CLOTH, (0.82, 0.82, 0.82))},
    ),
    "wall_tv": _kind(
        "tv",
        (0.7, 1.1),
        (0.12, 0.2),
        (0.45, 0.62),
        {"body": ((0.02, 0.02, 0.02),), "skin": _SKINS, "cloth": HOME_CLOTH, "back": (*PLASTICS, *BRIGHT)},
        styles=("person", "landscape", "off"),
        solid=False,
    ),
    "radiator": _kind(None, (0.8, 1.4), (0.09, 0.12), (0.5, 0.6), {"body": _WHITE}),
    "air_conditioner": _kind(None, (0.75, 0.95), (0.2, 0.24), (0.28, 0.32), {"body": _WHITE}, solid=False),
    "reading_lamp": _kind("lamp", (0.12, 0.14), (0.3, 0.42), (0.2, 0.3), {"body": (*METALS, *_WHITE)}, solid=False),
    "extinguisher": _kind(
        None, (0.18, 0.2), (0.17, 0.19), (0.5, 0.56), {"body": ((0.55, 0.02, 0.02),), "trim": ((0.02, 0.02, 0.02),)}
    ),
    "grab_bar": _kind(None, (0.5, 0.8), (0.07, 0.09), (0.03, 0.04), {"body": METALS}, solid=False),
    "towel_rail": _kind(
        None, (0.45, 0.6), (0.1, 0.12), (0.5, 0.7), {"body": METALS, "cloth": (*HOME_CLOTH, *_WHITE)}, solid=False
    ),
    "wall_cupboard": _kind(
        None, (0.8, 1.6), (0.3, 0.36), (0.6, 0.75), {"body": LAMINATES, "trim": METALS}, solid=False
    ),
    "wall_shelf": _kind(
        None,
        (0.6, 1.0),
        (0.2, 0.28),
        (0.25, 0.3),
        {"body": LAMINATES, "item": BRIGHT, "item2": HOME_CLOTH},
        solid=False,
    ),
    "shower": _kind(
        None, (0.9, 1.1), (0.85, 1.0), (2.0, 2.1), {"tray": _WHITE, "tap": METALS[:1], "curtain": CURTAINS}
    ),
    "curtain": Kind(
        "curtain",
        _draw_curtain,
        lambda shape: Extent(
            -shape["width"] / 2, -shape["depth"] / 2, shape["width"] / 2, shape["depth"] / 2, shape["height"]
        ),
        solid=False,
    ),
}
