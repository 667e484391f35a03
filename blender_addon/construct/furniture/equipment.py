"""Building clinical equipment. Screens glow by the shape's ``glow``; handles are at the ``anchors``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...draw.furniture.dimensions import (
    IV_POLE,
    LAMP_FOOT,
    MONITOR,
    OXYGEN_CYLINDER,
    POLE_FOOT,
    PUSH_HANDLE,
    TROLLEY,
    VENTILATOR,
    WALKER,
    WORKSTATION,
    StarFoot,
)
from ...draw.furniture.equipment import drip_hook
from ..solids import Solid, box, cushion, disc, ellipsoid, lathe, rings, sheet, swept, tube
from .assembly import FurnitureAssembly

_RUBBER = (0.03, 0.03, 0.03)
_DARK = (0.02, 0.02, 0.025)
_TRACES = ((0.05, 0.9, 0.15), (0.9, 0.75, 0.05), (0.1, 0.6, 0.95), (0.95, 0.2, 0.15))


def build_equipment(piece: FurnitureAssembly) -> None:
    """Build a piece of equipment of any kind."""
    _KINDS[piece.spec.kind](piece, piece.shape)


def _star_foot(piece: FurnitureAssembly, d: StarFoot, feet: int = 5) -> None:
    for k in range(feet):
        angle = 2 * np.pi * k / feet
        x, y = d.radius * np.cos(angle), d.radius * np.sin(angle)
        piece.add("frame", "metal", tube((0, 0, 0.09), (x, y, 0.07), 0.016, 8))
        castor = ellipsoid((x, y, d.castor_height), (d.castor_width, d.castor_width, d.castor_height), 8)
        piece.add(_RUBBER, "rubber", castor)
    piece.add("frame", "metal", disc(0.05, 0.11, 0.05, 12))


def _four_castors(piece: FurnitureAssembly, half: float, deep: float, radius: float = 0.055) -> None:
    for x in (-half, half):
        for y in (-deep, deep):
            piece.add(_RUBBER, "rubber", tube((x - 0.014, y, radius), (x + 0.014, y, radius), radius, 12))
            piece.add("frame", "metal", tube((x, y, radius), (x, y, 2 * radius + 0.03), 0.012, 6))


def _push_handle(piece: FurnitureAssembly, shape: Mapping, x: float, start: float) -> None:
    """A bar across the back at the anchors' height, on two bent arms."""
    deep, z = shape["depth"] / 2, shape["handle_height"]
    bar = deep + PUSH_HANDLE.behind
    path = [[-x, deep - 0.03, start], [-x, bar, z], [x, bar, z], [x, deep - 0.03, start]]
    piece.add("frame", "metal", swept(np.array(path), 0.013))


def _trolley(piece: FurnitureAssembly, shape: Mapping) -> None:
    half, deep, top = shape["width"] / 2, shape["depth"] / 2, shape["height"]
    _four_castors(piece, half - 0.04, deep - 0.06)
    _push_handle(piece, shape, half - TROLLEY.handle_inside, top - 0.06)
    if shape["style"] == "shelves":
        for x in (-half + 0.02, half - 0.02):
            for y in (-deep + 0.02, deep - 0.02):
                piece.add("frame", "metal", tube((x, y, 0.12), (x, y, top), 0.012, 8))
        for z in (0.16, 0.5 * top + 0.05, top - 0.03):
            piece.add("body", "metal", box((-half, -deep, z), (half, deep, z + 0.018)))
            for y in (-deep, deep):
                piece.add("frame", "metal", tube((-half, y, z + 0.06), (half, y, z + 0.06), 0.006, 6))
        _trolley_items(piece, shape, half, deep, (0.178, 0.5 * top + 0.068, top - 0.012))
    elif shape["style"] == "drawers":
        piece.add("body", "plastic", cushion((-half, -deep, 0.13), (half, deep, top - 0.02), 0.02))
        step = (top - 0.22) / 5
        for k in range(5):
            z = 0.18 + k * step
            piece.add(
                (0.72, 0.72, 0.7),
                "plastic",
                box((-half + 0.02, -deep - 0.012, z), (half - 0.02, -deep + 0.01, z + step - 0.015), 0.004),
            )
            piece.add(
                "frame", "metal", box((-0.08, -deep - 0.025, z + step - 0.05), (0.08, -deep - 0.01, z + step - 0.038))
            )
        piece.add(
            "frame",
            "plastic",
            cushion((-half - 0.01, -deep - 0.01, top - 0.025), (half + 0.01, deep + 0.01, top), 0.012),
        )
        _trolley_items(piece, shape, half - 0.03, deep - 0.05, (top,))
    else:
        _linen_bag(piece, half, deep, top)


