"""Building tables, desks, cabinets; the top's height is the shape's, the front faces -y."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np

from ...draw.furniture.dimensions import OVERBED_TABLE, RECEPTION_DESK
from ..solids import box, cushion, disc, swept, tube
from .assembly import FurnitureAssembly

_STEEL = (0.6, 0.6, 0.6)
_RUBBER = (0.03, 0.03, 0.03)
_TOP = 0.03  # thickness of a table's top


def build_table(piece: FurnitureAssembly) -> None:
    """Build a table or cabinet of any kind and style."""
    _KINDS[piece.spec.kind](piece, piece.shape)


def _is_wood(rgb: tuple) -> bool:
    return rgb[0] > 1.35 * rgb[2]


def _surface(piece: FurnitureAssembly, part: str, upright: bool = False) -> str:
    if not _is_wood(piece.spec.colours[part]):
        return "plastic"
    return "wood upright" if upright else "wood"


def _plain_top(piece: FurnitureAssembly, shape: Mapping) -> tuple[float, float, float]:
    """Add a table's top; returns half its width, half its depth, and the height of its underside, metres."""
    half, deep, top = shape["width"] / 2, shape["depth"] / 2, shape["height"]
    piece.add("top", _surface(piece, "top"), box((-half, -deep, top - _TOP), (half, deep, top), 0.006))
    return half, deep, top - _TOP


def _legs(piece: FurnitureAssembly, half: float, deep: float, top: float, thick: float = 0.02) -> None:
    finish = "wood upright" if _is_wood(piece.spec.colours["frame"]) else "metal"
    for x in (-half + 0.04, half - 0.04):
        for y in (-deep + 0.04, deep - 0.04):
            piece.add("frame", finish, box((x - thick, y - thick, 0.0), (x + thick, y + thick, top), 0.004))
    for y in (-deep + 0.04, deep - 0.04):
        piece.add("frame", finish, box((-half + 0.04, y - 0.01, top - 0.06), (half - 0.04, y + 0.01, top)))


def _table(piece: FurnitureAssembly, shape: Mapping) -> None:
    if shape["style"] == "round":
        radius, top = min(shape["width"], shape["depth"]) / 2, shape["height"]
        piece.add("top", _surface(piece, "top"), disc(radius, top, _TOP, 28))
        piece.add("frame", "metal", tube((0, 0, 0.02), (0, 0, top - _TOP), 0.035), disc(0.6 * radius, 0.025, 0.025, 24))
        return
    half, deep, top = _plain_top(piece, shape)
    if shape["style"] == "steel":
        for x in (-half + 0.03, half - 0.03):
            path = [
                [x, -deep + 0.03, 0.0],
                [x, -deep + 0.03, top - 0.01],
                [x, deep - 0.03, top - 0.01],
                [x, deep - 0.03, 0.0],
            ]
            piece.add("frame", "metal", swept(np.array(path), 0.014))
        piece.add("frame", "metal", box((-half + 0.02, -deep + 0.04, 0.2), (half - 0.02, deep - 0.04, 0.215)))
        return
    _legs(piece, half, deep, top)


def _desk(piece: FurnitureAssembly, shape: Mapping) -> None:
    half, deep, top = _plain_top(piece, shape)
    finish = _surface(piece, "body", upright=True)
    if shape["style"] == "panelled":
        for x in (-half + 0.01, half - 0.035):
            piece.add("body", finish, box((x, -deep + 0.02, 0.0), (x + 0.025, deep - 0.01, top)))
        piece.add("body", finish, box((-half + 0.035, deep - 0.05, 0.12), (half - 0.035, deep - 0.03, top)))
    elif shape["style"] == "steel":
        for x in (-half + 0.05, half - 0.05):
            piece.add("frame", "metal", box((x - 0.03, -deep + 0.05, 0.0), (x + 0.03, deep - 0.05, 0.035), 0.008))
            piece.add("frame", "metal", box((x - 0.025, -0.04, 0.03), (x + 0.025, 0.04, top)))
            piece.add("frame", "metal", box((x - 0.02, -deep + 0.08, top - 0.03), (x + 0.02, deep - 0.08, top)))
        piece.add("body", finish, box((-half + 0.08, deep - 0.12, 0.35), (half - 0.08, deep - 0.1, top)))
    else:
        _legs(piece, half, deep, top)
    _drawers(piece, half - 0.46, half - 0.05, -deep + 0.03, deep - 0.06, 0.1, top - 0.002, 3)


