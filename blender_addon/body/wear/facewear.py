"""Objects in front of the face: surgical mask, respirator, oxygen mask, face shield, glasses, beard."""

from __future__ import annotations

import numpy as np

from ..model import BodyModel
from ..skeleton import Skeleton
from . import mesh
from .features import centre_of
from .head import HeadGrid, head_frame, skull_rows
from .torso_rings import rings

MASKS = ("surgical-mask", "respirator", "oxygen-mask")
BEARDS = ("moustache", "goatee", "short-beard", "full-beard")
_COLUMNS, _ROWS = 41, 22


class Face:
    """The outer surface of a face by angle and height, for what lies on it."""

    def __init__(self, model: BodyModel, rest: np.ndarray, skeleton: Skeleton, grid: HeadGrid) -> None:
        self.model, self.rest, self.grid = model, rest, grid
        self.size, self.ear = head_frame(model, rest)
        rows = skull_rows(model)
        near = rows[np.abs(rest[rows, 2] - self.ear[2]) < 0.16 * self.size]
        axis = (grid.centre[1], grid.centre[1])
        self._rings = rings(rest[near], self.ear[2] + 0.1 * self.size, self.ear[2] - 0.13 * self.size, axis)
        self._head = skeleton.index("head")
        self.mouth = (centre_of(model, rest, "lips")[2] - self.ear[2]) / self.size

    def at(self, angle: np.ndarray, height: np.ndarray, away: np.ndarray | float) -> np.ndarray:
        """Points ``away`` metres before the face at angles (radians) and heights above the ears (average head)."""
        z = self.ear[2] + height * self.size
        radius = self._rings.at(z, angle) + np.asarray(away) * self.size
        return np.stack([radius * np.sin(angle), self.grid.centre[1] - radius * np.cos(angle), z], axis=-1)

    def kept_outside(self, points: np.ndarray, away: float) -> np.ndarray:
        """(..., 3) points, moved out to at least ``away`` metres in front of the face."""
        x, y = points[..., 0], points[..., 1] - self.grid.centre[1]
        least = self._rings.at(points[..., 2], np.arctan2(x, -y)) + away * self.size
        grown = np.maximum(least / np.maximum(np.hypot(x, y), 1e-6), 1)
        return np.stack([x * grown, y * grown + self.grid.centre[1], points[..., 2]], axis=-1)

    def patch(self, name: str, points: np.ndarray, inside: np.ndarray | None = None) -> mesh.MeshPart:
        """A piece of a (rows, columns, 3) grid of points that moves with the head."""
        rows, columns = points.shape[:2]
        faces = mesh.grid_faces(rows, columns, closed=False)
        uv = np.stack(np.meshgrid(np.arange(columns) * 0.005, np.arange(rows) * 0.005), axis=-1).reshape(-1, 2)
        rest, corners = points.reshape(-1, 3), uv[faces]
        if inside is not None:
            part = mesh.cut(faces, inside.ravel())
            rest, corners, faces = part.mix(rest), part.mix_corners(corners), part.faces
        return mesh.MeshPart(name, rest, faces, *self.bones(len(rest)), uv=corners)

    def bones(self, count: int) -> mesh.VertexWeights:
        """The weights of ``count`` vertices that move with the head alone."""
        return mesh.VertexWeights(np.tile([self._head, 0, 0, 0], (count, 1)), np.tile([1.0, 0, 0, 0], (count, 1)))

    def wire(self, name: str, path: np.ndarray, radius: float) -> mesh.MeshPart:
        """A tube on the head along (n, 3) ``path``."""
        return mesh.tube(name, path, radius * self.size, *self.bones(len(path)))


