"""Building chairs, benches, sofas, wheelchairs and toilets; the cushion's top and the back follow ``body.support``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...body.vectors import cross
from ...draw.furniture.dimensions import OFFICE_FOOT, SOFA, TOILET
from ...draw.furniture.seats import seat_places
from ..solids import Solid, box, cushion, ellipsoid, joined, lathe, sheet, swept, tube
from .assembly import FurnitureAssembly
from .upholstery import along_back, back_cushion, seat_cushion
from .wheelchair import build_wheelchair

_BLACK = (0.03, 0.03, 0.03)


def build_seat(piece: FurnitureAssembly) -> None:
    """Build a seat of any style."""
    _STYLES[piece.shape["style"]](piece, piece.shape)
    if piece.shape.get("coat"):
        _coat_over_back(piece, piece.shape)


@dataclass(frozen=True)
class _VisitorChair:
    """Dimensions of a chair with tubular legs, in metres, beside those of its shape."""

    seat_thickness: float = 0.06
    back_thickness: float = 0.05
    gap_below_back: float = 0.12
    legs_inside_seat: float = 0.02
    frame_below_seat: float = 0.065
    leg_tube: float = 0.012  # radii of tubes
    cross_tube: float = 0.011
    arms_outside_legs: float = 0.035


_VISITOR = _VisitorChair()


def _visitor(piece: FurnitureAssembly, shape: Mapping) -> None:
    """Four tubular legs, padded seat and back."""
    d, deep = _VISITOR, shape["seat_depth"] / 2
    padding = seat_cushion(shape, d.seat_thickness), back_cushion(shape, d.back_thickness, d.gap_below_back)
    piece.add("seat", "leather", *padding)
    half, under = shape["seat_width"] / 2 - d.legs_inside_seat, shape["seat_height"] - d.frame_below_seat
    top_y, top_z = along_back(shape, shape["back_height"] - 0.04, 0.03)
    low_y, low_z = along_back(shape, 0.0, 0.035)
    for x in (-half, half):
        piece.add("frame", "metal", tube((x, -deep + 0.03, 0.0), (x, -deep + 0.04, under), d.leg_tube, 8))
        back_leg = [[x, deep + 0.03, 0.0], [x, low_y, low_z - 0.04], [x, top_y, top_z]]
        piece.add("frame", "metal", swept(np.array(back_leg), d.leg_tube))
        piece.add("frame", "metal", tube((x, -deep + 0.04, under), (x, low_y - 0.005, under), d.leg_tube, 8))
    for y in (-deep + 0.04, deep - 0.02):
        piece.add("frame", "metal", tube((-half, y, under), (half, y, under), d.cross_tube, 8))
    if shape["arm_height"]:
        _tube_arms(piece, shape, half + d.arms_outside_legs, deep)


def _tube_arms(piece: FurnitureAssembly, shape: Mapping, x: float, deep: float) -> None:
    top = shape["seat_height"] + shape["arm_height"]
    back_y, back_z = along_back(shape, shape["arm_height"], 0.03)
    for side in (-1, 1):
        bend = [
            [side * x, -deep + 0.05, 0.02],
            [side * x, -deep + 0.05, top - 0.04],
            [side * x, -deep + 0.1, top - 0.012],
        ]
        piece.add("frame", "metal", swept(np.array([*bend, [side * x, back_y, back_z - 0.012]]), 0.011))
        piece.add(
            "frame",
            "metal",
            tube((side * x, back_y, back_z - 0.012), (side * (x - 0.04), back_y, back_z - 0.012), 0.01, 6),
        )
        piece.add(
            _BLACK,
            "plastic",
            cushion((side * x - 0.022, -deep + 0.06, top - 0.014), (side * x + 0.022, deep - 0.02, top + 0.008), 0.01),
        )


def _stacking(piece: FurnitureAssembly, shape: Mapping) -> None:
    """A plastic shell on four straddled legs."""
    half, deep = shape["seat_width"] / 2, shape["seat_depth"] / 2
    top_y, top_z = along_back(shape, shape["back_height"])
    u = np.linspace(-1, 1, 9)
    path = [
        (-deep - 0.01, shape["seat_height"] - 0.03),
        (-deep + 0.03, shape["seat_height"]),
        (deep - 0.05, shape["seat_height"]),
    ]
    path += [along_back(shape, 0.05), along_back(shape, 0.6 * shape["back_height"]), (top_y, top_z)]
    grid = np.zeros((9, len(path), 3))
    for j, (y, z) in enumerate(path):
        narrow = 1.0 if j < 4 else 0.94
        rise = 0.02 if 0 < j < 3 else 0.0
        forward = 0.03 if j > 3 else 0.0
        grid[:, j, 0] = u * half * narrow
        grid[:, j, 1] = y - forward * np.abs(u) ** 3
        grid[:, j, 2] = z + rise * np.abs(u) ** 3
    piece.add("seat", "plastic", _thickened(grid, 0.012))
    under = shape["seat_height"] - 0.02
    for sx in (-1, 1):
        for sy in (-1, 1):
            foot, knee = (sx * (half + 0.01), sy * (deep - 0.01), 0.0), (sx * (half - 0.07), sy * (deep - 0.08), under)
            piece.add("frame", "metal", tube(foot, knee, 0.012, 8))
        piece.add(
            "frame",
            "metal",
            tube((sx * (half - 0.07), -deep + 0.08, under), (sx * (half - 0.07), deep - 0.08, under), 0.012, 8),
        )
    if shape["arm_height"]:
        _tube_arms(piece, shape, half + 0.03, deep)


def _thickened(grid: np.ndarray, thick: float) -> Solid:
    """A shell: the grid's surface and a copy behind it, joined along the rim."""
    across, along = np.gradient(grid, axis=0), np.gradient(grid, axis=1)
    normal = cross(across, along)
    normal /= np.linalg.norm(normal, axis=-1)[..., None]
    front = sheet(grid)
    back = sheet((grid - thick * normal)[::-1])
    n, m = grid.shape[:2]
    rim = [sheet(np.stack([edge - thick * inward, edge])) for edge, inward in _edges(grid, normal, n, m)]
    return joined([front, back, *rim])


