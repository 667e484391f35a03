"""Building beds: sectioned deck, mattress, boards, rails, castors, pillows, and blankets of empty beds."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Optional

import numpy as np

from ...body.plan_frame import PlanFrame
from ...body.support import bed_profile
from ...draw.furniture.dimensions import BED
from ...draw.spec import FurnitureSpec
from .. import solids
from ..furniture_materials import Palette
from ..solids import Solid, box, cushion, extruded, plate, tube
from .assembly import FurnitureAssembly
from .linen import ProfilePoints, blanket, pillows

if TYPE_CHECKING:
    from bpy.types import Collection, Object

_RUBBER = (0.03, 0.03, 0.03)
_EDGE = 0.035  # the mattress's rounding


def build_bed(
    collection: Collection, spec: FurnitureSpec, palette: Palette, head: Optional[np.ndarray] = None
) -> tuple[Object, ...]:
    """Build the bed; ``head`` (n, 3) are points in the room of a head that presses the pillow in, or None."""
    piece = FurnitureAssembly(spec, palette)
    shape = spec.shape
    _STYLES[shape["style"]](piece, shape)
    piece.add("linen", "leather" if shape["style"] == "couch" else "cloth", _mattress(shape))
    objects = [piece.build(collection)]
    linen = FurnitureAssembly(spec, palette)
    soft = False
    pressing = None if head is None else PlanFrame.at(spec.x, spec.y, spec.heading).points_to_frame(head, spec.z)
    for cloth in pillows(shape, pressing):
        linen.add(tuple(min(1.06 * c, 0.9) for c in spec.colours["linen"]), "cloth", cloth)
        soft = True
    if shape["blanket"] != "none":
        for part, cloth in blanket(shape):
            linen.add(part, "cloth", cloth)
        soft = True
    if soft:
        objects.append(linen.build(collection, "linen"))
    return tuple(objects)


def _mattress(shape: Mapping) -> Solid:
    """The mattress, bent at the hinges, its top on ``bed_profile``."""
    width, thick = shape["width"], shape["mattress"]
    nodes = np.asarray(bed_profile(shape))
    stations, normals = profile_stations(nodes)
    lengths = np.linalg.norm(np.diff(nodes, axis=0), axis=1)
    at = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(stations, axis=0), axis=1))])
    total = lengths.sum()
    insets = np.clip(_EDGE - np.minimum(at, total - at), 0.0, _EDGE)
    rings = []
    for (y, z), (ny, nz), inset in zip(stations, normals, insets):
        section = _rounded_rectangle(width - 2 * inset, thick - 2 * inset, _EDGE)
        down = section[:, 1] - thick / 2  # the section's top at 0
        rings.append(np.column_stack([section[:, 0], y + ny * down, z + nz * down]))
    return solids.rings(np.array(rings))


def profile_stations(nodes: np.ndarray) -> ProfilePoints:
    """Points along a bent profile, denser at ends and hinges, each with its mitred normal."""
    steps = np.diff(nodes, axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    along = steps / lengths[:, None]
    normals = np.column_stack([-along[:, 1], along[:, 0]])
    points, found = [], []
    for i, (start, way, length, normal) in enumerate(zip(nodes, along, lengths, normals)):
        if i > 0:
            mitre = normals[i - 1] + normal
            points.append(start)
            found.append(mitre * 2 / (mitre @ mitre))
        offsets = [_EDGE, length - _EDGE]
        if i == 0:
            offsets = [0.0, 0.5 * _EDGE, *offsets]
        if i == len(lengths) - 1:
            offsets = [*offsets, length - 0.5 * _EDGE, length]
        points += [start + way * offset for offset in offsets]
        found += [normal] * len(offsets)
    return ProfilePoints(np.array(points), np.array(found))


def _rounded_rectangle(width: float, height: float, radius: float, corner: int = 3) -> np.ndarray:
    """(n, 2) outline about the origin: from the top clockwise, as rings along +y want it."""
    radius = min(radius, 0.45 * width, 0.45 * height)
    quarter = np.linspace(0.0, np.pi / 2, corner)
    points = []
    for turn, (sx, sz) in enumerate(((1, 1), (1, -1), (-1, -1), (-1, 1))):
        angle = np.pi / 2 - quarter - turn * np.pi / 2
        points.append(
            np.column_stack(
                [
                    sx * (width / 2 - radius) + radius * np.cos(angle),
                    sz * (height / 2 - radius) + radius * np.sin(angle),
                ]
            )
        )
    return np.concatenate(points)


@dataclass(frozen=True)
class _HospitalBed:
    """Dimensions of a hospital bed's chassis in metres; ``inside`` counts from the bed's sides and ends."""

    beams_inside: float = 0.1
    crossbars_inside: float = 0.2
    chassis_bottom: float = 0.15
    chassis_top: float = 0.2
    lift_inside: float = 0.16
    lift_foot_inside: float = 0.35
    lift_top: float = 0.15  # distance of the lifting arms' upper ends from the middle
    lift_tube: float = 0.022  # radius
    castors_inside: float = 0.18


_HOSPITAL = _HospitalBed()


def _hospital(piece: FurnitureAssembly, shape: Mapping) -> None:
    d, under = _HOSPITAL, _deck(piece, shape)
    half, end = shape["width"] / 2, shape["length"] / 2
    side = half - d.beams_inside
    for x in (-half + d.beams_inside, side):
        piece.add("frame", "metal", box((x - 0.025, -end, under - 0.07), (x + 0.025, end, under - 0.02)))
        low = (x - 0.02, -end + 0.12, d.chassis_bottom)
        piece.add("frame", "metal", box(low, (x + 0.02, end - 0.12, d.chassis_top)))
    for y in (-end + d.crossbars_inside, end - d.crossbars_inside):
        low = (-half + d.beams_inside, y - 0.03, d.chassis_bottom)
        piece.add("frame", "metal", box(low, (side, y + 0.03, d.chassis_top)))
    for y1, y2 in ((-end + d.lift_foot_inside, -d.lift_top), (end - d.lift_foot_inside, d.lift_top)):
        for x in (-half + d.lift_inside, half - d.lift_inside):
            piece.add("frame", "metal", tube((x, y1, 0.19), (x, y2, under - 0.06), d.lift_tube, 8))
    _castors(piece, side, end - d.castors_inside)
    _boards(piece, shape, under)
    _rails(piece, shape, under)


def _intensive_care(piece: FurnitureAssembly, shape: Mapping) -> None:
    under = _deck(piece, shape)
    half, end = shape["width"] / 2, shape["length"] / 2
    piece.add("panel", "plastic", cushion((-half + 0.08, -end + 0.15, 0.14), (half - 0.08, end - 0.15, 0.27), 0.05))
    piece.add("frame", "metal", box((-half + 0.05, -end, under - 0.09), (half - 0.05, end, under - 0.03), 0.01))
    for y in (-0.45, 0.5):
        piece.add("frame", "plastic", cushion((-0.16, y - 0.13, 0.26), (0.16, y + 0.13, under - 0.08), 0.03))
    _castors(piece, half - 0.08, end - 0.16, radius=0.075)
    _boards(piece, shape, under)
    _rails(piece, shape, under)


def _couch(piece: FurnitureAssembly, shape: Mapping) -> None:
    under = _deck(piece, shape)
    half, end = shape["width"] / 2, shape["length"] / 2
    for x in (-half + 0.05, half - 0.05):
        for y in (-end + 0.15, end - 0.2):
            piece.add("frame", "metal", tube((x, y, 0.0), (x, y, under - 0.03), 0.02))
        piece.add("frame", "metal", box((x - 0.02, -end + 0.05, under - 0.07), (x + 0.02, end - 0.05, under - 0.02)))
    for y in (-end + 0.15, end - 0.2):
        piece.add("frame", "metal", tube((-half + 0.05, y, 0.2), (half - 0.05, y, 0.2), 0.015))
    roll = tube((-half + 0.08, end - 0.02, under - 0.14), (half - 0.08, end - 0.02, under - 0.14), 0.05, 14)
    piece.add((0.8, 0.8, 0.8), "matt", roll)


def _home(piece: FurnitureAssembly, shape: Mapping) -> None:
    half, end = shape["width"] / 2, shape["length"] / 2
    under = shape["surface"] - shape["mattress"]
    rim = max(under - 0.14, 0.08)
    piece.add("panel", "wood", box((-half - 0.02, -end - 0.02, rim), (half + 0.02, end + 0.02, under + 0.03), 0.01))
    for x in (-half + 0.03, half - 0.03):
        for y in (-end + 0.03, end - 0.03):
            piece.add("panel", "wood upright", box((x - 0.035, y - 0.035, 0.0), (x + 0.035, y + 0.035, rim)))
    _boards(piece, shape, under)


def _deck(piece: FurnitureAssembly, shape: Mapping) -> float:
    """The plates below the mattress's sections; returns the height of the flat deck's underside."""
    nodes = np.asarray(bed_profile(shape))
    half, thick = shape["width"] / 2 - 0.02, shape["mattress"]
    for start, end in itertools.pairwise(nodes):
        way = (end - start) / np.linalg.norm(end - start)
        normal = np.array([-way[1], way[0]])
        low = (start + 0.01 * way - normal * thick, end - 0.01 * way - normal * thick)
        outline = [low[0] - 0.03 * normal, low[1] - 0.03 * normal, low[1], low[0]]
        piece.add("frame", "metal", extruded(outline, -half, half))
    (hip_y, _), (head_y, head_z) = nodes[-2:]
    under = shape["surface"] - thick - 0.03
    if head_z - shape["surface"] > 0.1:  # the back section's strut
        share = np.array([hip_y + 0.6 * (head_y - hip_y), shape["surface"] + 0.6 * (head_z - shape["surface"]) - thick])
        foot = (hip_y + 0.62, under - 0.04)
        for x in (-0.18, 0.18):
            piece.add("frame", "chrome", tube((x, *foot), (x, *share), 0.016, 8))
    return under


def _castors(piece: FurnitureAssembly, x: float, y: float, radius: float = 0.062) -> None:
    for sx in (-1, 1):
        for sy in (-1, 1):
            wheel = tube((sx * x - 0.022, sy * y, radius), (sx * x + 0.022, sy * y, radius), radius, 14)
            piece.add(_RUBBER, "rubber", wheel)
            piece.add("frame", "metal", tube((sx * x, sy * y, radius), (sx * x, sy * y, 0.18), 0.02, 8))


def _boards(piece: FurnitureAssembly, shape: Mapping, under: float) -> None:
    """Head board and, mostly, foot board; those of a home bed stand on the floor."""
    if shape["boards"] == "none":
        return
    home = shape["style"] == "home"
    half, end = shape["width"] / 2 - (0.0 if home else 0.01), shape["length"] / 2
    finish = "wood" if home or piece.spec.colours["panel"][0] > 1.4 * piece.spec.colours["panel"][2] else "plastic"
    head, thick = end + BED.board_beyond, BED.board_thickness
    foot = -end - BED.board_beyond - thick
    for y, top in ((head, shape["board_height"]), (foot, BED.foot_board_height * shape["board_height"])):
        if shape["boards"] == "head" and y < 0:
            continue
        low, high = (0.0 if home else under - 0.06), shape["surface"] + top
        if shape["boards"] == "framed":
            bar = 0.018
            posts = np.array(
                [
                    [-half, y + 0.02, low],
                    [-half, y + 0.02, high - 0.1],
                    [-half + 0.1, y + 0.02, high],
                    [half - 0.1, y + 0.02, high],
                    [half, y + 0.02, high - 0.1],
                    [half, y + 0.02, low],
                ]
            )
            piece.add("frame", "metal", solids.swept(posts, bar))
            outline = _front_outline(half - 0.06, max(low, under) + 0.06, high - 0.06, 0.05)
            piece.add("panel", finish, plate(outline, y + 0.01, 0.02))
            for x in (-half + 0.03, half - 0.03):
                z = max(low, under) + 0.12
                piece.add(
                    "frame",
                    "metal",
                    tube((np.sign(x) * half, y + 0.02, z), (x - np.sign(x) * 0.05, y + 0.02, z), 0.01, 6),
                )
        else:
            piece.add("panel", finish, plate(_front_outline(half, low, high, 0.07), y, thick))
        if not home:
            piece.add(
                "frame",
                "metal",
                box(
                    (-half + 0.06, min(y, np.sign(y) * end), under - 0.065),
                    (half - 0.06, max(y + 0.03, np.sign(y) * end), under - 0.03),
                ),
            )


def _front_outline(half: float, low: float, high: float, radius: float) -> np.ndarray:
    """(x, z) outline of a plate with round upper corners, counter-clockwise seen from the front."""
    quarter = np.linspace(0.0, np.pi / 2, 5)
    right = np.column_stack([half - radius + radius * np.cos(quarter), high - radius + radius * np.sin(quarter)])
    left = np.column_stack([-right[::-1, 0], right[::-1, 1]])
    return np.concatenate([[[-half, low], [half, low]], right, left])


def _rails(piece: FurnitureAssembly, shape: Mapping, under: float) -> None:
    if shape["rails"] == "none":
        return
    for side, raised in ((1.0, shape["rail_left"]), (-1.0, shape["rail_right"])):
        x = side * (shape["width"] / 2 + BED.rail_beyond)
        if shape["rails"] == "bars":
            _bars(piece, shape, x, raised, under)
        else:
            _panels(piece, shape, x, raised)


def _bars(piece: FurnitureAssembly, shape: Mapping, x: float, raised: bool, under: float) -> None:
    """Three bars on posts, from the head to beyond the middle; lowered they hang below the mattress's top."""
    top = shape["surface"] + (BED.raised_bars if raised else -0.06)
    heights = (top, top - 0.12, top - 0.24)
    y1, y2 = -0.32, shape["length"] / 2 - 0.2
    for z in heights:
        piece.add("frame", "metal", tube((x, y1, z), (x, y2, z), 0.013, 8))
    low = min(heights[-1], under - 0.04)
    for y in np.linspace(y1 + 0.08, y2 - 0.08, 4):
        piece.add("frame", "metal", tube((x, y, low), (x, y, top), 0.011, 6))
    inside = np.sign(x) * (shape["width"] / 2 - 0.12)
    for y in (y1 + 0.08, y2 - 0.08):
        piece.add("frame", "metal", tube((x, y, under - 0.045), (inside, y, under - 0.045), 0.014, 6))