def _trolley_items(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, tops: tuple) -> None:
    """Boxes and bottles on the shelves; ``items`` of the shape determines how many and where."""
    for level, z in enumerate(tops):
        for k in range(3):
            place = (shape["items"] * 7.3 + 0.37 * k + 0.21 * level) % 1.0
            if place < 0.25:
                continue
            x, y = (-0.5 + (place * 5) % 1.0) * (half - 0.1), -deep + 0.13 + k * (2 * deep - 0.26) / 2
            size = 0.05 + 0.05 * place
            if k == 1:
                piece.add("item", "plastic", disc(0.6 * size, z + 2 * size, 2 * size, 12).moved(x, y))
            else:
                piece.add(
                    "bag" if k else "item",
                    "cardboard",
                    box((x - size, y - size, z), (x + size, y + size, z + 1.3 * size), 0.004),
                )


def _linen_bag(piece: FurnitureAssembly, half: float, deep: float, top: float) -> None:
    for x in (-half + 0.02, half - 0.02):
        for y in (-deep + 0.02, deep - 0.02):
            piece.add("frame", "metal", tube((x, y, 0.12), (x, y, top), 0.012, 8))
    rim = np.array(
        [[-half, -deep, top], [half, -deep, top], [half, deep, top], [-half, deep, top], [-half, -deep, top]]
    )
    piece.add("frame", "metal", swept(rim, 0.012, 6), box((-half, -deep, 0.13), (half, deep, 0.15)))
    piece.add(
        "bag",
        "cloth",
        sack(half - 0.02, deep - 0.02, 0.2, top + 0.01),
        ellipsoid((0, 0, top - 0.03), (half - 0.04, deep - 0.04, 0.12)),
    )


def sack(half: float, deep: float, low: float, high: float) -> Solid:
    """A full cloth bag hanging from a rim."""
    angle = np.linspace(0, 2 * np.pi, 25)[:-1]
    found = []
    for z, grow in ((low, 0.75), (low + 0.03, 0.92), ((low + high) / 2, 1.06), (high - 0.05, 1.0), (high, 1.04)):
        square = np.maximum(np.abs(np.cos(angle)), np.abs(np.sin(angle))) ** 0.6
        folds = 1.0 + 0.02 * np.sin(7 * angle + 11 * z)
        found.append(
            np.column_stack(
                [
                    half * grow * folds * np.cos(angle) / square,
                    deep * grow * folds * np.sin(angle) / square,
                    np.full(24, z),
                ]
            )
        )
    return rings(np.array(found))


def _workstation(piece: FurnitureAssembly, shape: Mapping) -> None:
    """A computer on wheels."""
    d, top = WORKSTATION, shape["height"]
    _four_castors(piece, 0.2, 0.22)
    piece.add(
        "frame",
        "plastic",
        cushion((-0.24, -0.27, 0.12), (0.24, 0.27, 0.18), 0.02),
        box((-0.05, 0.02, 0.17), (0.05, 0.1, top - 0.02), 0.01),
    )
    piece.add("frame", "plastic", cushion((-d.desk_width, -0.24, top - 0.03), (d.desk_width, 0.22, top), 0.012))
    piece.add("frame", "plastic", tube((0, 0.12, top), (0, 0.12, top + 0.2), 0.025))
    piece.add(
        _DARK,
        "plastic",
        cushion((-0.25, 0.09, top + d.screen_bottom), (0.25, 0.12, top + d.screen_top), 0.01),
        cushion((-0.22, -0.2, top), (0.22, -0.06, top + 0.022), 0.006),
    )
    piece.add_glow(
        piece.spec.colours["screen"], shape["glow"], box((-0.235, 0.087, top + 0.115), (0.235, 0.0905, top + 0.405))
    )
    _push_handle(piece, shape, 0.19, top - 0.05)


