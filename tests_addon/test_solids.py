"""Solids are closed, their faces look outwards, and they are as large as they should be."""

import math
from collections import Counter

import numpy as np
import pytest

from blender_addon.construct import solids

_GRID = np.stack(np.meshgrid(np.linspace(0, 1, 4), np.linspace(0, 2, 5), [0.0], indexing="ij"), axis=-1)[:, :, 0]
_SQUARE = [(0, 0), (1, 0), (1, 1), (0, 1)]
_SOLIDS = {  # solid, its volume, and by which share that may be off
    "box": (solids.box((0, 0, 0), (1, 2, 3)), 6.0, 1e-9),
    "bevelled box": (solids.box((0, 0, 0), (1, 2, 3), 0.1), 6 - 0.02 * (0.8 + 1.8 + 2.8) - 0.02 / 3, 1e-9),
    "cushion": (solids.cushion((0, 0, 0), (1, 2, 3), 0.2, 9), None, 0.01),
    "tube": (solids.tube((0, 0, 0), (0, 1, 1), 0.2, 40), math.pi * 0.04 * math.sqrt(2), 0.01),
    "bent tube": (solids.swept(np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0]]), 0.1, 40), 2 * math.pi * 0.01, 0.05),
    "lathe": (solids.lathe([(0.3, 0.0), (0.3, 1.0)], 60), math.pi * 0.09, 0.01),
    "extruded": (solids.extruded(_SQUARE, 0, 2), 2.0, 1e-9),
    "plate": (solids.plate(_SQUARE, 0, 0.1), 0.1, 1e-9),
    "ellipsoid": (solids.ellipsoid((1, 2, 3), (1, 2, 0.5), 60), 4 / 3 * math.pi, 0.02),
    "sheet": (solids.sheet(_GRID, 0.1), 0.2, 1e-9),
}  # fmt: skip


def _rounded(sides, radius):
    """Volume of a box with round edges: the inner box, its slabs, quarter cylinders and eighths of a ball."""
    a, b, c = (side - 2 * radius for side in sides)
    return (
        a * b * c
        + 2 * radius * (a * b + b * c + c * a)
        + math.pi * radius**2 * (a + b + c)
        + 4 / 3 * math.pi * radius**3
    )


def _volume(solid):
    """By the divergence theorem: right only if every face is there and looks outwards."""
    total = 0.0
    for faces in solid.faces:
        for i in range(1, faces.shape[1] - 1):
            a, b, c = (solid.vertices[faces[:, k]] for k in (0, i, i + 1))
            total += np.einsum("ij,ij->", a, np.cross(b, c)) / 6
    return total


@pytest.mark.parametrize("name", _SOLIDS)
def test_a_solid_has_its_volume_and_looks_outwards(name):
    solid, volume, slack = _SOLIDS[name]
    if name == "cushion":
        volume = _rounded((1, 2, 3), 0.2)
    assert _volume(solid) == pytest.approx(volume, rel=slack)


@pytest.mark.parametrize("name", _SOLIDS)
def test_a_solid_is_closed(name):
    solid = _SOLIDS[name][0]
    _, same = np.unique(np.round(solid.vertices, 6), axis=0, return_inverse=True)
    edges = Counter()
    for faces in solid.faces:
        corners = same.reshape(-1)[faces]
        for first, second in zip(corners.T, np.roll(corners, -1, axis=1).T):
            edges.update((a, b) for a, b in zip(first.tolist(), second.tolist()) if a != b)
    assert all(edges[b, a] == count for (a, b), count in edges.items())


def test_a_cushion_stays_inside_its_box():
    points = solids.cushion((0, 0, 0), (1, 2, 0.1), 0.3, 5).vertices
    assert points.min(axis=0) == pytest.approx([0, 0, 0], abs=1e-9)
    assert points.max(axis=0) == pytest.approx([1, 2, 0.1], abs=1e-9)


def test_turning_is_right_handed():
    point = solids.Solid(np.array([[1.0, 0.0, 0.0]]), (), ())
    assert point.turned(90, "z").vertices[0] == pytest.approx([0, 1, 0])
    assert point.turned(90, "y").vertices[0] == pytest.approx([0, 0, -1])
    assert point.turned(90, "z", about=(1, 1, 0)).vertices[0] == pytest.approx([2, 1, 0])
    assert point.moved(1, 2, 3).vertices[0] == pytest.approx([2, 2, 3])


def test_joined_solids_keep_all_faces():
    both = solids.joined([solids.box((0, 0, 0), (1, 1, 1)), solids.box((2, 0, 0), (3, 1, 1))])
    assert _volume(both) == pytest.approx(2.0)