def _edges(grid: np.ndarray, normal: np.ndarray, n: int, m: int) -> list[tuple[np.ndarray, np.ndarray]]:
    return [
        (grid[0, ::-1], normal[0, ::-1]), (grid[n - 1], normal[n - 1]),
        (grid[:, 0], normal[:, 0]), (grid[::-1, m - 1], normal[::-1, m - 1]),
    ]  # fmt: skip


def _wooden(piece: FurnitureAssembly, shape: Mapping) -> None:
    half, deep, top = shape["seat_width"] / 2, shape["seat_depth"] / 2, shape["seat_height"]
    piece.add("seat", "wood", cushion((-half, -deep, top - 0.035), (half, deep, top), 0.012))
    for x in (-half + 0.025, half - 0.025):
        piece.add("frame", "wood upright", box((x - 0.018, -deep + 0.01, 0.0), (x + 0.018, -deep + 0.046, top - 0.03)))
        y, z = along_back(shape, shape["back_height"])
        post = swept(np.array([[x, deep + 0.04, 0.0], [x, deep + 0.01, top], [x, y + 0.02, z]]), 0.02, 6)
        piece.add("frame", "wood upright", post)
    for above in np.linspace(0.35, 0.92, 3) * shape["back_height"]:
        slat = cushion((-half + 0.02, 0.0, above - 0.035), (half - 0.02, 0.018, above + 0.035), 0.008)
        piece.add("frame", "wood", slat.turned(-shape["recline_deg"], "x").moved(y=deep, z=top))


