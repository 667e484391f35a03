"""Building fittings on walls; the wall is the plane y = 0 of their frame, the room is on its -y side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...draw.furniture.dimensions import SUPPLY_PANEL
from ...draw.furniture.fittings import supplies
from ..solids import Solid, box, cushion, ellipsoid, lathe, plate, sheet, swept, tube
from .assembly import FurnitureAssembly
from .curtains import folded_cloth, hanging_coat
from .portraits import draw_scene_on

_DARK = (0.03, 0.03, 0.03)
_WHITE = (0.78, 0.78, 0.76)
_STEEL = (0.6, 0.6, 0.6)


def build_fitting(piece: FurnitureAssembly) -> None:
    """Build a fitting of any kind."""
    shape = piece.shape
    _KINDS[piece.spec.kind](piece, shape, shape["width"] / 2, -shape["depth"], shape["height"])


def _bedhead(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    """The supply panel over a bed's head: gas outlets, sockets, a rail, a light along its top."""
    piece.add("body", "plastic", cushion((-half, front, 0.0), (half, 0.0, top), 0.012))
    piece.add("trim", "metal", box((-half, front - 0.004, 0.42 * top), (half, front + 0.01, 0.5 * top)))
    z = SUPPLY_PANEL.outlet_height * top
    for x, gas in supplies(shape):
        if gas:
            outlet = tube((x, front - SUPPLY_PANEL.outlet_length, z), (x, front, z), 0.022, 12)
            piece.add("outlet", "plastic", outlet)
        else:
            piece.add(
                _WHITE,
                "plastic",
                box((x - 0.035, front - 0.006, 0.14 * top), (x + 0.035, front, 0.14 * top + 0.07), 0.003),
            )
            piece.add(
                _DARK,
                "plastic",
                box((x - 0.012, front - 0.007, 0.14 * top + 0.028), (x + 0.012, front, 0.14 * top + 0.042)),
            )