def _drawers(
    piece: FurnitureAssembly, x1: float, x2: float, y1: float, y2: float, low: float, high: float, count: int
) -> None:
    """A block of drawers whose fronts and handles face -y."""
    finish = _surface(piece, "body")
    piece.add("body", finish, box((x1, y1 + 0.018, low), (x2, y2, high)))
    step = (high - low) / count
    for k in range(count):
        z1, z2 = low + k * step + 0.006, low + (k + 1) * step - 0.006
        piece.add("body", finish, box((x1 + 0.006, y1, z1), (x2 - 0.006, y1 + 0.02, z2), 0.004))
        piece.add(
            _STEEL,
            "chrome",
            box(((x1 + x2) / 2 - 0.06, y1 - 0.02, z2 - 0.05), ((x1 + x2) / 2 + 0.06, y1 + 0.001, z2 - 0.038)),
        )


def _doors(
    piece: FurnitureAssembly,
    half: float,
    front: float,
    back: float,
    low: float,
    high: float,
    count: int,
    glazed: bool = False,
) -> None:
    """A cabinet's body with doors towards -y."""
    finish = _surface(piece, "body", upright=True)
    piece.add("body", finish, box((-half, front + 0.02, low), (half, back, high)))
    step = 2 * half / count
    for k in range(count):
        x1, x2 = -half + k * step + 0.004, -half + (k + 1) * step - 0.004
        if glazed:
            piece.add("body", finish, box((x1, front, low + 0.004), (x2, front + 0.02, low + 0.42 * (high - low))))
            piece.add(
                (0.10, 0.14, 0.16),
                "glass",
                box((x1, front + 0.004, low + 0.43 * (high - low)), (x2, front + 0.02, high - 0.006)),
            )
        else:
            piece.add("body", finish, box((x1, front, low + 0.004), (x2, front + 0.02, high - 0.004), 0.003))
        x = x2 - 0.05 if k % 2 == 0 and count > 1 else x1 + 0.05
        middle = (low + high) / 2 if high - low < 1.2 else 1.0
        piece.add(
            _STEEL,
            "chrome",
            box((x - 0.008, front - 0.025, middle - 0.08), (x + 0.008, front + 0.001, middle + 0.08), 0.003),
        )


def _overbed(piece: FurnitureAssembly, shape: Mapping) -> None:
    """A C-shaped foot that goes under the bed, a column at one end."""
    half, _deep, top = _plain_top(piece, shape)
    x = half - 0.1
    piece.add("frame", "metal", box((x - 0.035, -0.03, 0.07), (x + 0.035, 0.03, top), 0.006))
    piece.add("frame", "metal", box((-half + 0.2, -0.025, top - 0.035), (x + 0.03, 0.025, top)))
    bars, wide = OVERBED_TABLE.foot_bars, OVERBED_TABLE.foot_bar_width
    for y in (-bars, bars):
        piece.add("frame", "metal", box((-half + 0.12, y - wide, 0.05), (half - 0.05, y + wide, 0.085), 0.006))
        for wheel in (-half + 0.15, half - 0.08):
            piece.add(_RUBBER, "rubber", tube((wheel - 0.012, y, 0.026), (wheel + 0.012, y, 0.026), 0.026, 10))
    piece.add("frame", "metal", box((x - 0.03, -bars, 0.05), (x + 0.03, bars, 0.085)))