def _panels(piece: FurnitureAssembly, shape: Mapping, x: float, raised: bool) -> None:
    """Two plastic guards per side; the one at the head turns with the back section."""
    hip = np.asarray(bed_profile(shape))[-2]
    drop = 0.0 if raised else -BED.raised_panels
    low, high = drop - 0.04, drop + BED.raised_panels
    for y1, y2, turn in ((hip[0] + 0.12, hip[0] + 0.66, shape["back_deg"]), (hip[0] - 0.62, hip[0] - 0.1, 0.0)):
        outline = _side_outline(y1 - hip[0], y2 - hip[0], low, high, 0.1)
        thick = 0.03
        guard = extruded(outline, x - thick / 2, x + thick / 2).turned(turn, "x").moved(y=hip[0], z=hip[1])
        piece.add("panel", "plastic", guard)
        grip = _side_outline(y1 - hip[0] + 0.1, y2 - hip[0] - 0.1, high - 0.13, high - 0.06, 0.03)
        dark = extruded(grip, x - thick / 2 - 0.003, x + thick / 2 + 0.003).turned(turn, "x").moved(y=hip[0], z=hip[1])
        piece.add((0.06, 0.06, 0.07), "plastic", dark)
        arm = box(
            (min(x, 0.7 * x), (y1 + y2) / 2 - hip[0] - 0.04, low - 0.12),
            (max(x, 0.7 * x), (y1 + y2) / 2 - hip[0] + 0.04, low + 0.02),
        )
        if raised:
            piece.add("frame", "metal", arm.turned(turn, "x").moved(y=hip[0], z=hip[1]))


def _side_outline(y1: float, y2: float, low: float, high: float, radius: float) -> np.ndarray:
    """(y, z) outline of a plate with round corners, counter-clockwise seen from +x."""
    quarter = np.linspace(0.0, np.pi / 2, 4)
    radius = min(radius, (high - low) / 2)
    points: Sequence = []
    for turn, (y, z) in enumerate(((y2, high), (y1, high), (y1, low), (y2, low))):
        sy, sz = (1 if y == y2 else -1), (1 if z == high else -1)
        angle = quarter + turn * np.pi / 2
        points = [
            *points,
            *np.column_stack([y - sy * radius + radius * np.cos(angle), z - sz * radius + radius * np.sin(angle)]),
        ]
    return np.array(points)


_STYLES = {"hospital": _hospital, "icu": _intensive_care, "couch": _couch, "home": _home}