def _iv_pole(piece: FurnitureAssembly, shape: Mapping) -> None:
    d, top = IV_POLE, shape["height"]
    _star_foot(piece, POLE_FOOT)
    piece.add("frame", "chrome", tube((0, 0, d.pole_bottom), (0, 0, top - 0.03), d.pole_radius))
    for k in range(d.hooks):
        piece.add("frame", "chrome", swept(_hook(top, d.hook_angle(k)), d.hook_wire, 6))
    for k in range(shape["bags"]):
        _iv_bag(piece, shape, k)
    for k in range(shape["pumps"]):
        _pump(piece, shape, d.lowest_pump + d.pump_pitch * k)


def _hook(top: float, angle: float) -> np.ndarray:
    """(4, 3) points of a bent wire that leaves the pole's top in the direction ``angle``, in radians."""
    d = IV_POLE
    bends = ((0.0, top - 0.06), (d.hook_bend, top - 0.02), (d.hook_valley, top - 0.03), (d.hook_reach, top))
    return np.array([[away * np.cos(angle), away * np.sin(angle), z] for away, z in bends])


def _iv_bag(piece: FurnitureAssembly, shape: Mapping, number: int) -> None:
    """A bag with its label and port on the hook of that number, and its line where the shape has one."""
    d = IV_POLE
    x, y, high = drip_hook(shape, number)
    low = high - d.bag_height
    bag = cushion((x - d.bag_width, y - d.bag_thickness, low), (x + d.bag_width, y + d.bag_thickness, high), 0.017)
    piece.add("bag", "plastic", bag)
    label = box((x - d.label_width, y - 0.0195, high - 0.16), (x + d.label_width, y - 0.0175, high - 0.07))
    piece.add((0.75, 0.75, 0.75), "matt", label)
    piece.add("bag", "plastic", tube((x, y, high - d.line_below_neck), (x, y, low), 0.012, 8))
    if shape["line"]:
        sag = [
            [x, y, high - d.line_below_neck],
            [0.7 * x, 0.7 * y - 0.03, high - 0.6],
            [0.05, -0.05, 0.95 + 0.05 * number],
            [0.03, -0.05, 0.75],
            [-0.05, -0.07, 0.9],
            [-0.06, -0.04, 1.1],
        ]
        piece.add((0.75, 0.75, 0.72), "plastic", swept(_smoothed(sag), d.line_radius, 4))


def _pump(piece: FurnitureAssembly, shape: Mapping, z: float) -> None:
    """An infusion pump with a screen and keys whose lower edge is at ``z``."""
    d = IV_POLE
    body = cushion((-d.pump_width, d.pump_front, z), (d.pump_width, d.pump_back, z + d.pump_height), 0.018)
    piece.add("pump", "plastic", body)
    piece.add_glow((0.2, 0.7, 0.9), shape["glow"], box((-0.06, -0.152, z + 0.1), (0.03, -0.149, z + 0.16)))
    piece.add(
        (0.1, 0.35, 0.12),
        "plastic",
        box((0.045, -0.153, z + 0.1), (0.075, -0.149, z + 0.16)),
        box((-0.06, -0.153, z + 0.03), (0.07, -0.149, z + 0.07)),
    )


def _smoothed(through: Sequence[Sequence[float]]) -> np.ndarray:
    """A Catmull-Rom curve through points."""
    points = np.array(through, dtype=float)
    padded = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.linspace(0, 1, 6)[:-1, None]
    pieces = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(padded[:-3], padded[1:-2], padded[2:-1], padded[3:])
    ]
    return np.concatenate([*pieces, points[-1:]])


def screen_with_traces(
    piece: FurnitureAssembly, shape: Mapping, x1: float, x2: float, y: float, z1: float, z2: float
) -> None:
    """A dark screen facing -y whose curves and numbers glow."""
    piece.add(_DARK, "glass", box((x1, y - 0.003, z1), (x2, y, z2)))
    if not shape.get("lit", True):
        return
    rows = shape.get("traces", 3)
    for k in range(rows):
        rgb, middle = _TRACES[k], z2 - (k + 0.5) * (z2 - z1) / rows
        t = np.linspace(0, 1, 60)
        beat = (t * (5 + k) + shape["phase"]) % 1.0
        wave = np.exp(-(((beat - 0.3) / 0.06) ** 2)) if k == 0 else 0.5 + 0.5 * np.sin(2 * np.pi * beat)
        z = middle + (wave - 0.5) * 0.55 * (z2 - z1) / rows
        x = x1 + 0.03 * (x2 - x1) + t * 0.66 * (x2 - x1)
        half = 0.022 * (z2 - z1)
        grid = np.stack([np.column_stack([x, np.full(60, y - 0.004), z + side * half]) for side in (-1, 1)], axis=1)
        piece.add_glow(rgb, 2.0 * shape["glow"], sheet(grid, smooth=False))
        for digit in range(2):
            left = x1 + (0.76 + 0.1 * digit) * (x2 - x1)
            piece.add_glow(
                rgb,
                2.0 * shape["glow"],
                box(
                    (left, y - 0.0045, middle - 0.25 * (z2 - z1) / rows),
                    (left + 0.065 * (x2 - x1), y - 0.002, middle + 0.25 * (z2 - z1) / rows),
                ),
            )