def _tray_table(piece: FurnitureAssembly, shape: Mapping) -> None:
    half, deep, top = shape["width"] / 2, shape["depth"] / 2, shape["height"]
    piece.add("top", "chrome", box((-half, -deep, top - 0.012), (half, deep, top)))
    for x1, y1, x2, y2 in (
        (-half, -deep, half, -deep),
        (-half, deep, half, deep),
        (-half, -deep, -half, deep),
        (half, -deep, half, deep),
    ):
        piece.add("top", "chrome", tube((x1, y1, top), (x2, y2, top), 0.008, 6))
    piece.add("frame", "metal", tube((0, deep - 0.04, 0.06), (0, deep - 0.04, top - 0.01), 0.018))
    for side in (-1, 1):
        piece.add("frame", "metal", tube((0, deep - 0.04, 0.07), (side * (half - 0.05), -deep + 0.06, 0.055), 0.015, 8))
        piece.add(
            _RUBBER,
            "rubber",
            tube(
                (side * (half - 0.05) - 0.01, -deep + 0.06, 0.025),
                (side * (half - 0.05) + 0.01, -deep + 0.06, 0.025),
                0.025,
                10,
            ),
        )
    piece.add(_RUBBER, "rubber", tube((-0.01, deep - 0.04, 0.025), (0.01, deep - 0.04, 0.025), 0.025, 10))


def _bedside(piece: FurnitureAssembly, shape: Mapping) -> None:
    """A drawer above an open shelf above a door; on castors in hospitals."""
    half, deep, top = _plain_top(piece, shape)
    low = 0.09 if shape["style"] == "hospital" else 0.04
    finish = _surface(piece, "body", upright=True)
    shelf = low + 0.52 * (top - low)
    gap = 0.2 * (top - low) if shape["style"] == "hospital" else 0.0
    y1, y2 = -deep + 0.02, deep - 0.01
    _drawers(piece, -half + 0.01, half - 0.01, y1, y2, shelf + gap, top, 1 if gap else 2)
    _drawers(piece, -half + 0.01, half - 0.01, y1, y2, low, shelf, 1)
    if gap:
        for x in (-half + 0.01, half - 0.03):
            piece.add("body", finish, box((x, y1 + 0.018, shelf), (x + 0.02, y2, shelf + gap)))
        piece.add("body", finish, box((-half + 0.02, y2 - 0.02, shelf), (half - 0.02, y2, shelf + gap)))
        rail = np.array([[-half - 0.015, -deep + 0.1, top - 0.04], [-half - 0.015, deep - 0.1, top - 0.04]])
        piece.add("frame", "metal", swept(rail, 0.008, 6))
        for y in (-deep + 0.1, deep - 0.1):
            piece.add("frame", "metal", tube((-half - 0.015, y, top - 0.04), (-half + 0.015, y, top - 0.04), 0.006, 5))
    for x in (-half + 0.06, half - 0.06):
        for y in (-deep + 0.07, deep - 0.06):
            if low > 0.05:
                piece.add(_RUBBER, "rubber", tube((x - 0.012, y, 0.035), (x + 0.012, y, 0.035), 0.035, 10))
                piece.add("frame", "metal", tube((x, y, 0.035), (x, y, low + 0.01), 0.01, 6))
            else:
                piece.add("body", finish, box((x - 0.02, y - 0.02, 0.0), (x + 0.02, y + 0.02, low + 0.002)))


def _cupboard(piece: FurnitureAssembly, shape: Mapping) -> None:
    half, deep, top = shape["width"] / 2, shape["depth"] / 2, shape["height"]
    count = max(2, round(shape["width"] / 0.5))
    piece.add("frame", "matt", box((-half + 0.02, -deep + 0.05, 0.0), (half - 0.02, deep - 0.02, 0.08)))
    _doors(piece, half, -deep, deep, 0.08, top - 0.02, count, glazed=shape["style"] == "glazed")
    piece.add("top", _surface(piece, "top"), box((-half - 0.005, -deep - 0.005, top - 0.02), (half + 0.005, deep, top)))


