"""Dolls and mannequins: unlabelled human-shaped figures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..solids import Solid, disc, ellipsoid, rings, swept, tube
from .assembly import FurnitureAssembly

_DARK = (0.03, 0.03, 0.03)


def build_doll(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, top: float) -> None:
    """A sitting doll or teddy bear, its legs stretched forward."""
    bear = shape["style"] == "bear"
    skin = "body" if bear else "skin"
    scale = top / 0.36
    piece.add("body", "cloth", ellipsoid((0, 0.03, 0.1 * scale), (0.065 * scale, 0.05 * scale, 0.1 * scale), 12))
    piece.add(
        skin,
        "cloth" if bear else "plastic",
        ellipsoid((0, 0.02, 0.26 * scale), (0.07 * scale, 0.065 * scale, 0.075 * scale), 14),
    )
    if bear:
        for x in (-0.05, 0.05):
            piece.add(
                "body",
                "cloth",
                ellipsoid((x * scale, 0.02, 0.32 * scale), (0.025 * scale, 0.015 * scale, 0.025 * scale), 8),
            )
        piece.add("skin", "cloth", ellipsoid((0, -0.04, 0.24 * scale), (0.03 * scale, 0.025 * scale, 0.025 * scale), 8))
    else:
        piece.add(
            "hair", "cloth", ellipsoid((0, 0.035, 0.28 * scale), (0.075 * scale, 0.065 * scale, 0.072 * scale), 12)
        )
    for x in (-0.022, 0.022):
        piece.add(_DARK, "plastic", ellipsoid((x * scale, -0.04 * scale, 0.27 * scale), (0.007, 0.005, 0.009), 6))
    for side in (-1, 1):
        piece.add(
            skin,
            "cloth",
            tube(
                (side * 0.055 * scale, 0.02, 0.17 * scale),
                (side * min(0.1 * scale, half - 0.025), -0.03, 0.06 * scale),
                0.02 * scale,
                8,
            ),
        )
        piece.add(
            "skin" if not bear else "body",
            "cloth",
            tube(
                (side * 0.035 * scale, 0.0, 0.035 * scale),
                (side * 0.055 * scale, -deep + 0.02, 0.03 * scale),
                0.026 * scale,
                8,
            ),
        )


def build_mannequin(piece: FurnitureAssembly, shape: Mapping, half: float, deep: float, top: float) -> None:
    """A tailor's bust on a stand, or a headed figure in a coat."""
    piece.add("stand", "metal", disc(0.2, 0.02, 0.02), tube((0, 0, 0.02), (0, 0, 0.55 * top), 0.015, 8))
    head = shape["style"] == "dressed"
    shoulder = top - (0.28 if head else 0.04)
    low = shoulder - 0.72
    levels = (
        (low, 0.13, 0.1),
        (low + 0.06, 0.17, 0.115),
        (low + 0.24, 0.12, 0.095),
        (low + 0.5, 0.17, 0.115),
        (low + 0.64, 0.19, 0.09),
        (shoulder, 0.06, 0.06),
    )
    piece.add("body", "plastic", _torso(levels))
    piece.add("body", "plastic", tube((0, 0, shoulder - 0.03), (0, 0, shoulder + 0.04), 0.05, 12))
    if not head:
        return
    piece.add("body", "plastic", ellipsoid((0, -0.01, top - 0.13), (0.075, 0.095, 0.125), 16))
    wider = tuple((z if k else z - 0.35, x + 0.02, y + 0.02) for k, (z, x, y) in enumerate(levels))
    piece.add("cloth", "cloth", _torso(wider))
    for side in (-1, 1):
        arm = [
            [side * 0.17, 0, shoulder - 0.1],
            [side * 0.22, 0.0, shoulder - 0.38],
            [side * 0.21, -0.06, shoulder - 0.62],
        ]
        piece.add("cloth", "cloth", swept(np.array(arm), 0.05, 10, 0.035))


def _torso(levels: tuple) -> Solid:
    angle = np.linspace(0, 2 * np.pi, 19)[:-1]
    return rings(
        np.array([np.column_stack([x * np.cos(angle), y * np.sin(angle), np.full(18, z)]) for z, x, y in levels])
    )
