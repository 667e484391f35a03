"""Building small objects: bins, boxes, plants, linen, computers, papers, lamps, dolls, mannequins."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..solids import Solid, box, cushion, disc, ellipsoid, lathe, sheet, swept, tube
from .assembly import FurnitureAssembly
from .equipment import sack
from .mannequins import build_doll, build_mannequin
from .portraits import draw_scene_on

_DARK = (0.03, 0.03, 0.03)
_WHITE = (0.78, 0.78, 0.76)


def build_clutter(piece: FurnitureAssembly) -> None:
    """Build a small object of any kind."""
    shape = piece.shape
    _KINDS[piece.spec.kind](piece, shape, shape["width"] / 2, shape["depth"] / 2, shape["height"])


def _bin(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, top: float) -> None:
    if shape["style"] == "round":
        radius = min(half, deep)
        piece.add("body", "plastic", lathe(((0.8 * radius, 0.0), (radius, top)), 20))
        piece.add(_DARK, "matt", disc(0.94 * radius, top + 0.001, 0.01))
    else:
        piece.add("body", "plastic", cushion((-half, -deep + 0.02, 0.0), (half, deep, 0.86 * top), 0.03))
        lid = cushion((-half, -deep, 0.86 * top), (half, deep, top), 0.04)
        piece.add("lid", "plastic", lid)
        if shape["style"] == "pedal":
            piece.add(_DARK, "plastic", box((-0.06, -deep, 0.01), (0.06, -deep + 0.04, 0.03)))
        else:
            piece.add(
                _DARK, "matt", box((-0.6 * half, -deep + 0.012, 0.7 * top), (0.6 * half, -deep + 0.025, 0.84 * top))
            )


def _sharps(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, top: float) -> None:
    piece.add(
        "body", "plastic", cushion((-half + 0.01, -deep + 0.01, 0.0), (half - 0.01, deep - 0.01, 0.8 * top), 0.015)
    )
    piece.add("lid", "plastic", cushion((-half, -deep, 0.78 * top), (half, deep, top), 0.015))
    piece.add(_DARK, "matt", box((-0.5 * half, -0.3 * deep, top - 0.004), (0.5 * half, 0.3 * deep, top + 0.001)))
    piece.add(_WHITE, "matt", box((-0.6 * half, -deep + 0.008, 0.25 * top), (0.6 * half, -deep + 0.012, 0.6 * top)))


def _box(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, top: float) -> None:
    def carton(low: float, high: float, shrink: float, turn: float) -> None:
        walls = box((-half * shrink, -deep * shrink, low), (half * shrink, deep * shrink, high), 0.004)
        piece.add("body", "cardboard", walls.turned(turn, "z"))
        tape = box((-0.03, -deep * shrink - 0.001, high - 0.06), (0.03, deep * shrink + 0.001, high + 0.001))
        piece.add((0.62, 0.55, 0.40), "plastic", tape.turned(turn, "z"))

    if shape["style"] == "stack":
        carton(0.0, 0.55 * top, 0.95, 0.0)
        carton(0.55 * top, top, 0.72, 8.0 * (shape["variant"] - 0.5))
    elif shape["style"] == "open":
        for x1, y1, x2, y2 in (
            (-half, -deep, half, -deep + 0.008),
            (-half, deep - 0.008, half, deep),
            (-half, -deep, -half + 0.008, deep),
            (half - 0.008, -deep, half, deep),
        ):
            piece.add("body", "cardboard", box((x1, y1, 0.0), (x2, y2, top)))
        piece.add("body", "cardboard", box((-half, -deep, 0.0), (half, deep, 0.008)))
        piece.add(
            _WHITE, "cloth", cushion((-half + 0.02, -deep + 0.02, 0.01), (half - 0.02, deep - 0.02, 0.7 * top), 0.05)
        )
    else:
        carton(0.0, top, 1.0, 0.0)


def _plant(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, top: float) -> None:
    pot = min(0.3 * top, 0.32)
    radius = 0.42 * min(half, deep) + 0.04
    piece.add("pot", "ceramic", lathe(((0.75 * radius, 0.0), (radius, pot), (radius, pot + 0.02)), 18))
    piece.add((0.05, 0.03, 0.02), "matt", disc(0.9 * radius, pot + 0.022, 0.01))
    count = 16 if shape["style"] == "broad" else 12
    for k in range(count):
        around = 2.4 * k + 6.28 * shape["variant"]
        rise = (k + 1) / count
        reach = min(half, deep) * (0.95 - 0.35 * rise)
        piece.add(
            "leaf",
            "leaf",
            _leaf(
                around, pot, pot + (top - pot) * (0.35 + 0.6 * rise), reach, 0.10 if shape["style"] == "broad" else 0.05
            ),
        )
    piece.add((0.12, 0.07, 0.03), "matt", tube((0, 0, pot), (0, 0, pot + 0.55 * (top - pot)), 0.015, 6))


def _leaf(around: float, low: float, high: float, reach: float, breadth: float) -> Solid:
    """A leaf that rises from the stem, bends over and ends ``reach`` metres out."""
    t = np.linspace(0.0, 1.0, 7)
    out = 0.01 + reach * t**1.3
    z = low + (high - low) * np.sin(np.pi * (0.08 + 0.62 * t)) ** 0.9 / np.sin(np.pi * 0.5)
    width = breadth * np.sin(np.pi * np.clip(t * 0.9 + 0.1, 0, 1)) * np.sqrt(reach / 0.3)
    cos, sin = np.cos(around), np.sin(around)
    grid = [
        np.column_stack([out * cos - s * width * sin, out * sin + s * width * cos, np.minimum(z, high) - 0.02 * abs(s)])
        for s in (-1.0, 0.0, 1.0)
    ]
    return sheet(np.array(grid))


def _linen(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, top: float) -> None:
    """Linen: a folded stack, or a heap that resembles a person lying down."""
    if shape["style"] == "folded":
        count = max(3, int(top / 0.06))
        for k in range(count):
            z = top * k / count
            inset = 0.02 * np.sin(5.0 * k + 6.28 * shape["variant"]) + 0.02
            layer = cushion(
                (-half + inset, -deep + inset, z),
                (half - 0.5 * inset, deep - 0.3 * inset, z + top / count - 0.003),
                0.018,
            )
            piece.add("cloth" if k % 3 else "cloth2", "cloth", layer)
        return
    u, v = np.meshgrid(np.linspace(-1, 1, 36), np.linspace(-1, 1, 30), indexing="ij")
    u, v = u * np.sqrt(1.0 - v**2 / 2), v * np.sqrt(1.0 - u**2 / 2)  # the square becomes a disc
    phase = 6.28 * shape["variant"]
    hump = np.clip(1.0 - np.hypot(u, v) ** 2.5, 0.0, 1.0) ** 0.6
    folds = sum(
        (1.0 - np.abs(np.sin(f * (u * np.cos(a) + v * np.sin(a)) + phase))) / f
        for f, a in ((3.0, 0.3), (4.3, 1.5), (6.1, 2.4))
    )
    z = hump * top * (0.62 + 0.55 * folds)
    piece.add("cloth", "cloth", sheet(np.stack([u * half, v * deep, np.minimum(z, top)], axis=-1)))
    second = np.stack([u * 0.6 * half + 0.2 * half, v * 0.6 * deep, np.minimum(0.75 * z + 0.02, top)], axis=-1)
    piece.add("cloth2", "cloth", sheet(second))


def _hamper(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, top: float) -> None:
    for x in (-half + 0.02, half - 0.02):
        for y in (-deep + 0.02, deep - 0.02):
            piece.add("frame", "metal", tube((x, y, 0.02), (x, y, top), 0.01, 6))
    rim = [
        [-half + 0.02, -deep + 0.02, top],
        [half - 0.02, -deep + 0.02, top],
        [half - 0.02, deep - 0.02, top],
        [-half + 0.02, deep - 0.02, top],
        [-half + 0.02, -deep + 0.02, top],
    ]
    piece.add("frame", "metal", swept(np.array(rim), 0.01, 6))
    piece.add(
        "bag",
        "cloth",
        sack(half - 0.05, deep - 0.05, 0.06, top),
        ellipsoid((0, 0, top - 0.05), (half - 0.06, deep - 0.06, 0.05)),
    )


def _bag(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, top: float) -> None:
    piece.add("body", "cloth", cushion((-half, -deep, 0.0), (half, deep, 0.7 * top), 0.06, 5))
    for y in (-0.4 * deep, 0.4 * deep):
        arc = np.linspace(0.0, np.pi, 9)
        path = np.column_stack([0.45 * half * np.cos(arc), np.full(9, y), 0.66 * top + 0.33 * top * np.sin(arc)])
        piece.add("strap", "cloth", swept(path, 0.009, 5))


def _computer(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, top: float) -> None:
    glow = 0.4 + 1.2 * shape["variant"]
    if shape["style"] == "laptop":
        piece.add("body", "plastic", cushion((-0.17, -0.13, 0.0), (0.17, 0.11, 0.018), 0.006))
        piece.add(_DARK, "matt", box((-0.15, -0.03, 0.017), (0.15, 0.09, 0.0195)))
        lid = cushion((-0.17, 0.0, 0.0), (0.17, 0.012, 0.23), 0.005)
        screen = box((-0.157, -0.001, 0.015), (0.157, 0.001, 0.22))
        piece.add("body", "plastic", lid.turned(-18, "x").moved(y=0.105, z=0.015))
        piece.add_glow(piece.spec.colours["screen"], glow, screen.turned(-18, "x").moved(y=0.105, z=0.015))
        return
    piece.add(
        "body",
        "plastic",
        cushion((-0.12, 0.0, 0.0), (0.12, deep - 0.02, 0.015), 0.006),
        box((-0.03, 0.1, 0.01), (0.03, 0.13, 0.2)),
    )
    piece.add("body", "plastic", cushion((-half + 0.01, 0.06, 0.1), (half - 0.01, 0.1, top), 0.012))
    piece.add_glow(
        piece.spec.colours["screen"], glow, box((-half + 0.03, 0.057, 0.12), (half - 0.03, 0.0605, top - 0.02))
    )
    piece.add(
        "body",
        "plastic",
        cushion((-0.21, -deep + 0.02, 0.0), (0.15, -deep + 0.15, 0.022), 0.006),
        cushion((0.18, -deep + 0.04, 0.0), (0.235, -deep + 0.13, 0.03), 0.012),
    )


def _papers(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, top: float) -> None:
    spread = shape["variant"]
    for k in range(4 if shape["style"] == "sheets" else 2):
        x = (-0.4 + 0.28 * k) * half
        sheet_of_paper = box((-0.1, 0.03 - deep, 0.0), (0.1, deep - 0.03, 0.003 + 0.002 * k)).turned(
            12 * (spread - 0.5) * (k - 1.5), "z"
        )
        piece.add("paper", "matt", sheet_of_paper.moved(min(max(x, 0.13 - half), half - 0.13), 0.0))
    if shape["style"] != "sheets":
        for k in range(2):
            folder = cushion((-0.12, 0.02 - deep, 0.0), (0.12, deep - 0.02, 0.5 * top), 0.004).turned(
                12 * (spread - 0.5), "z"
            )
            piece.add(
                "folder", "plastic", folder.moved((half - 0.14) * (1 - 2 * k) * 0.6, 0.0, 0.006 + 0.5 * k * 0.4 * top)
            )
    if shape["style"] == "clipboard":
        piece.add(
            (0.5, 0.5, 0.5),
            "chrome",
            box((-0.04, deep - 0.07, 0.5 * top), (0.04, deep - 0.04, 0.5 * top + 0.012)).moved((half - 0.14) * 0.6),
        )


def _telephone(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, top: float) -> None:
    wedge = cushion((-half, -deep, 0.0), (half, deep, 0.5 * top), 0.012)
    piece.add(
        "body", "plastic", wedge, cushion((-half, -deep + 0.01, 0.5 * top), (-half + 0.05, deep - 0.01, top), 0.018)
    )
    piece.add(
        (0.5, 0.5, 0.5), "plastic", box((-half + 0.07, -deep + 0.02, 0.5 * top), (half - 0.02, 0.02, 0.5 * top + 0.006))
    )


def _cups(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, top: float) -> None:
    if shape["style"] == "flowers":
        piece.add("liquid", "glass", lathe(((0.03, 0.0), (0.04, 0.05), (0.03, 0.4 * top)), 14))
        for k in range(7):
            angle = 2.4 * k
            x, y, z = 0.05 * np.cos(angle), 0.04 * np.sin(angle), top * (0.75 + 0.2 * ((k * 3) % 4) / 4)
            piece.add((0.05, 0.18, 0.04), "leaf", tube((0, 0, 0.3 * top), (x, y, z - 0.01), 0.003, 4))
            piece.add("body", "matt", ellipsoid((x, y, z - 0.012), (0.022, 0.022, 0.018), 8))
        return
    if shape["style"] == "tray":
        piece.add((0.5, 0.36, 0.2), "plastic", cushion((-half, -deep, 0.0), (half, deep, 0.015), 0.006))
        piece.add("body", "ceramic", lathe(((0.035, 0.015), (0.9 * deep, 0.03)), 18).moved(-0.4 * half))
    piece.add("body", "ceramic", lathe(((0.03, 0.015), (0.038, 0.1)), 14).moved(0.5 * half, -0.2 * deep))
    if shape["style"] == "bottle":
        bottle = lathe(((0.035, 0.0), (0.036, 0.62 * top), (0.012, 0.82 * top), (0.013, top)), 14)
        piece.add("liquid", "glass", bottle.moved(-0.4 * half, 0.2 * deep))


def _bottles(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, top: float) -> None:
    for k in range(5):
        x, y = (
            (-0.8 + 0.4 * k) * (half - 0.03),
            (0.4 - 0.8 * ((k * 7 + int(10 * shape["variant"])) % 2)) * (deep - 0.04),
        )
        tall = top * (0.7 + 0.3 * ((k * 3) % 4) / 3)
        piece.add(
            "body",
            "plastic",
            lathe(((0.03, 0.0), (0.03, 0.7 * tall), (0.014, 0.82 * tall), (0.014, 0.86 * tall)), 12).moved(x, y),
        )
        piece.add("lid", "plastic", lathe(((0.016, 0.84 * tall), (0.014, tall)), 10).moved(x, y))


def _supplies(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, top: float) -> None:
    """A rack of tubes, or boxes of gloves."""
    if shape["style"] == "gloves":
        piece.add(
            "body",
            "cardboard",
            box((-half, -deep, 0.0), (0.0, deep, 0.8 * top), 0.004),
            box((0.02, -deep, 0.0), (half, deep, 0.8 * top), 0.004),
        )
        piece.add(
            "item",
            "plastic",
            ellipsoid((-half / 2, 0, 0.8 * top), (0.06, 0.04, 0.03), 8),
            ellipsoid((half / 2, 0, 0.8 * top), (0.06, 0.04, 0.03), 8),
        )
        return
    piece.add("body", "plastic", cushion((-half, -deep, 0.0), (half, deep, 0.3 * top), 0.012))
    for i in range(5):
        for j in range(2):
            x, y = (-0.75 + 0.37 * i) * half, (-0.4 + 0.8 * j) * deep
            piece.add("item", "plastic", tube((x, y, 0.25 * top), (x, y, top * (0.7 + 0.3 * ((i + j) % 2))), 0.011, 8))


def _books(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, top: float) -> None:
    count = max(2, int(top / 0.035))
    for k in range(count):
        block = box(
            (-half + 0.015 * (k % 2), -deep + 0.01 * (k % 3), 0.0), (half - 0.012 * k, deep, top / count - 0.002), 0.003
        )
        piece.add(
            "cover" if k % 2 else "body",
            "cardboard",
            block.turned(9 * np.sin(3.0 * k + 6 * shape["variant"]) * 0.4, "z").moved(z=k * top / count),
        )


def _table_lamp(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, top: float) -> None:
    radius = min(half, deep)
    piece.add(
        "body",
        "ceramic",
        lathe(
            ((0.07, 0.0), (0.075, 0.015), (0.02, 0.03), (0.035, 0.3 * top), (0.012, 0.5 * top), (0.01, 0.6 * top)), 16
        ),
    )
    piece.add("shade", "cloth", lathe(((radius, 0.55 * top), (0.6 * radius, top)), 20))


def _floor_lamp(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, top: float) -> None:
    radius = min(half, deep)
    piece.add("body", "metal", disc(0.13, 0.02, 0.02), tube((0, 0, 0.02), (0, 0, top - 0.2), 0.012, 8))
    piece.add("shade", "cloth", lathe(((radius, top - 0.28), (0.65 * radius, top)), 20))


def _television(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, top: float) -> None:
    piece.add(
        "body",
        "plastic",
        cushion((-0.3 * half, -deep, 0.0), (0.3 * half, deep, 0.02), 0.008),
        box((-0.04, -0.02, 0.01), (0.04, 0.02, 0.1)),
    )
    piece.add(_DARK, "plastic", cushion((-half, -0.02, 0.07), (half, 0.02, top), 0.01))
    colours = {
        "skin": (0.45, 0.28, 0.2),
        "cloth": piece.spec.colours["screen"],
        "hair": _DARK,
        "back": (0.35, 0.4, 0.5),
    }
    draw_scene_on(piece, shape["style"], colours, -half + 0.015, half - 0.015, -0.0205, 0.085, top - 0.015, glow=0.8)


def _distractor(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, top: float) -> None:
    """A bare solid."""
    solids = {
        "box": lambda: box((-half, -deep, 0.0), (half, deep, top)),
        "ball": lambda: ellipsoid((0, 0, top / 2), (half, deep, top / 2), 18),
        "cone": lambda: lathe(((min(half, deep), 0.0), (0.01, top)), 20),
        "ring": lambda: swept(_circle(0.8 * half, 0.8 * deep, top / 2), 0.15 * min(half, deep, top)),
    }
    piece.add("body", "plastic", solids[shape["style"]]())


def _circle(half: float, deep: float, z: float) -> np.ndarray:
    angle = np.linspace(0.0, 2 * np.pi, 33)
    return np.column_stack([half * np.cos(angle), deep * np.sin(angle), np.full(33, z)])


def _rug(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, top: float) -> None:
    piece.add("border", "cloth", box((-half, -deep, 0.0), (half, deep, 0.8 * top)))
    piece.add("cloth", "cloth", box((-half + 0.08, -deep + 0.08, 0.0), (half - 0.08, deep - 0.08, top)))


_KINDS = {
    "bin": _bin, "sharps_box": _sharps, "box": _box, "plant": _plant, "linen_pile": _linen, "hamper": _hamper,
    "bag": _bag,
    "computer": _computer, "papers": _papers, "telephone": _telephone, "cups": _cups, "bottles": _bottles,
    "supplies": _supplies, "books": _books, "table_lamp": _table_lamp, "floor_lamp": _floor_lamp,
    "television": _television,
    "doll": build_doll, "mannequin": build_mannequin, "rug": _rug, "mat": _rug, "distractor": _distractor,
}  # fmt: skip
KINDS = tuple(_KINDS)
