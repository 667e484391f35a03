"""Things carried on the body: lanyard with badge, stethoscope, bag, backpack."""

from __future__ import annotations

import numpy as np

from ..vectors import cross
from . import mesh
from .garment import Dresser

KINDS = ("lanyard", "stethoscope", "shoulder-bag", "backpack")


def carried(dresser: Dresser, kind: str) -> mesh.MeshPart:
    """Build one of ``KINDS`` over the clothes of the dresser. Raises KeyError for another kind."""
    return {"lanyard": _lanyard, "stethoscope": _stethoscope, "shoulder-bag": _bag, "backpack": _backpack}[kind](
        dresser
    )


def _lanyard(dresser: Dresser) -> mesh.MeshPart:
    """A ribbon round the neck and a card before the breastbone; materials ribbon, card."""
    half = [
        (0.0, 0.055, 1.43),
        (0.055, 0.04, 1.425),
        (0.078, -0.01, 1.395),
        (0.070, -0.10, 1.33),
        (0.035, -0.13, 1.22),
        (0.006, -0.13, 1.12),
    ]
    path = np.array([(-x, y, z) for x, y, z in half[::-1]] + half[1:])
    ribbon = dresser.ribbon("lanyard", path, 0.014, 0.005)
    points, bones, weights = dresser.on_surface(np.array([(0.0, -0.13, 1.11), (0.0, -0.13, 1.04)]), 0.007, 4)
    down = points[-1] - points[0]
    down = down / np.linalg.norm(down)
    front = cross(np.array([1.0, 0, 0]), down)
    axes = np.stack([np.array([1.0, 0, 0]), down, front])
    card = mesh.box(
        "card", points.mean(axis=0), axes, np.array((0.029, 0.044, 0.0015)) * dresser.size, bones[1], weights[1]
    )
    return mesh.join("lanyard", [ribbon, card])


def _stethoscope(dresser: Dresser) -> mesh.MeshPart:
    """Tubes round the neck, hanging down in front on both sides; materials tube, metal."""
    path = np.array([
        (-0.060, -0.13, 1.08), (-0.070, -0.13, 1.20), (-0.088, -0.08, 1.345), (-0.082, 0.0, 1.40), (-0.055, 0.05,
        1.425),
        (0.0, 0.06, 1.43), (0.055, 0.05, 1.425), (0.082, 0.0, 1.40), (0.088, -0.08, 1.345), (0.075, -0.13, 1.22),
        (0.065, -0.13, 1.12),
    ])  # fmt: skip
    points, bones, weights = dresser.on_surface(path, 0.010, 60)
    tube = mesh.tube("tube", points, 0.0052, bones, weights, sides=8)
    bell = mesh.tube(
        "bell", points[0] + np.outer(np.linspace(-0.004, 0.012, 4), [0, -1.0, 0]), 0.021, bones[:4], weights[:4], 14
    )
    lid = points[0] + np.array([0, -0.012, 0])
    cap = mesh.tube("cap", lid + np.outer([0.0, 0.0005], [0, -1.0, 0]), 0.012, bones[:2], weights[:2], 14)
    return mesh.join("stethoscope", [tube, mesh.join("metal", [bell, cap])])


def _bag(dresser: Dresser) -> mesh.MeshPart:
    """A bag at the right hip, its strap over the left shoulder."""
    strap = np.array([(-0.15, -0.02, 0.95), (-0.12, -0.12, 1.02), (0.0, -0.14, 1.17), (0.10, -0.08, 1.33), (0.115,
        -0.01, 1.375),
                      (0.10, 0.07, 1.33), (0.0, 0.10, 1.17), (-0.12, 0.09, 1.02), (-0.15, 0.02, 0.95)])  # fmt: skip
    band = dresser.ribbon("strap", strap, 0.028, 0.007)
    points, bones, weights = dresser.on_surface(np.array([(-0.17, -0.01, 0.93), (-0.17, -0.01, 0.90)]), 0.05, 3)
    return mesh.join(
        "shoulder-bag",
        [
            band,
            _rounded_box(
                points[1] + [-0.005, 0, -0.03], np.array((0.045, 0.13, 0.10)) * dresser.size, bones[0], weights[0]
            ),
        ],
    )


def _backpack(dresser: Dresser) -> mesh.MeshPart:
    """A backpack, its straps over both shoulders."""
    straps = [
        dresser.ribbon(
            "strap",
            np.array([(s * 0.10, 0.10, 1.15), (s * 0.11, 0.09, 1.32), (s * 0.115, 0.0, 1.375), (s * 0.12, -0.08,
                1.32), (s * 0.15, -0.05, 1.14)]),
            0.045, 0.007,
        )
        for s in (-1.0, 1.0)
    ]  # fmt: skip
    points, bones, weights = dresser.on_surface(np.array([(0.0, 0.1, 1.24), (0.0, 0.1, 1.18)]), 0.085, 3)
    return mesh.join(
        "backpack",
        [
            mesh.join("straps", straps),
            _rounded_box(points[1], np.array((0.14, 0.075, 0.20)) * dresser.size, bones[1], weights[1]),
        ],
    )


def _rounded_box(centre: np.ndarray, half: np.ndarray, bones: np.ndarray, weights: np.ndarray) -> mesh.MeshPart:
    """A soft box: a ball blown up to the sides of a box."""
    rows, columns = 9, 16
    elevation = np.linspace(np.pi / 2 - 0.05, -np.pi / 2 + 0.05, rows)[:, None]
    angle = (np.arange(columns) * (2 * np.pi / columns))[None]
    ball = np.stack(
        [np.cos(elevation) * np.cos(angle), np.cos(elevation) * np.sin(angle), np.sin(elevation) + 0 * angle], -1
    )
    soft = np.sign(ball) * np.abs(ball) ** 0.45
    points = centre + (soft * half).reshape(-1, 3)
    faces = mesh.grid_faces(rows, columns, closed=True)
    return mesh.MeshPart(
        "bag", points, faces, np.repeat(bones[None], len(points), 0), np.repeat(weights[None], len(points), 0)
    )