def _monitor(piece: FurnitureAssembly, shape: Mapping) -> None:
    d, half = MONITOR, shape["width"] / 2
    if shape["style"] == "stand":
        _star_foot(piece, POLE_FOOT)
        z, front, back = shape["height"] - d.case_height, d.front_on_stand, d.back_on_stand
        piece.add("frame", "metal", tube((0, 0, 0.08), (0, 0, z + 0.1), 0.018))
        piece.add(
            "frame", "metal", box((-0.16, -0.12, 0.75), (0.16, 0.06, 0.77)), tube((0, 0, 0.74), (0, 0, 0.8), 0.03)
        )
    else:
        z, front, back = 0.0, d.front_on_wall, d.back_on_wall
        piece.add(
            "frame", "metal", tube((0, 0.0, 0.15), (0, back, 0.15), 0.025), box((-0.05, -0.02, 0.07), (0.05, 0.0, 0.23))
        )
    piece.add("body", "plastic", cushion((-half, front, z), (half, back, z + 0.29), 0.022))
    screen_with_traces(piece, shape, -half + 0.025, half - 0.025, front - 0.0005, z + 0.05, z + 0.27)
    x, socket = -half + d.socket_inside, z + d.socket_above
    piece.add(
        (0.5, 0.5, 0.5), "plastic", tube((x, front - d.socket_length, socket), (x, front + 0.01, socket), 0.012, 10)
    )


def _ventilator(piece: FurnitureAssembly, shape: Mapping) -> None:
    d, top = VENTILATOR, shape["height"]
    _four_castors(piece, 0.2, 0.22, 0.05)
    foot = cushion((-d.foot_width, -d.foot_depth, 0.11), (d.foot_width, d.foot_depth, 0.17), 0.02)
    piece.add("frame", "plastic", foot)
    piece.add(
        "body",
        "plastic",
        cushion((-0.16, -0.16, 0.16), (0.16, 0.2, top - 0.38), 0.03),
        cushion((-0.19, -0.2, top - 0.62), (0.19, 0.2, top - 0.36), 0.03),
    )
    piece.add("frame", "plastic", tube((0, 0, top - 0.37), (0, 0, top - 0.2), 0.03))
    piece.add("body", "plastic", cushion((-0.21, -0.1, top - 0.33), (0.21, -0.03, top), 0.015))
    screen_with_traces(piece, {**shape, "traces": 4}, -0.19, 0.19, -0.1005, top - 0.31, top - 0.03)
    if shape["arm"]:
        for side in (-0.03, 0.03):
            path = [
                [side, -0.2, top - 0.5],
                [side - 0.02, -0.26, top - 0.55],
                [side - 0.08, -0.27, top - 0.35],
                [side - 0.2, -0.25, top - 0.12],
                [side - 0.22, -0.24, top - 0.3],
            ]
            piece.add("hose", "plastic", swept(_smoothed(path), 0.013, 8))
    z = top - d.outlet_below_top
    outlet = tube((d.outlet_x, -0.2, z), (d.outlet_x, d.outlet_y, z), 0.025, 12)
    piece.add((0.05, 0.2, 0.5), "plastic", outlet)