def _armchair(piece: FurnitureAssembly, shape: Mapping) -> None:
    half, deep, top = shape["seat_width"] / 2, shape["seat_depth"] / 2, shape["seat_height"]
    piece.add("seat", "leather", seat_cushion(shape, 0.14, radius=0.04), back_cushion(shape, 0.1, radius=0.04))
    arm = top + shape["arm_height"]
    back_y, _ = along_back(shape, shape["arm_height"])
    for side in (-1, 1):
        x1, x2 = side * half, side * (half + 0.075)
        piece.add("seat", "leather", cushion((x1, -deep + 0.02, 0.2), (x2, back_y, arm - 0.02), 0.02))
        piece.add("frame", "wood", cushion((x1, -deep, arm - 0.025), (x2, back_y, arm), 0.012))
        for y in (-deep + 0.06, deep - 0.02):
            piece.add(
                "frame",
                "wood upright",
                box((min(x1, x2) + 0.015, y - 0.02, 0.0), (max(x1, x2) - 0.015, y + 0.02, 0.22)),
            )
    piece.add("seat", "leather", box((-half, -deep + 0.05, 0.2), (half, deep, top - 0.12)))


def _phlebotomy(piece: FurnitureAssembly, shape: Mapping) -> None:
    """A visitor's chair with padded arm boards at both sides."""
    _visitor(piece, {**shape, "arm_height": 0.0})
    top = shape["seat_height"] + shape["arm_height"]
    x = shape["seat_width"] / 2 + 0.08
    deep = shape["seat_depth"] / 2
    piece.add("frame", "metal", tube((x, deep - 0.1, shape["seat_height"] - 0.065), (x, deep - 0.1, top - 0.05), 0.015))
    piece.add(
        "frame",
        "metal",
        tube(
            (x, deep - 0.1, shape["seat_height"] - 0.065), (x - 0.12, deep - 0.1, shape["seat_height"] - 0.065), 0.012
        ),
    )
    for side in (-1, 1):
        piece.add(
            "seat",
            "leather",
            cushion((side * x - 0.075, -deep - 0.02, top - 0.05), (side * x + 0.075, deep - 0.02, top), 0.02),
        )
    piece.add(
        "frame", "metal", tube((-x, deep - 0.1, shape["seat_height"] - 0.065), (-x, deep - 0.1, top - 0.05), 0.015)
    )
    piece.add(
        "frame",
        "metal",
        tube(
            (-x, deep - 0.1, shape["seat_height"] - 0.065), (-x + 0.12, deep - 0.1, shape["seat_height"] - 0.065), 0.012
        ),
    )


def _office(piece: FurnitureAssembly, shape: Mapping) -> None:
    top = shape["seat_height"]
    piece.add("seat", "leather", seat_cushion(shape, 0.08, radius=0.035), back_cushion(shape, 0.06, 0.08, radius=0.03))
    _star(piece, top - 0.08)
    y, z = along_back(shape, 0.25, 0.06)
    support = np.array([[0, 0.05, top - 0.09], [0, shape["seat_depth"] / 2 + 0.07, top - 0.09], [0, y, z]])
    piece.add("frame", "plastic", swept(support, 0.022, 8))
    if shape["arm_height"]:
        for side in (-1, 1):
            x, arm = side * (shape["seat_width"] / 2 + 0.03), top + shape["arm_height"]
            path = np.array([[side * 0.15, 0.02, top - 0.085], [x, 0.02, top - 0.085], [x, 0.02, arm - 0.02]])
            piece.add("frame", "plastic", swept(path, 0.014, 6))
            piece.add("frame", "plastic", cushion((x - 0.035, -0.16, arm - 0.03), (x + 0.035, 0.12, arm), 0.012))


def _star(piece: FurnitureAssembly, top: float) -> None:
    """Five feet with castors and a gas spring up to ``top``."""
    d = OFFICE_FOOT
    piece.add("frame", "plastic", tube((0, 0, 0.08), (0, 0, top), 0.026))
    for k in range(5):
        angle = 2 * np.pi * k / 5 + 0.3
        x, y = d.radius * np.cos(angle), d.radius * np.sin(angle)
        piece.add("frame", "plastic", tube((0, 0, 0.1), (x, y, 0.07), 0.024, 6, 0.016))
        castor = ellipsoid((x, y, d.castor_height), (d.castor_width, d.castor_width, d.castor_height), 8)
        piece.add(_BLACK, "rubber", castor)