def face_mask(face: Face, kind: str) -> mesh.MeshPart:
    """A mask over nose and mouth, its bands behind the ears."""
    half = np.radians(64 if kind == "surgical-mask" else 52)
    u = np.linspace(-1, 1, _COLUMNS)[None]
    v = np.linspace(0, 1, _ROWS)[:, None]
    top = 0.006 - 0.020 * np.abs(u) ** 1.5
    bottom = face.mouth - (0.046 - 0.020 * np.abs(u) ** 2)
    height = top + (bottom - top) * v
    angle = np.broadcast_to(u * half, height.shape)
    away = 0.004 + 0.010 * (1 - u**4) * np.sin(np.pi * np.clip(v, 0, 1)) ** 0.7
    if kind == "surgical-mask":
        away = away + 0.0016 * np.abs(np.sin(3 * np.pi * v)) * (1 - u**2)
    else:
        cup = np.clip(1 - (u / 0.9) ** 2 - ((v - 0.55) / 0.62) ** 2, 0, 1)
        away = away + (0.026 if kind == "oxygen-mask" else 0.016) * cup**0.6
    points = face.at(angle, height, away)
    for _ in range(6):  # the sheet spans the hollows beside the nose and under the lip
        inner = points.copy()
        inner[1:-1, 1:-1] = (points[:-2, 1:-1] + points[2:, 1:-1] + points[1:-1, :-2] + points[1:-1, 2:]) / 4
        points = face.kept_outside(inner, 0.003)
    pieces = [mesh.hemmed(face.patch(kind, points), 0.003)]
    for sign in (-1.0, 1.0):
        for start in (top[0, 0] - 0.003, bottom[0, 0] + 0.003):
            t = np.linspace(0, 1, 8)
            around = half + (np.radians(104) - half) * t
            path = face.at(sign * around, start + (0.022 - start) * t, 0.004 + 0.012 * np.sin(np.pi * t / 2))
            pieces.append(face.wire("band", path, 0.0012 if kind != "oxygen-mask" else 0.0018))
    return mesh.join(kind, pieces)


def face_shield(face: Face) -> mesh.MeshPart:
    """A clear visor on a band round the forehead: materials clear, foam."""
    u = np.linspace(-1, 1, _COLUMNS)[None]
    v = np.linspace(0, 1, 8)[:, None]
    angle = np.broadcast_to(u * np.radians(82), (8, _COLUMNS))
    height = np.broadcast_to(0.082 - 0.20 * v, angle.shape)
    radius = (0.128 + 0.012 * v) * face.size
    visor = np.stack(
        [radius * np.sin(angle) * 0.82, face.grid.centre[1] - radius * np.cos(angle), face.ear[2] + height * face.size],
        -1,
    )
    rows = np.array([0.070, 0.094])[:, None]
    band_height = np.broadcast_to(rows, (2, _COLUMNS))
    band_angle = np.broadcast_to(u * np.radians(88), (2, _COLUMNS))
    radius = 0.124 * face.size
    band = np.stack(
        [radius * np.sin(band_angle) * 0.82, face.grid.centre[1] - radius * np.cos(band_angle),
         face.ear[2] + band_height * face.size], -1,
    )  # fmt: skip
    return mesh.join("face-shield", [face.patch("visor", visor), mesh.hemmed(face.patch("foam", band), 0.02)])


def glasses(face: Face, kind: str) -> mesh.MeshPart:
    """A pair of glasses: rims, bridge, temples."""
    model, rest = face.model, face.rest
    wire = {"thin": 0.0011, "thick": 0.0026}[kind]
    _, ear = face.size, face.ear
    pieces, rims = [], []
    turn = np.linspace(0, 2 * np.pi, 25)
    for side, sign in (("l", 1.0), ("r", -1.0)):
        ball = rest[model.group_vertices(f"helper-{side}-eye")]
        centre = ball.mean(axis=0) + np.array([0.001 * sign, 0, -0.003])
        front = ball[:, 1].min() - 0.014 * face.size
        oval = np.abs(np.cos(turn)) ** 0.8 * np.sign(np.cos(turn)), np.abs(np.sin(turn)) ** 0.8 * np.sign(np.sin(turn))
        bowed = 0.006 * (sign * oval[0] + 1)
        rim = np.stack([centre[0] + 0.0255 * face.size * oval[0], front + bowed * face.size,
                        centre[2] + 0.0195 * face.size * oval[1]], axis=1)  # fmt: skip
        pieces.append(face.wire("rim", rim, wire))
        rims.append(rim)
        hinge = rim[0 if sign > 0 else 12] + [0, 0.002, 0.006]
        side_of_head = np.array([ear[0] + sign * 0.079 * face.size, ear[1] - 0.004, ear[2] + 0.026 * face.size])
        behind = side_of_head + np.array([-sign * 0.003, 0.022, -0.012]) * face.size
        elbow = hinge + np.array([sign * 0.006, 0.008, 0])
        pieces.append(face.wire("temple", np.stack([hinge, elbow, side_of_head, behind]), wire))
    bridge = np.stack([rims[0][11], (rims[0][12] + rims[1][0]) / 2 + [0, -0.003, 0.003], rims[1][1]])
    pieces.append(face.wire("bridge", bridge, wire))
    whole = mesh.join("glasses", pieces)
    return mesh.MeshPart("glasses", whole.rest, whole.faces, whole.bones, whole.weights)


