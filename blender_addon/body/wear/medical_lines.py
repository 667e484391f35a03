"""Medical attachments: sensors and leads that are part of the person, and lines that lead away.

A line that leaves the body (to a bag, a monitor, the wall) starts at a place of the posed body and ends at a
point of the room; its vertices do not move with the body. It is not part of the person: a box around a patient does
not extend to the drip.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..model import BodyModel
from ..posture import PosedBody
from ..skeleton import SIGN, Skeleton, skin
from ..vectors import cross
from . import mesh
from .facewear import Face, face_mask, nasal_cannula
from .garment import Dresser
from .head import HeadGrid
from .headwear import band, headwear
from .patches import PATCHES, patch
from .reference import reference

LINES = ("iv-line", "ecg-leads", "nasal-cannula", "oxygen-mask", "electrode-cap", "pulse-oximeter")
KINDS = (*LINES, "head-bandage", *(kind for kind in PATCHES if kind not in ("glove", "hand-plaster", "arm-plaster")))


def on_body(dresser: Dresser, grid: HeadGrid, face: Face, kind: str, side: str) -> mesh.MeshPart:
    """The part of an attachment that lies on the body; ``kind`` is one of ``KINDS``, ``side`` "l" or "r"."""
    model, rest = dresser.model, dresser.rest
    if kind in PATCHES:
        return patch(model, rest, kind, side)
    if kind == "head-bandage":
        return band(model, grid, dresser.skeleton, kind, 0.030, 0.098, 0.010)
    if kind == "iv-line":
        return patch(model, rest, "hand-plaster", side)
    if kind == "nasal-cannula":
        return face.wire(kind, nasal_cannula(face), 0.0023)
    if kind == "oxygen-mask":
        return face_mask(face, kind)
    if kind == "electrode-cap":
        return _electrode_cap(model, grid, dresser.skeleton)
    if kind == "ecg-leads":
        return _electrodes(dresser)
    if kind == "pulse-oximeter":
        return _oximeter(dresser, side)
    raise KeyError(kind)


def lines(model: BodyModel, body: PosedBody, kind: str, side: str, end: Sequence[float]) -> list[np.ndarray]:
    """The lines away from the posed body: (n, 3) paths in the room that lead to ``end``, side by side."""
    starts = _starts(model, body, kind, side)
    ends = [np.add(end, (0.0, 0.0, 0.012 * n)) for n in range(len(starts))]
    return [_sagging(start, end, 0.10 + 0.03 * n) for n, (start, end) in enumerate(zip(starts, ends))]


LINE_RADIUS = {"iv-line": 0.0022, "ecg-leads": 0.0020, "nasal-cannula": 0.0026, "oxygen-mask": 0.0035,
               "electrode-cap": 0.0045, "pulse-oximeter": 0.0022}  # fmt: skip


def _starts(model: BodyModel, body: PosedBody, kind: str, side: str) -> list[np.ndarray]:
    """Where lines leave the posed body, in the room."""
    ref = reference(model)
    sign = SIGN[side]
    at = {
        "iv-line": [(sign * 0.485, -0.20, 1.01)],
        "pulse-oximeter": [(sign * 0.480, -0.325, 0.93)],
        "nasal-cannula": [(sign * 0.06, -0.10, 1.42)],
        "oxygen-mask": [(0.0, -0.17, 1.49)],
        "electrode-cap": [(0.0, 0.08, 1.60)],
        "ecg-leads": [(x, -0.13, z) for x, z in ((0.07, 1.31), (-0.07, 1.31), (0.05, 1.20))],
    }.get(kind, [])
    rows = model.group_vertices("body")
    picked = [rows[np.linalg.norm(ref.rest[rows] - point, axis=1).argmin()] for point in at]
    return list(skin(model, body.rest, body.transforms, np.array(picked))) if picked else []


def _sagging(start: np.ndarray, end: np.ndarray, slack: float, count: int = 24) -> np.ndarray:
    """(count, 3) a cord between two points that sags, but never below the floor."""
    t = np.linspace(0, 1, count)[:, None]
    sag = slack * min(np.linalg.norm(end - start), 1.5) * 4 * t * (1 - t)
    path = start + (end - start) * t - [0, 0, 1] * sag
    path[:, 2] = np.maximum(path[:, 2], 0.01)
    return path


def _electrode_cap(model: BodyModel, grid: HeadGrid, skeleton: Skeleton) -> mesh.MeshPart:
    """An EEG cap: a tight cap and its electrodes; materials cloth, electrodes."""
    cap = headwear(model, grid, skeleton, "surgical-cap", 0.0)
    discs = []
    head = np.array([skeleton.index("head"), 0, 0, 0]), np.array([1.0, 0, 0, 0])
    for row in (3, 7, 11, 14):
        for column in range(0, 96, 12 if row > 3 else 24):
            if grid.height[row, column] > 0.06 or (column > 30 and column < 66):
                point, outward = grid.points[row, column], grid.outward[row, column]
                path = point + np.outer((0.010, 0.026), outward) * grid.size
                discs.append(mesh.tube("electrode", path, 0.007, *(np.tile(x, (2, 1)) for x in head), sides=8))
                discs.append(
                    mesh.tube(
                        "lid",
                        point + np.outer((0.0255, 0.026), outward) * grid.size,
                        0.004,
                        *(np.tile(x, (2, 1)) for x in head),
                        sides=8,
                    )
                )
    return mesh.join("electrode-cap", [cap, mesh.join("electrodes", discs)])


def _electrodes(dresser: Dresser) -> mesh.MeshPart:
    """ECG electrodes below the collar bones, their leads down over what is worn."""
    pieces = []
    for x, length in ((0.075, 0.30), (-0.075, 0.34), (0.045, 0.22)):
        z = 1.325 if abs(x) > 0.05 else 1.24
        path = np.array([(x, -0.10, z), (0.8 * x, -0.13, z - 0.12), (0.05, -0.14, z - length)])
        points, bones, weights = dresser.on_surface(path, 0.006, 24)
        pieces.append(mesh.tube("lead", points, 0.0020, bones, weights))
        out = np.outer((-0.006, 0.004), [0, -1.0, 0.2])
        pieces.append(mesh.tube("electrode", points[0] + out, 0.016, bones[:2], weights[:2], sides=12))
        pieces.append(mesh.tube("knob", points[0] + out * 1.6, 0.006, bones[:2], weights[:2], sides=8))
    whole = mesh.join("ecg-leads", pieces)
    return mesh.MeshPart("ecg-leads", whole.rest, whole.faces, whole.bones, whole.weights)


def _oximeter(dresser: Dresser, side: str) -> mesh.MeshPart:
    """A clip on the index finger."""
    skeleton = dresser.skeleton
    bone = skeleton.index(f"index_03_{side}")
    along = skeleton.direction(f"index_03_{side}")
    across = cross(along, [0.0, 0.0, 1.0])
    across = across / np.linalg.norm(across)
    axes = np.stack([along, across, cross(along, across)])
    centre = (skeleton.heads[bone] + skeleton.tails[bone]) / 2 + 0.006 * along
    return mesh.box(
        "pulse-oximeter", centre, axes, (0.021, 0.0115, 0.0125), np.array([bone, 0, 0, 0]), np.array([1.0, 0, 0, 0])
    )