def _socket(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    piece.add("body", "plastic", box((-half, front, 0.0), (half, 0.0, top), 0.004))
    for x in np.linspace(-half + 0.04, half - 0.04, 1 + (half > 0.06)):
        piece.add(
            _DARK, "plastic", box((x - 0.015, front - 0.001, 0.5 * top - 0.008), (x + 0.015, front, 0.5 * top + 0.008))
        )


def _clock(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    middle = top / 2
    radius = min(half, middle)
    piece.add("rim", "plastic", _wheel(radius, front, 0.0, middle))
    piece.add("face", "matt", _wheel(0.88 * radius, front - 0.001, front + 0.01, middle))
    for turn, length, wide in ((shape["variant"], 0.75, 0.012), (shape["variant"] * 12 % 1.0, 0.5, 0.018)):
        hand = box((-wide / 2, front - 0.004, -0.02), (wide / 2, front - 0.002, length * radius))
        piece.add(_DARK, "matt", hand.turned(360.0 * turn, "y").moved(z=middle))
    for k in range(12):
        mark = box((-0.005, front - 0.003, 0.72 * radius), (0.005, front - 0.001, 0.84 * radius))
        piece.add(_DARK, "matt", mark.turned(30.0 * k, "y").moved(z=middle))


def _wheel(radius: float, front: float, back: float, z: float) -> Solid:
    return tube((0, back, z), (0, front, z), radius, 28)


def _sign(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    piece.add("body", "plastic", box((-half, front, 0.0), (half, 0.0, top), 0.003))
    y, middle = front - 0.0015, top / 2
    if "drawing" in shape:
        piece.add_drawing(-half + 0.004, half - 0.004, front, 0.004, top - 0.004, "plastic")
    elif shape["style"] == "cross":
        arm = 0.3 * min(half, middle)
        piece.add(
            "mark",
            "matt",
            box((-arm, y, 0.2 * top), (arm, front, 0.8 * top)),
            box((-0.6 * top / 2, y, middle - arm), (0.6 * top / 2, front, middle + arm)),
        )
    elif shape["style"] in ("arrow", "exit"):
        piece.add(
            "mark",
            "matt",
            plate(
                [
                    (-0.7 * half, 0.42 * top),
                    (0.2 * half, 0.42 * top),
                    (0.2 * half, 0.58 * top),
                    (-0.7 * half, 0.58 * top),
                ],
                y,
                0.001,
            ),
        )
        piece.add(
            "mark", "matt", plate([(0.2 * half, 0.22 * top), (0.75 * half, middle), (0.2 * half, 0.78 * top)], y, 0.001)
        )
    else:
        for k in range(3):
            piece.add(
                "mark",
                "matt",
                box(
                    (-0.8 * half, y, (0.75 - 0.25 * k) * top),
                    ((0.8 - 0.3 * (k % 2)) * half, front, (0.83 - 0.25 * k) * top),
                ),
            )


def _notice_board(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    piece.add("body", "cloth", box((-half, front + 0.005, 0.0), (half, 0.0, top)))
    _frame(piece, "frame", half, front, top, 0.025)
    if "drawing" in shape:
        piece.add_drawing(-half + 0.02, half - 0.02, front + 0.005, 0.02, top - 0.02)
        return
    seed = shape["variant"]
    for k in range(9):
        place = (seed * 31.7 + 0.618 * k) % 1.0
        x, z = -half + 0.16 + (2 * half - 0.32) * ((k + 0.5) / 9), 0.2 + (top - 0.42) * place
        note = box((-0.1, front + 0.002 - 0.0006 * k, -0.14), (0.1, front + 0.006, 0.14)).turned(
            6.0 * (place - 0.5), "y"
        )
        tint = (_WHITE, (0.75, 0.68, 0.3), (0.45, 0.62, 0.72), _WHITE, (0.72, 0.5, 0.5))[k % 5]
        piece.add(tint, "matt", note.moved(x, 0.0, z))


def _frame(piece: FurnitureAssembly, part: str, half: float, front: float, top: float, wide: float) -> None:
    for low, high in (
        ((-half, front, 0.0), (half, 0.0, wide)), ((-half, front, top - wide), (half, 0.0, top)),
        ((-half, front, wide), (-half + wide, 0.0, top - wide)), ((half - wide, front, wide), (half, 0.0, top - wide)),
    ):  # fmt: skip
        piece.add(part, "metal", box(low, high))


def _poster(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    piece.add(_WHITE, "matt", box((-half, front, 0.0), (half, 0.0, top)))
    if "drawing" in shape:
        piece.add_drawing(-half + 0.006, half - 0.006, front, 0.006, top - 0.006)
        return
    colours = {"back": "paper", "skin": "skin", "cloth": "cloth", "hair": "hair"}
    draw_scene_on(piece, shape["style"], colours, -half + 0.015, half - 0.015, front, 0.015, top - 0.015)


def _framed_picture(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    _frame(piece, "frame", half, front, top, 0.025)
    if "drawing" in shape:
        piece.add_drawing(-half + 0.02, half - 0.02, front + 0.01, 0.02, top - 0.02)
        return
    colours = {
        "back": "sky",
        "skin": "land",
        "cloth": tuple(0.6 * c for c in piece.spec.colours["land"]),
        "hair": _DARK,
    }
    draw_scene_on(piece, "landscape", colours, -half + 0.02, half - 0.02, front + 0.01, 0.02, top - 0.02)
    piece.add(_DARK, "matt", box((-half + 0.01, front + 0.011, 0.01), (half - 0.01, 0.0, top - 0.01)))


def _whiteboard(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    piece.add("body", "ceramic", box((-half, front + 0.006, 0.0), (half, 0.0, top)))
    _frame(piece, "frame", half, front, top, 0.02)
    if "drawing" in shape:
        piece.add_drawing(-half + 0.015, half - 0.015, front + 0.006, 0.015, top - 0.015, "enamel")
        return
    for k in range(8):
        length = 0.3 + 0.5 * ((shape["variant"] * 17 + 0.618 * k) % 1.0)
        z = top - 0.12 - k * (top - 0.2) / 8
        piece.add(
            "mark",
            "matt",
            box((-half + 0.08, front + 0.004, z), (-half + 0.08 + length * (2 * half - 0.2), front + 0.007, z + 0.012)),
        )


def _dispenser(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    piece.add("body", "plastic", cushion((-half, front, 0.15 * top), (half, 0.0, top), 0.02))
    piece.add(
        "trim", "plastic", box((-0.6 * half, front - 0.002, 0.35 * top), (0.6 * half, front + 0.01, 0.5 * top), 0.003)
    )
    piece.add(_DARK, "plastic", cushion((-0.5 * half, front + 0.02, 0.0), (0.5 * half, -0.01, 0.16 * top), 0.01))


def _glove_boxes(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    for k in range(3):
        low, high = top * k / 3 + 0.004, top * (k + 1) / 3 - 0.004
        piece.add("body" if k % 2 else "trim", "cardboard", box((-half, front, low), (half, 0.0, high), 0.003))
        piece.add((0.2, 0.35, 0.6), "matt", ellipsoid((0, front, (low + high) / 2), (0.06, 0.012, 0.025), 8))


def _sink(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    """Basin, tap, trap and tiles behind."""
    middle = front / 2
    piece.add("body", "ceramic", cushion((-half, front, top - 0.16), (half, 0.0, top), 0.05))
    bowl = lathe(((0.001, top + 0.0005), (0.72 * min(half, -middle), top + 0.001)), 22).moved(0, middle - 0.02)
    piece.add((0.55, 0.56, 0.57), "ceramic", bowl)
    tap = [[0, -0.05, top], [0, -0.05, top + 0.16], [0, -0.1, top + 0.19], [0, middle, top + 0.16]]
    piece.add("tap", "chrome", swept(np.array(tap), 0.011))
    piece.add(
        "tap",
        "chrome",
        tube((0, middle, top - 0.3), (0, middle, top - 0.15), 0.018),
        tube((0, middle, top - 0.3), (0, 0.0, top - 0.3), 0.016),
    )
    piece.add("body", "ceramic", cushion((-0.09, front + 0.12, 0.0), (0.09, -0.02, top - 0.15), 0.03))


def _mirror(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    piece.add(
        (0.85, 0.87, 0.88), "chrome", box((-half + 0.012, front - 0.001, 0.012), (half - 0.012, 0.0, top - 0.012))
    )
    _frame(piece, "frame", half, front - 0.003, top, 0.014)


def _coat_hooks(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    """A rail of hooks; its coats resemble people without heads."""
    piece.add("rail", "wood", box((-half, -0.025, top - 0.1), (half, 0.0, top - 0.02), 0.004))
    count = max(2, int(2 * half / 0.24))
    for k in range(count):
        x = -half + (k + 0.5) * 2 * half / count
        piece.add(
            _STEEL,
            "chrome",
            swept(np.array([[x, -0.02, top - 0.07], [x, -0.07, top - 0.08], [x, -0.08, top - 0.05]]), 0.006, 6),
        )
        if (k + int(3 * shape["variant"])) % 2 == 0:
            piece.add(
                "coat" if k % 4 < 2 else "coat2",
                "cloth",
                hanging_coat(x, front, top - 0.06, 0.95 * top - 0.06, shape["variant"] + 0.3 * k),
            )


def _wall_tv(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    piece.add("body", "metal", box((-0.1, front + 0.04, 0.3 * top), (0.1, 0.0, 0.6 * top)))
    piece.add("body", "plastic", cushion((-half, front, 0.0), (half, front + 0.05, top), 0.01))
    colours = {"back": "back", "skin": "skin", "cloth": "cloth", "hair": _DARK}
    draw_scene_on(
        piece, shape["style"], colours, -half + 0.015, half - 0.015, front - 0.0005, 0.015, top - 0.015, glow=0.9
    )


def _radiator(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    count = int(2 * half / 0.07)
    for k in range(count):
        x = -half + (k + 0.5) * 2 * half / count
        piece.add("body", "metal", box((x - 0.025, front, 0.1), (x + 0.025, -0.03, top), 0.01))
    for z in (0.14, top - 0.05):
        piece.add("body", "metal", box((-half, front + 0.02, z), (half, -0.035, z + 0.03)))
    for x in (-0.8 * half, 0.8 * half):
        piece.add(
            "body",
            "metal",
            box((x - 0.015, -0.035, 0.2), (x + 0.015, 0.0, 0.24)),
            tube((x, -0.06, 0.0), (x, -0.06, 0.12), 0.01, 6),
        )


def _air_conditioner(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    piece.add("body", "plastic", cushion((-half, front, 0.0), (half, 0.0, top), 0.04))
    piece.add((0.3, 0.3, 0.3), "matt", box((-half + 0.06, front - 0.001, 0.05), (half - 0.06, front + 0.02, 0.075)))


def _reading_lamp(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    piece.add("body", "metal", box((-0.04, -0.02, 0.0), (0.04, 0.0, 0.1), 0.004))
    path = np.array(
        [[0, -0.02, 0.05], [0, -0.1, top - 0.03], [0, front + 0.12, top - 0.02], [0, front + 0.07, 0.75 * top]]
    )
    piece.add("body", "metal", swept(path, 0.008, 6))
    piece.add(
        "body",
        "metal",
        lathe(((0.055, 0.0), (0.045, 0.06), (0.015, 0.09)), 14).turned(-20, "x").moved(y=front + 0.065, z=0.55 * top),
    )


def _extinguisher(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    middle, radius = front / 2, 0.075
    profile = ((radius - 0.01, 0.0), (radius, 0.02), (radius, 0.72 * top), (0.03, 0.84 * top), (0.02, 0.88 * top))
    piece.add("body", "metal", lathe(profile, 18).moved(0, middle))
    piece.add("trim", "plastic", box((-0.02, middle - 0.05, 0.88 * top), (0.02, middle + 0.03, top)))
    hose = np.array([[0.02, middle, 0.9 * top], [0.08, middle - 0.02, 0.75 * top], [0.085, middle - 0.02, 0.35 * top]])
    piece.add("trim", "rubber", swept(hose, 0.009, 6))
    piece.add(_STEEL, "metal", box((-0.02, middle, 0.6 * top), (0.02, 0.0, 0.64 * top)))


def _grab_bar(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    z = top / 2
    path = np.array(
        [
            [-half, 0, z],
            [-half, front + 0.02, z],
            [-half + 0.03, front + 0.016, z],
            [half - 0.03, front + 0.016, z],
            [half, front + 0.02, z],
            [half, 0, z],
        ]
    )
    piece.add("body", "metal", swept(path, 0.016))


def _towel_rail(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    y = front + 0.03
    bar = np.array([[-half, 0, top - 0.02], [-half, y, top - 0.02], [half, y, top - 0.02], [half, 0, top - 0.02]])
    piece.add("body", "metal", swept(bar, 0.009, 6))
    u, v = np.meshgrid(np.linspace(-1, 1, 14), np.linspace(0, 1, 16), indexing="ij")
    half_towel = 0.6 * half
    drop = np.where(v < 0.4, 0.4 - v, v - 0.4) / 0.6
    side = np.where(v < 0.4, 1.0, -1.0) * 0.016
    z = top - 0.008 - np.clip(drop, 0, 1) * (top - 0.05) * np.where(v < 0.4, 0.6, 1.0)
    grid = np.stack([u * half_towel, y + side + 0.006 * np.sin(6 * u) * drop, z], axis=-1)
    piece.add("cloth", "cloth", sheet(grid[::-1]))


def _wall_cupboard(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    piece.add("body", "plastic", box((-half, front + 0.02, 0.0), (half, 0.0, top)))
    count = max(2, round(half / 0.25))
    for k in range(count):
        x1, x2 = -half + 2 * half * k / count + 0.004, -half + 2 * half * (k + 1) / count - 0.004
        piece.add("body", "plastic", box((x1, front, 0.004), (x2, front + 0.02, top - 0.004), 0.003))
        piece.add("trim", "chrome", box((x2 - 0.05, front - 0.02, 0.05), (x2 - 0.04, front, 0.15)))


def _wall_shelf(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    piece.add("body", "wood", box((-half, front, 0.0), (half, 0.0, 0.025)))
    x = -half + 0.03
    for k in range(9):
        wide, tall = 0.025 + 0.02 * ((k * 5) % 3), (0.55 + 0.1 * ((k * 7) % 4)) * top
        if x + wide > half - 0.02:
            break
        piece.add(
            "item" if k % 2 else "item2", "cardboard", box((x, front + 0.03, 0.025), (x + wide, -0.02, 0.025 + tall))
        )
        x += wide + 0.004


def _shower(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    """A tray, a hand shower on its bar, a curtain half drawn."""
    piece.add("tray", "ceramic", cushion((-half, front, 0.0), (half, 0.0, 0.06), 0.02))
    piece.add((0.55, 0.55, 0.55), "chrome", lathe(((0.05, 0.06), (0.05, 0.063)), 14).moved(0, front / 2))
    piece.add(
        "tap",
        "chrome",
        tube((0, -0.04, 0.9), (0, -0.04, 1.85), 0.01),
        cushion((-0.1, -0.07, 1.0), (0.1, -0.01, 1.05), 0.015),
    )
    piece.add(
        "tap", "chrome", lathe(((0.05, 0.0), (0.045, 0.02), (0.015, 0.05)), 14).turned(-40, "x").moved(y=-0.12, z=1.8)
    )
    hose = np.array([[0.04, -0.04, 1.02], [0.1, -0.08, 0.75], [0.06, -0.1, 1.2], [0.0, -0.09, 1.83]])
    piece.add("tap", "chrome", swept(hose, 0.007, 6))
    rail = np.array(
        [
            [half - 0.02, -0.01, top - 0.03],
            [half - 0.02, front + 0.05, top - 0.03],
            [half - 0.06, front + 0.02, top - 0.03],
            [-half, front + 0.02, top - 0.03],
        ]
    )
    piece.add("tap", "chrome", swept(rail, 0.011, 6))
    piece.add("tap", "chrome", tube((-half, front + 0.02, top - 0.03), (-half, 0.0, top - 0.03), 0.011, 6))
    drawn = 0.25 + 0.7 * shape["variant"]
    piece.add(
        "curtain",
        "cloth",
        folded_cloth(half - 0.04 - 2 * half * drawn * 0.95, half - 0.04, front + 0.02, 0.1, top - 0.04, 0.02),
    )


def _curtain(piece: FurnitureAssembly, shape: Mapping, half: float, front: float, top: float) -> None:
    """Cloth, with a net at its top; more pleats where it is pushed together."""
    low, high = shape["bottom"], shape["bottom"] + top
    pleats = 6.0 + 6.0 * max(0.0, 0.8 - half)
    piece.add("cloth", "cloth", folded_cloth(-half, half, 0.0, low, high - 0.28, 0.035, pleats))
    piece.add("mesh", "cloth", folded_cloth(-half, half, 0.0, high - 0.28, high, 0.035, pleats))


_KINDS = {
    "bedhead": _bedhead, "socket": _socket, "clock": _clock, "sign": _sign, "notice_board": _notice_board,
    "poster": _poster, "picture": _framed_picture, "whiteboard": _whiteboard, "dispenser": _dispenser,
    "glove_boxes": _glove_boxes, "sink": _sink, "mirror": _mirror, "coat_hooks": _coat_hooks, "wall_tv": _wall_tv,
    "radiator": _radiator, "air_conditioner": _air_conditioner, "reading_lamp": _reading_lamp,
    "extinguisher": _extinguisher, "grab_bar": _grab_bar, "towel_rail": _towel_rail, "wall_cupboard": _wall_cupboard,
    "wall_shelf": _wall_shelf, "shower": _shower, "curtain": _curtain,
}  # fmt: skip
KINDS = tuple(_KINDS)