def _round(piece: FurnitureAssembly, shape: Mapping) -> None:
    top, radius = shape["seat_height"], shape["seat_width"] / 2
    piece.add(
        "seat",
        "leather",
        lathe(((radius - 0.015, top - 0.06), (radius, top - 0.045), (radius, top - 0.015), (radius - 0.015, top)), 20),
    )
    for k in range(4):
        angle = np.pi * (k / 2 + 0.25)
        x, y = np.cos(angle), np.sin(angle)
        piece.add("frame", "metal", tube((0.18 * x, 0.18 * y, 0.0), (0.12 * x, 0.12 * y, top - 0.06), 0.012, 8))
    ring = np.array([[0.155 * np.cos(a), 0.155 * np.sin(a), 0.2] for a in np.linspace(0, 2 * np.pi, 17)])
    piece.add("frame", "metal", swept(ring, 0.009, 6))


def _castor_stool(piece: FurnitureAssembly, shape: Mapping) -> None:
    top, radius = shape["seat_height"], shape["seat_width"] / 2
    piece.add(
        "seat",
        "leather",
        lathe(((radius - 0.02, top - 0.08), (radius, top - 0.06), (radius, top - 0.02), (radius - 0.02, top)), 20),
    )
    _star(piece, top - 0.08)


def _bench(piece: FurnitureAssembly, shape: Mapping) -> None:
    """Seats on a beam that stands on T-shaped feet."""
    places = seat_places(shape)
    beam = shape["seat_height"] - 0.1
    piece.add("frame", "metal", box((places[0] - 0.2, -0.03, beam - 0.05), (places[-1] + 0.2, 0.05, beam)))
    finish = {"metal": "metal", "padded": "leather", "plastic": "plastic"}[shape["style"]]
    thick = 0.05 if finish == "leather" else 0.02
    for x in places:
        seat = joined([seat_cushion(shape, thick, radius=0.014), back_cushion(shape, thick, 0.06, radius=0.014)])
        piece.add("seat", finish, seat.moved(x=x))
        piece.add("frame", "metal", box((x - 0.06, -0.1, beam), (x + 0.06, 0.1, shape["seat_height"] - thick + 0.002)))
        y, z = along_back(shape, 0.2, thick)
        for side in (-0.1, 0.1):
            path = np.array(
                [
                    [x + side, 0.04, beam - 0.02],
                    [x + side, shape["seat_depth"] / 2 + thick + 0.005, beam + 0.04],
                    [x + side, y, z],
                ]
            )
            piece.add("frame", "metal", swept(path, 0.012, 6))
    for x in (places[0] + 0.05, places[-1] - 0.05):
        piece.add("frame", "metal", tube((x, 0.0, 0.03), (x, 0.0, beam - 0.03), 0.028))
        piece.add("frame", "metal", cushion((x - 0.03, -0.24, 0.0), (x + 0.03, 0.26, 0.035), 0.014))
    if shape["arm_height"]:
        top = shape["seat_height"] + shape["arm_height"]
        for x in [place - shape["pitch"] / 2 for place in places] + [places[-1] + shape["pitch"] / 2]:
            path = np.array([[x, 0.1, beam - 0.03], [x, 0.14, top - 0.03], [x, 0.1, top], [x, -0.16, top]])
            piece.add("frame", "metal", swept(path, 0.013, 6))