def _walker(piece: FurnitureAssembly, shape: Mapping) -> None:
    """A walking frame; its user stands at +y between the handles."""
    d, half, z = WALKER, shape["width"] / 2 - WALKER.frame_inside, shape["handle_height"]
    for side in (-1, 1):
        x = side * half
        front = [[x, -d.feet, 0.02], [x, -0.16, z - 0.08], [x, -0.12, z - 0.01], [x, 0.02, z], [x, d.grip_end, z]]
        piece.add("frame", "metal", swept(np.array(front), 0.013))
        piece.add(_RUBBER, "rubber", tube((x, d.grip_start, z), (x, d.grip_end, z), 0.019, 8))
        rear = [[x, d.feet, 0.02], [x, 0.1, 0.55 * z], [x, 0.03, z]]
        piece.add("frame", "metal", swept(np.array(rear), 0.013))
        piece.add("frame", "metal", tube((x, -0.2, 0.4 * z), (x, 0.145, 0.4 * z), 0.01, 6))
        for y in (-d.feet, d.feet):
            if shape["style"] == "rollator":
                wheel = d.wheel_radius
                piece.add(_RUBBER, "rubber", tube((x - 0.015, y, wheel), (x + 0.015, y, wheel), wheel, 14))
                piece.add("frame", "metal", tube((x - 0.017, y, wheel), (x + 0.017, y, wheel), 0.04, 10))
            else:
                piece.add(_RUBBER, "rubber", tube((x, y, 0.0), (x, y, 0.035), 0.018, 8))
    for z_bar in (0.35 * z, 0.72 * z):
        y = -d.feet + 0.08 * z_bar / z
        piece.add("frame", "metal", tube((-half, y, z_bar), (half, y, z_bar), 0.011, 8))
    if shape["style"] == "rollator":
        piece.add(
            "seat", "leather", cushion((-half + 0.02, -0.12, 0.6 * z), (half - 0.02, 0.07, 0.6 * z + 0.03), 0.012)
        )
        piece.add("seat", "cloth", cushion((-half + 0.05, -d.feet, 0.3 * z), (half - 0.05, -0.08, 0.55 * z), 0.03))


def _oxygen(piece: FurnitureAssembly, shape: Mapping) -> None:
    d, top = OXYGEN_CYLINDER, shape["height"]
    outlet = top - d.outlet_below_top
    profile = (
        (0.07, 0.08),
        (0.08, 0.1),
        (0.08, top - 0.22),
        (0.05, top - 0.14),
        (0.025, top - 0.12),
        (0.025, top - 0.08),
    )
    piece.add("body", "metal", lathe(profile, 18))
    piece.add(
        "frame",
        "metal",
        cushion((-0.06, -0.03, top - 0.09), (0.06, 0.03, top - 0.03), 0.012),
        tube((0, -0.04, outlet), (0, d.outlet_y, outlet), 0.025, 12),
    )
    piece.add(
        "frame",
        "metal",
        swept(np.array([[0, 0.09, 0.1], [0, 0.11, 0.6 * top], [0, 0.15, top - 0.02], [0, 0.17, top - 0.01]]), 0.012),
    )
    piece.add("frame", "metal", box((-0.12, -0.1, 0.07), (0.12, 0.12, 0.085)))
    for x in (-0.13, 0.13):
        piece.add(_RUBBER, "rubber", tube((x - 0.015, 0.1, 0.075), (x + 0.015, 0.1, 0.075), 0.075, 12))
    piece.add(
        "frame",
        "metal",
        tube((-0.13, 0.1, 0.075), (0.13, 0.1, 0.075), 0.01, 6),
        box((-0.05, -0.12, 0.0), (0.05, -0.08, 0.08)),
    )


def _exam_lamp(piece: FurnitureAssembly, shape: Mapping) -> None:
    top = shape["height"]
    _star_foot(piece, LAMP_FOOT)
    piece.add("frame", "metal", tube((0, 0, 0.08), (0, 0, 0.62 * top), 0.014))
    path = _smoothed([[0, 0, 0.6 * top], [0, 0.05, 0.85 * top], [0, -0.03, top], [0, -0.15, 0.97 * top]])
    piece.add("frame", "metal", swept(path, 0.009, 6))
    shade = (
        lathe(((0.09, 0.0), (0.08, 0.03), (0.03, 0.1), (0.02, 0.12)), 18).turned(-35, "x").moved(y=-0.17, z=0.9 * top)
    )
    piece.add("body", "metal", shade)


_KINDS = {
    "trolley": _trolley, "workstation": _workstation, "iv_pole": _iv_pole, "monitor": _monitor,
    "ventilator": _ventilator, "walker": _walker, "oxygen": _oxygen, "exam_lamp": _exam_lamp,
}  # fmt: skip
KINDS = tuple(_KINDS)