def beard_extent(kind: str, angle: np.ndarray, height: np.ndarray, mouth: float) -> np.ndarray:
    """Metres inside a beard at angles (radians from the front) and heights above the ears, of the average head."""
    a = np.abs(np.degrees(angle))
    lip = np.hypot(angle * 0.1 / 0.024, (height - mouth) / 0.0065) - 1
    away_from_lips = 0.01 * lip
    moustache = np.minimum(np.minimum(mouth + 0.022 - 0.0002 * a - height, height - mouth - 0.002), 0.0022 * (17 - a))
    if kind == "moustache":
        return np.minimum(moustache, away_from_lips)
    end = mouth - 0.075 if kind == "full-beard" else mouth - 0.062
    if kind == "goatee":
        chin = np.minimum(np.minimum(mouth + 0.02 - height, height - end), 0.0022 * (16 - a))
        return np.minimum(chin, away_from_lips)
    cheek = np.interp(
        a,
        (0, 14, 28, 50, 68, 80, 90),
        (mouth + 0.022, mouth + 0.021, mouth + 0.004, mouth + 0.010, mouth + 0.030, 0.004, 0.01),
    )
    jaw = np.interp(a, (0, 40, 70, 90), (end, end + 0.012, end + 0.030, mouth + 0.01))
    side = 0.0018 * (86 - a)
    return np.minimum(np.minimum(np.minimum(cheek - height, height - jaw), side), away_from_lips)


def beard(face: Face, kind: str, phase: float) -> mesh.MeshPart:
    """A beard as a shell that grows out of the skin."""
    angle, height = np.meshgrid(np.radians(np.linspace(-90, 90, 91)), np.linspace(0.02, face.mouth - 0.085, 48))
    inside = beard_extent(kind, angle, height, face.mouth)
    full = {"moustache": 0.006, "goatee": 0.010, "short-beard": 0.0055, "full-beard": 0.020}[kind]
    chin = np.exp(-((angle / 0.6) ** 2)) * np.clip((face.mouth - height) / 0.04, 0, 1)
    strands = np.sin(130 * angle + 7 * phase + 60 * height) + np.sin(83 * angle - 170 * height)
    away = 0.0012 + full * np.clip(inside / 0.012, 0, 1) ** 0.7 * (0.45 + 0.75 * chin) * (1 + 0.10 * strands)
    ragged = inside + 0.0012 * np.sin(61 * angle + 300 * height + 9 * phase)
    return face.patch("beard", face.at(angle, height, away), ragged)


def nasal_cannula(face: Face) -> np.ndarray:
    """(n, 3) the path of a nasal cannula's tube: from behind one ear under the nose to the other ear."""
    a = np.radians(np.linspace(-100, 100, 41))
    share = np.clip(np.abs(a) / np.radians(100), 0, 1)
    height = (face.mouth + 0.022) + (0.026 - face.mouth - 0.022) * np.clip((share - 0.12) / 0.75, 0, 1) ** 1.2
    return face.at(a, height, 0.003 + 0.010 * np.clip((share - 0.7) / 0.3, 0, 1))
