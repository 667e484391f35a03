"""Drawings of people and landscapes on posters and screens, as flat coloured shapes; never labelled as people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Union

import numpy as np

from ...body.vectors import plane_cross
from ..solids import Solid, box, ellipse, plate
from .assembly import FurnitureAssembly

_THIN = 0.00025  # metres between the layers of a drawing


def draw_scene_on(
    piece: FurnitureAssembly,
    style: str,
    colours: Mapping,
    x1: float,
    x2: float,
    y: float,
    z1: float,
    z2: float,
    glow: float = 0.0,
) -> None:
    """Add a drawing that faces -y on the rectangle [x1, x2] x [z1, z2] at ``y``.

    Args:
        style: "face", "person", "people", "landscape"; "text" writes lines, "off" draws nothing.
        colours: linear RGB or parts of the piece: "back", "skin", "cloth", "hair".
        glow: emission of a screen in W / m2 / sr; 0 for print.
    """
    page = _Page(piece, colours, (x1, x2, y, z1, z2), glow)
    if style == "off":
        return
    page.fill("back")
    width, height = x2 - x1, z2 - z1
    if style == "landscape":
        page.shape("skin", [(0, 0), (1, 0), (1, 0.35), (0.6, 0.55), (0.35, 0.3), (0, 0.5)])
        page.shape("cloth", [(0, 0), (1, 0), (1, 0.25), (0.5, 0.2), (0, 0.3)])
    elif style == "text":
        for k in range(7):
            page.shape("hair", _bar(0.12, 0.88 - 0.1 * (k * 3 % 4), 0.85 - 0.11 * k, 0.025))
        page.shape("cloth", _bar(0.12, 0.88, 0.93, 0.06))
    elif style == "face":
        _person(page, 0.5, 0.0, 1.15, height / width, whole=False)
    elif style == "people":
        for at in (0.24, 0.76, 0.5):
            _person(page, at, 0.02 if at != 0.5 else -0.02, 0.66, height / width, whole=False)
    else:
        _person(page, 0.5, 0.04, 0.9, height / width, whole=True)
    if style in ("person", "people") and glow == 0:
        page.shape("hair", _bar(0.1, 0.9, 0.95, 0.04))


def _person(page: _Page, x: float, low: float, size: float, aspect: float, whole: bool) -> None:
    """A figure ``size`` of the page's height tall (seen to the waist unless ``whole``) about ``x`` from ``low``."""
    tall = size if whole else 2.1 * size
    head = tall / 7.2
    top = low + size
    wide = aspect  # width on the page of something one unit high

    def at(dx: float, z: float) -> tuple[float, float]:
        return x + dx * wide, z

    shoulder, hip = top - 1.35 * head, top - 3.7 * head
    if whole:
        for side in (-1, 1):
            page.shape(
                "hair",
                [
                    at(side * 0.05 * tall, hip),
                    at(side * 0.002 * tall, hip),
                    at(side * 0.01 * tall, low),
                    at(side * 0.055 * tall, low),
                ],
            )
    trunk = [
        at(-0.1 * tall, max(hip, low)),
        at(0.1 * tall, max(hip, low)),
        at(0.125 * tall, shoulder - 0.02 * tall),
        at(0.09 * tall, shoulder),
    ]
    page.shape("cloth", [*trunk, at(-0.09 * tall, shoulder), at(-0.125 * tall, shoulder - 0.02 * tall)])
    for side in (-1, 1):
        arm = [
            at(side * 0.125 * tall, shoulder - 0.02 * tall),
            at(side * 0.16 * tall, max(hip, low)),
            at(side * 0.12 * tall, max(hip, low)),
            at(side * 0.09 * tall, shoulder - 0.1 * tall),
        ]
        page.shape("cloth", arm)
    page.shape(
        "skin",
        [
            at(-0.03 * tall, shoulder - 0.01 * tall),
            at(0.03 * tall, shoulder - 0.01 * tall),
            at(0.03 * tall, shoulder + 0.4 * head),
            at(-0.03 * tall, shoulder + 0.4 * head),
        ],
    )
    page.shape("hair", ellipse(x, top - 0.45 * head, 0.82 * head * wide, head, 16))
    page.shape("skin", ellipse(x, top - 0.56 * head, 0.66 * head * wide, 0.84 * head, 16))
    for side in (-1, 1):
        page.shape("hair", ellipse(x + side * 0.14 * head * wide, top - 0.5 * head, 0.11 * head * wide, 0.06 * head, 8))
    page.shape("cloth", ellipse(x, top - 0.8 * head, 0.22 * head * wide, 0.05 * head, 8))


def _bar(x1: float, x2: float, z: float, thick: float) -> list[tuple[float, float]]:
    return [(x1, z - thick / 2), (x2, z - thick / 2), (x2, z + thick / 2), (x1, z + thick / 2)]


class _Page:
    """The rectangle drawn on; shapes are given in fractions of its width and height, each in front of the last."""

    def __init__(self, piece: FurnitureAssembly, colours: Mapping, frame: Sequence[float], glow: float) -> None:
        self._piece, self._colours, self._frame, self._glow = piece, colours, frame, glow
        self._layer = 0

    def fill(self, part: str) -> None:
        """Paint the whole page."""
        x1, x2, y, z1, z2 = self._frame
        self._add(part, box((x1, y - _THIN, z1), (x2, y, z2)))

    def shape(self, part: str, outline: Union[Sequence, np.ndarray]) -> None:
        """Paint a convex outline, cut off at the page's edges."""
        x1, x2, y, z1, z2 = self._frame
        points = np.clip(np.asarray(outline, dtype=float), 0.005, 0.995)
        points = points * (x2 - x1, z2 - z1) + (x1, z1)
        turning = plane_cross(points - points.mean(axis=0), np.roll(points, -1, axis=0) - points.mean(axis=0)).sum()
        self._add(part, plate(points if turning > 0 else points[::-1], y - self._layer * _THIN, _THIN / 2))

    def _add(self, part: str, solid: Solid) -> None:
        self._layer += 1
        colour = self._colours[part]
        if self._glow:
            self._piece.add_glow(
                tuple(self._piece.spec.colours[colour] if isinstance(colour, str) else colour), self._glow, solid
            )
        else:
            self._piece.add(colour, "matt", solid)