def _sofa(piece: FurnitureAssembly, shape: Mapping) -> None:
    places, deep, top = seat_places(shape), shape["seat_depth"] / 2, shape["seat_height"]
    left, right = places[0] - shape["pitch"] / 2, places[-1] + shape["pitch"] / 2
    y, z = along_back(shape, shape["back_height"])
    for x in places:
        wide = {**shape, "seat_width": shape["pitch"] - 0.01}
        parts = [seat_cushion(wide, 0.15, radius=0.05), back_cushion(wide, 0.14, radius=0.05)]
        piece.add("seat", "cloth", *[part.moved(x=x) for part in parts])
    piece.add("seat", "cloth", cushion((left, -deep + 0.03, 0.08), (right, y + 0.1, top - 0.12), 0.03))
    piece.add("seat", "cloth", cushion((left, deep + 0.09, 0.08), (right, y + 0.16, z - 0.06), 0.04))
    arm = top + shape["arm_height"]
    for x1, x2 in ((left - SOFA.arm_width, left), (right, right + SOFA.arm_width)):
        piece.add("seat", "cloth", cushion((x1, -deep - 0.01, 0.08), (x2, y + 0.12, arm), 0.05))
    for x in (left - 0.08, right + 0.08):
        for foot in (-deep + 0.05, y + 0.02):
            piece.add("frame", "wood upright", tube((x, foot, 0.0), (x, foot, 0.1), 0.02, 8, 0.028))


def _coat_over_back(piece: FurnitureAssembly, shape: Mapping) -> None:
    """A coat whose shoulders hang over the back rest."""
    half, high = shape["seat_width"] / 2 + 0.03, shape["back_height"]
    u, v = np.meshgrid(np.linspace(-1, 1, 18), np.linspace(0, 1, 20), indexing="ij")
    front, over, behind = (
        along_back(shape, high - 0.12, -0.02),
        along_back(shape, high + 0.02, 0.03),
        along_back(shape, high - 0.1, 0.085),
    )
    floor = (behind[0] + 0.02, max(shape["seat_height"] - 0.28, 0.12))
    path = np.array([front, along_back(shape, high + 0.015, -0.01), over, behind, floor])
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    y, z = (np.interp(v * lengths[-1], lengths, path[:, axis]) for axis in (0, 1))
    folds = 0.012 * np.sin(8 * u + 2) * v
    shoulder = np.where(v < 0.35, 0.05 * np.abs(u) ** 4, 0.0)
    x = u * half * (0.9 + 0.12 * v)
    piece.add("coat", "cloth", sheet(np.stack([x[::-1], y + folds, z - shoulder + 0.004], axis=-1)))


def _toilet(piece: FurnitureAssembly, shape: Mapping) -> None:
    top, deep, half = shape["seat_height"], shape["seat_depth"] / 2, TOILET.bowl_width
    cistern = deep + TOILET.cistern_depth
    bowl = lathe(((0.11, 0.0), (0.12, 0.1), (0.17, 0.3), (half, top - 0.04), (0.185, top - 0.02)), 20)
    piece.add("seat", "ceramic", bowl, cushion((-half, -deep, top - 0.025), (half, deep, top), 0.012))
    piece.add((0.05, 0.06, 0.07), "ceramic", lathe(((0.1, top - 0.02), (0.1, top + 0.001)), 18))
    piece.add("seat", "ceramic", cushion((-half, deep, 0.1), (half, cistern, TOILET.cistern_top), 0.03))
    piece.add(
        "seat",
        "plastic",
        cushion((-0.18, deep - 0.004, top + 0.01), (0.18, deep + 0.03, top + 0.37), 0.012),
    )
    if shape["bars"]:
        for x in (-TOILET.bar_x, TOILET.bar_x):
            path = [
                [x, cistern, 0.78],
                [x, -deep + 0.02, 0.78],
                [x, -deep, 0.76],
                [x, -deep, 0.68],
                [x, cistern, 0.62],
            ]
            piece.add("frame", "metal", swept(np.array(path), 0.016))


_STYLES = {
    "visitor": _visitor, "stacking": _stacking, "wooden": _wooden, "armchair": _armchair, "phlebotomy": _phlebotomy,
    "office": _office, "round": _round, "castors": _castor_stool, "metal": _bench, "padded": _bench, "plastic": _bench,
    "sofa": _sofa, "self": build_wheelchair, "transit": build_wheelchair, "toilet": _toilet,
}  # fmt: skip
