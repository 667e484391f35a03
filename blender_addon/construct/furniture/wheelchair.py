"""Building wheelchairs: self-propelled with large wheels, or pushed on small ones; some with a blanket on the seat."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...draw.furniture.dimensions import WHEELCHAIR
from ..solids import box, cushion, sheet, swept, tube
from .assembly import FurnitureAssembly
from .upholstery import along_back, back_cushion, seat_cushion

_BLACK = (0.03, 0.03, 0.03)


def build_wheelchair(piece: FurnitureAssembly, shape: Mapping) -> None:
    """Frame, seat, wheels, foot rests and push handles; the sitter faces -y."""
    d = WHEELCHAIR
    half, deep, top = shape["seat_width"] / 2 + d.frame_outside_seat, shape["seat_depth"] / 2, shape["seat_height"]
    piece.add("seat", "leather", seat_cushion(shape, 0.045, radius=0.02), back_cushion(shape, 0.02, 0.04, radius=0.009))
    for side in (-1, 1):
        x = side * half
        _side_frame(piece, shape, x)
        _side_wheels(piece, shape, x, side)
        _foot_rest(piece, shape, x, side)
    for z in (0.28, 0.42):
        lower, upper = (-half, deep - 0.1, min(z, top - 0.08)), (half, -deep + 0.1, min(0.7 - z, top - 0.08))
        piece.add("frame", "metal", tube(lower, upper, 0.009, 6))
    if shape["blanket"]:
        _blanket_on_seat(piece, shape)


def _side_frame(piece: FurnitureAssembly, shape: Mapping, x: float) -> None:
    """The tubes of one side in the plane ``x``, its push handle and arm rest."""
    d, deep, top = WHEELCHAIR, shape["seat_depth"] / 2, shape["seat_height"]
    arm, grip = top + shape["arm_height"], shape["handle_height"]
    back_y, back_z = along_back(shape, shape["back_height"], 0.015)
    under = top - d.seat_below_cushion
    frame = [[x, -deep - 0.02, 0.14], [x, -deep - 0.02, under], [x, deep, under]]
    piece.add("frame", "metal", swept(np.array(frame), d.frame_tube))
    post = [
        [x, deep, 0.18],
        [x, deep + 0.005, top],
        [x, back_y, back_z],
        [x, back_y + 0.02, grip - 0.02],
        [x, deep + 0.07, grip],
    ]
    piece.add("frame", "metal", swept(np.array([*post, [x, deep + 0.1, grip]]), d.frame_tube))
    piece.add(_BLACK, "rubber", tube((x, deep + d.grip_start, grip), (x, deep + d.grip_end, grip), d.grip_radius, 8))
    piece.add("frame", "metal", tube((x, -deep - 0.02, 0.2), (x, deep, 0.2), d.rail_tube, 8))
    rest = [[x, deep, arm - 0.03], [x, -deep + 0.12, arm - 0.03], [x, -deep + 0.08, under]]
    piece.add("frame", "metal", swept(np.array(rest), d.arm_tube))
    pad = cushion((x - 0.025, -deep + 0.1, arm - 0.025), (x + 0.025, deep - 0.04, arm), 0.011)
    piece.add(_BLACK, "plastic", pad)


def _side_wheels(piece: FurnitureAssembly, shape: Mapping, x: float, side: int) -> None:
    d, deep = WHEELCHAIR, shape["seat_depth"] / 2
    self_propelled = shape["style"] == "self"
    large = shape["wheel_radius"] if self_propelled else d.transit_wheel
    axle, outside = deep - d.axle_before_back, x + side * d.wheel_outside_frame
    _wheel(piece, (outside, axle, large), large, spokes=d.spokes if self_propelled else 0)
    _wheel(piece, (x, -deep - 0.02, d.front_wheel), d.front_wheel, spokes=0)
    piece.add("frame", "metal", tube((x, -deep - 0.02, d.front_wheel), (x, -deep - 0.02, 0.16), 0.014, 6))
    piece.add("frame", "metal", tube((x, axle, large), (outside, axle, large), 0.015, 6))
    if shape["style"] == "transit":
        piece.add("frame", "metal", tube((x, axle, large), (x, axle, 0.22), 0.014, 6))


def _foot_rest(piece: FurnitureAssembly, shape: Mapping, x: float, side: int) -> None:
    d, deep, top, plate = WHEELCHAIR, shape["seat_depth"] / 2, shape["seat_height"], shape["foot_rest"]
    leg = [
        [x - side * 0.005, -deep - 0.02, top - 0.07],
        [x - side * 0.04, -deep - 0.1, top - 0.1],
        [side * 0.13, -deep - 0.24, plate + 0.02],
    ]
    piece.add("frame", "metal", swept(np.array(leg), 0.011))
    low = (side * d.foot_plate_inside, -deep - d.foot_plate_front, plate - 0.015)
    high = (side * d.foot_plate_outside, -deep - d.foot_plate_back, plate)
    piece.add(_BLACK, "plastic", box(low, high, 0.006))


def _wheel(piece: FurnitureAssembly, middle: tuple, radius: float, spokes: int) -> None:
    x, y, z = middle
    rim = np.linspace(0, 2 * np.pi, 25)
    ring = np.column_stack([np.full(25, x), y + (radius - 0.014) * np.cos(rim), z + (radius - 0.014) * np.sin(rim)])
    if not spokes:
        piece.add(_BLACK, "rubber", tube((x - 0.016, y, z), (x + 0.016, y, z), radius, 16))
        piece.add("frame", "metal", tube((x - 0.018, y, z), (x + 0.018, y, z), 0.5 * radius, 12))
        return
    piece.add(_BLACK, "rubber", swept(ring, 0.014, 6))
    grip = ring + np.array([np.sign(x) * 0.03, 0.0, 0.0])
    grip[:, 1:] = (y, z) + (grip[:, 1:] - (y, z)) * 0.9
    piece.add("frame", "metal", swept(grip, 0.007, 5))
    for k in range(spokes):
        angle = 2 * np.pi * k / spokes
        end = (x, y + (radius - 0.02) * np.cos(angle), z + (radius - 0.02) * np.sin(angle))
        piece.add("frame", "metal", tube((x, y, z), end, 0.003, 4))
    piece.add("frame", "metal", tube((x - 0.03, y, z), (x + 0.03, y, z), 0.022, 10))


def _blanket_on_seat(piece: FurnitureAssembly, shape: Mapping) -> None:
    """A blanket hung over the back and heaped on the seat: which resembles a small covered person."""
    u, v = np.meshgrid(np.linspace(-1, 1, 24), np.linspace(0, 1, 34), indexing="ij")
    deep, half = shape["seat_depth"] / 2, shape["seat_width"] / 2
    path = np.array(
        [
            (-deep - 0.06, shape["seat_height"] - 0.2),
            (-deep - 0.05, shape["seat_height"] + 0.03),
            (deep - 0.12, shape["seat_height"] + 0.06),
        ]
    )
    path = np.concatenate([path, [along_back(shape, 0.2, -0.05), along_back(shape, 0.9 * shape["back_height"], -0.03)]])
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    y, z = (np.interp(v * lengths[-1], lengths, path[:, axis]) for axis in (0, 1))
    folds = 0.012 * np.sin(9 * u + 4 * v) + 0.01 * np.sin(17 * v - 5 * u) + 0.06 * np.exp(-8 * (u**2 + (v - 0.55) ** 2))
    x = u * half * (0.93 + 0.05 * np.sin(6 * v))
    piece.add("blanket", "cloth", sheet(np.stack([x, y - 0.6 * folds, z + np.abs(folds) + 0.01], axis=-1)))
