"""Tables, desks, cabinets and other pieces with a top; the origin of their frame is under its middle.

The user sits or stands on the -y side; a cabinet's doors are there too.
"""

from __future__ import annotations

from ..palette import BRIGHT, LAMINATES, METALS, PLASTICS, WOODS, tinted
from ..streams import RandomStream
from ..value_types import Config, Interval, Palette, Shape
from .dimensions import OVERBED_TABLE, RECEPTION_DESK
from .kind import Anchors, DrawFurniture, DrawnFurniture, Extent, Kind, centred, drawn_size


def _topped(
    widths: Interval,
    depths: Interval,
    heights: Interval,
    styles: tuple[str, ...],
    palette: Palette = LAMINATES,
    legs: Palette = METALS,
) -> DrawFurniture:
    """``Kind.draw`` of a piece with a top, its sizes from these ranges."""

    def draw(stream: RandomStream, config: Config, style: str = "") -> DrawnFurniture:
        size = drawn_size(stream, style, styles, widths, depths, heights)
        return {**size, "drawers": int(stream.choice((1, 2, 3)))}, {
            "top": tinted(stream, palette),
            "body": tinted(stream, palette),
            "frame": tinted(stream, legs),
            "trim": tinted(stream, BRIGHT),
        }

    return draw


def _extent(shape: Shape) -> Extent:
    return centred(shape["width"], shape["depth"], shape["height"])


def _cabinet_extent(shape: Shape) -> Extent:
    """Handles and a towel rail stand off a little."""
    half, deep = shape["width"] / 2 + 0.025, shape["depth"] / 2
    return Extent(-half, -deep - 0.03, half, deep, shape["height"])


def _counter_extent(shape: Shape) -> Extent:
    """With the ledge towards the visitors."""
    return centred(shape["width"], shape["depth"], shape["height"] + RECEPTION_DESK.ledge_reach)


def _overbed_extent(shape: Shape) -> Extent:
    """The foot reaches no farther than the top."""
    return centred(shape["width"], max(shape["depth"], OVERBED_TABLE.foot_depth), shape["height"])


def tabletop(shape: Shape) -> Extent:
    """The area of a top on which objects may stand; at a reception desk not under the visitors' ledge."""
    half, deep = shape["width"] / 2, shape["depth"] / 2
    kept = RECEPTION_DESK.free_below if shape["style"] == "reception" else 0.0
    return Extent(-half, -deep, half, deep - kept, shape["height"])


def _anchors(shape: Shape) -> Anchors:
    """``top``: the middle of the front edge of the table's top."""
    return {"top": (0.0, -shape["depth"] / 2, shape["height"])}


def _kind(
    category: str,
    widths: Interval,
    depths: Interval,
    heights: Interval,
    styles: tuple[str, ...],
    palette: Palette = LAMINATES,
    legs: Palette = METALS,
) -> Kind:
    box = _cabinet_extent if category == "cabinet" else _extent
    return Kind(category, _topped(widths, depths, heights, styles, palette, legs), box, _anchors)


KINDS = {
    "desk": _kind("table", (1.1, 1.6), (0.6, 0.8), (0.71, 0.76), ("panelled", "legs", "steel")),
    "table": _kind("table", (0.7, 1.3), (0.6, 0.85), (0.71, 0.76), ("legs", "round")),
    "coffee_table": _kind("table", (0.6, 1.0), (0.5, 0.6), (0.40, 0.48), ("legs", "round")),
    "side_table": _kind("table", (0.38, 0.5), (0.38, 0.45), (0.62, 0.72), ("legs", "steel")),
    "overbed_table": Kind(
        "table", _topped((0.75, 0.9), (0.4, 0.45), (0.78, 1.0), ("column",)), _overbed_extent, _anchors
    ),
    "bedside_cabinet": _kind("cabinet", (0.42, 0.5), (0.42, 0.48), (0.72, 0.9), ("hospital", "plain")),
    "nightstand": _kind("cabinet", (0.38, 0.5), (0.36, 0.42), (0.45, 0.6), ("plain",), palette=WOODS, legs=WOODS),
    "cupboard": _kind("cabinet", (0.8, 1.2), (0.4, 0.5), (1.7, 2.1), ("doors", "glazed")),
    "wardrobe": _kind("cabinet", (0.8, 1.6), (0.5, 0.62), (1.8, 2.1), ("doors",)),
    "dresser": _kind("cabinet", (0.8, 1.2), (0.42, 0.5), (0.75, 0.95), ("drawers",), palette=WOODS),
    "shelf": _kind("cabinet", (0.7, 1.0), (0.28, 0.36), (1.5, 2.0), ("open",)),
    "worktop": _kind("cabinet", (1.2, 2.4), (0.55, 0.62), (0.86, 0.92), ("doors",)),
    "counter": Kind("table", _topped((1.8, 3.2), (0.7, 0.8), (0.72, 0.76), ("reception",)), _counter_extent, _anchors),
    "tray_table": _kind("table", (0.45, 0.6), (0.35, 0.4), (0.8, 0.95), ("column",), palette=PLASTICS),
}