def _dresser(piece: FurnitureAssembly, shape: Mapping) -> None:
    half, deep, top = _plain_top(piece, shape)
    for x in (-half + 0.05, half - 0.05):
        for y in (-deep + 0.06, deep - 0.05):
            piece.add("body", "wood upright", box((x - 0.025, y - 0.025, 0.0), (x + 0.025, y + 0.025, 0.12)))
    for x1, x2 in ((-half + 0.01, 0.0), (0.0, half - 0.01)):
        _drawers(piece, x1, x2, -deep + 0.015, deep - 0.01, 0.1, top, 3)


def _shelf(piece: FurnitureAssembly, shape: Mapping) -> None:
    """Open shelves with things on them."""
    half, deep, top = shape["width"] / 2, shape["depth"] / 2, shape["height"]
    finish = _surface(piece, "body")
    for x in (-half, half - 0.02):
        piece.add("body", _surface(piece, "body", upright=True), box((x, -deep, 0.0), (x + 0.02, deep, top)))
    boards = np.linspace(0.06, top - 0.02, 2 + shape["drawers"] + 1)
    for z in boards:
        piece.add("body", finish, box((-half + 0.02, -deep + 0.005, z), (half - 0.02, deep, z + 0.02)))
    piece.add("body", finish, box((-half + 0.02, deep - 0.01, 0.06), (half - 0.02, deep, top)))
    for k, (low, high) in enumerate(itertools.pairwise(boards)):
        wide, tall = 0.5 + 0.13 * ((k * 7) % 4), 0.5 + 0.1 * ((k * 5) % 4)
        x1 = -half + 0.05 + 0.1 * (k % 2)
        x2 = min(x1 + wide * half, half - 0.06)
        piece.add(
            ("trim", "top", "trim")[k % 3],
            "cardboard",
            box((x1, -deep + 0.05, low + 0.02), (x2, deep - 0.05, low + 0.02 + tall * (high - low - 0.02)), 0.004),
        )
        piece.add(
            "top",
            "cardboard",
            box(
                (x2 + 0.04, -deep + 0.06, low + 0.02),
                (half - 0.05, deep - 0.05, low + 0.02 + 0.7 * tall * (high - low)),
                0.004,
            ),
        )


def _worktop(piece: FurnitureAssembly, shape: Mapping) -> None:
    half, deep, top = _plain_top(piece, shape)
    piece.add("frame", "matt", box((-half + 0.02, -deep + 0.07, 0.0), (half - 0.02, deep - 0.02, 0.1)))
    _doors(piece, half - 0.005, -deep + 0.02, deep, 0.1, top, max(2, round(shape["width"] / 0.45)))


def _counter(piece: FurnitureAssembly, shape: Mapping) -> None:
    """A reception desk: work top behind, a raised ledge and panel towards the visitors at +y."""
    d, (half, deep, top) = RECEPTION_DESK, _plain_top(piece, shape)
    finish, low = _surface(piece, "body", upright=True), top + d.ledge_bottom
    piece.add("body", finish, box((-half, deep - 0.06, 0.0), (half, deep - 0.02, low)))
    piece.add("trim", "plastic", box((-half - 0.0, deep - 0.018, 0.25), (half + 0.0, deep, 0.4)))
    ledge = cushion((-half, deep - d.ledge_depth, low), (half, deep, top + d.ledge_top), 0.012)
    piece.add("top", _surface(piece, "top"), ledge)
    for x in (-half, half - 0.03):
        piece.add("body", finish, box((x, -deep + 0.02, 0.0), (x + 0.03, deep - 0.06, top - 0.001)))
    _drawers(piece, half - 0.5, half - 0.06, -deep + 0.04, deep - 0.1, 0.06, top, 3)


_KINDS = {
    "desk": _desk, "table": _table, "coffee_table": _table, "side_table": _table, "overbed_table": _overbed,
    "bedside_cabinet": _bedside, "nightstand": _bedside, "cupboard": _cupboard, "wardrobe": _cupboard,
    "dresser": _dresser, "shelf": _shelf, "worktop": _worktop, "counter": _counter, "tray_table": _tray_table,
}  # fmt: skip
KINDS = tuple(_KINDS)
