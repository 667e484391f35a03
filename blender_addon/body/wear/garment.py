"""Clothes on a body: each layer grown from the one below, then cut by its pattern."""

from __future__ import annotations

import functools
from typing import NamedTuple, Optional, Union

import numpy as np

from ..model import BodyModel
from ..skeleton import Skeleton
from ..vectors import cross
from . import mesh
from .falling import Ground, nearest
from .falling_clothes import GAP, FallingClothes
from .garment_shell import BodyCoordinates, GarmentShell, sheet
from .patterns import PATTERNS, WAIST, Pattern, ease, inside, neckline, under
from .reference import reference
from .torso_rings import Rings, rings

_EDGE = 0.005  # width of an edge of cloth that is turned in, metres
_COLUMNS = 64
_DRAPE = 1.6  # slope at which cloth falls beside what it lies on
_SPAN = 0.018  # metres for which it continues level before it falls
_FOLD = 0.004  # how much farther out what lies on fallen cloth is, metres
_FREE = 0.4  # skirts fall freely only if the thighs are more upright than this, 0..1
_SUNK = 0.10  # cloth less than this inside a thigh is moved on top of it, metres


class SurfacePath(NamedTuple):
    """A path over the clothes: points (k, 3) at rest, the bones (k, 4) that move them, how much each does."""

    points: np.ndarray
    bones: np.ndarray
    weights: np.ndarray


class Dresser:
    """A body being dressed from the skin outwards."""

    def __init__(
        self, model: BodyModel, rest: np.ndarray, skeleton: Skeleton, transforms: np.ndarray,
        ground: Optional[Ground] = None,
    ) -> None:  # fmt: skip
        trunk, *thighs = (transforms[skeleton.index(bone), :3, :3] for bone in ("spine_01", "thigh_l", "thigh_r"))
        # How upright trunk and thighs are, 1 standing to 0 lying: only then cloth hangs free of them.
        self._transforms = transforms
        self._trunk_upright = float(np.clip(trunk[2, 2], 0, 1))
        self._legs_upright = float(np.clip(min(thigh[2, 2] for thigh in thighs), 0, 1)) ** 1.5
        self.model, self.rest, self.skeleton = model, rest, skeleton
        self.sheet = sheet(model)
        self.outer = self.sheet.positions(rest)  # the outermost layer as it is sewn ...
        self.top = self.outer  # ... and as it lies; both at rest
        self._hanging: list = []  # points of skirts and coats worn so far
        self._fall = None if ground is None else FallingClothes(model, rest, transforms, ground)
        self._landmarks = np.array(_landmark_heights(skeleton))
        self.size = self._landmarks[-1] / _landmark_heights(reference(model).skeleton)[-1]

    def height(self, reference_height: Union[float, np.ndarray]) -> np.ndarray:
        """Heights on the reference body -> heights on this one, by the joints between them."""
        return np.interp(reference_height, _landmark_heights(reference(self.model).skeleton), self._landmarks)

    def wear(self, kind: str, above: tuple = (), crease: float = 0.0, collar: bool = True) -> mesh.MeshPart:
        """Put on a garment of ``PATTERNS`` over what is worn; the kinds worn ``above`` will hide parts of it.

        ``crease`` in 0..1 says where its folds fall; without ``collar`` it has none (under a head scarf).
        """
        pattern = PATTERNS[kind]
        sewn = surface = self._surface(pattern, crease)
        worn = (inside(pattern, self.sheet.places) > -0.02)[:, None]
        self.outer = np.where(worn, sewn, self.outer)
        hanging = skirt = self._skirt(kind, pattern, surface, crease) if pattern.skirt else None
        if self._fall is not None and not pattern.foot:
            free = self._legs_upright > _FREE  # otherwise ``_fallen`` has laid it on the thighs
            surface, hanging = self._fall.let_go(kind, self.top, surface, skirt, free)
        part = _cut_of(self.model, kind, above)
        at_waist = np.abs(part.mix(self.sheet.places.z) - pattern.hem) < 1e-3 if pattern.skirt else None
        pieces = [mesh.hemmed(self._sewn(kind, part, surface), _EDGE, at_waist)]
        if pattern.collar and collar:
            pieces.append(mesh.hemmed(self._collar(pattern, surface), _EDGE))
        self.top = np.where(worn, surface, self.top)
        if skirt is not None and hanging is not None:
            self._hanging.append(skirt.rest)
            first_row = np.arange(len(skirt.rest)) < len(_lattice(self.model, pattern.skirt, pattern.opening).angle)
            pieces.append(mesh.hemmed(hanging, _EDGE, first_row))
        return mesh.join(kind, pieces)

    def upper_trunk(self) -> np.ndarray:
        """(n, 3) points of the outermost layer on shoulders, chest and back."""
        at = self.sheet.places
        return self.top[(at.z > 1.12) & ((at.arm > 5) | (at.arm < 0.03))]

    def apron(self, crease: float) -> mesh.MeshPart:
        """An apron with a bib over everything worn, its band round the neck."""
        lattice = _apron_lattice(self.model)
        z, angle = self.height(lattice.z), lattice.angle
        trunk = self.sheet.places.on_arm < 0.3
        points = np.concatenate([self.outer[trunk & (self.sheet.places.z < 1.3)], *self._hanging])
        around = rings(points, float(self.height(1.3)), float(z[-1])).hanging(0.6 + 0.37 * self._legs_upright)
        drop = np.clip((lattice.z[0] - lattice.z) / 0.8, 0, 1)[:, None]
        radius = around.at(np.repeat(z[:, None], len(angle), 1), np.repeat(angle[None], len(z), 0))
        radius = radius + 0.008 * self.size + 0.012 * drop * _drapes(angle, crease)
        y = around.axis(z)[:, None] - radius * np.cos(angle)
        xyz = np.stack([radius * np.sin(angle), y, np.repeat(z[:, None], len(angle), 1)], axis=-1)
        half = np.radians(np.interp(-lattice.z, (-1.27, -1.08, -0.98, -0.46), (36, 62, 96, 92)))[:, None]
        part = mesh.cut(lattice.faces, (0.15 * (half - np.abs(angle)[None])).ravel())
        nearer = np.where(part.t > 0.5, part.high, part.low)
        panel = mesh.MeshPart(
            "apron", part.mix(xyz.reshape(-1, 3)), part.faces, lattice.bones[nearer], lattice.weights[nearer],
            uv=part.mix_corners(lattice.uv),
        )  # fmt: skip
        corner = 0.085
        loop = np.array([(-corner, -0.12, 1.265), (-0.075, -0.03, 1.40), (-0.05, 0.05, 1.43), (0.05, 0.05, 1.43),
                         (0.075, -0.03, 1.40), (corner, -0.12, 1.265)])  # fmt: skip
        return mesh.join("apron", [mesh.hemmed(panel, 0.004), self.ribbon("band", loop, 0.012, 0.006)])

    def on_surface(self, path: np.ndarray, away: float, count: int = 40) -> SurfacePath:
        """Lay a path of (k, 3) points of the reference body over the clothes, ``away`` metres outside them."""
        at = self.sheet.places
        along = np.linspace(0, len(path) - 1, count)
        fine = np.stack([np.interp(along, np.arange(len(path)), path[:, axis]) for axis in range(3)], axis=1)
        beside = nearest(fine, np.stack([at.x, at.y, at.z], axis=1))
        outward = mesh.normals(self.top, self.sheet.faces)
        points = self.top[beside] + outward[beside] * away * self.size
        for _ in range(4):
            points[1:-1] = (points[:-2] + 2 * points[1:-1] + points[2:]) / 4
        if self._fall is not None:  # between its points, folds are higher than the path
            high = np.einsum("kc,kc->k", points - self.top[beside], outward[beside])
            points += outward[beside] * np.maximum((away + _FOLD) * self.size - high, 0)[:, None]
        return SurfacePath(points, self.sheet.bones[beside], self.sheet.weights[beside])

    def ribbon(self, name: str, path: np.ndarray, width: float, away: float) -> mesh.MeshPart:
        """A flat band ``width`` metres wide along a path over what is worn (see ``on_surface``)."""
        points, bones, weights = self.on_surface(path, away)
        ahead = np.gradient(points, axis=0)
        middle = np.array([0.0, float(self.rest[:, 1].mean()), 0.0])
        across = cross(ahead, points - middle * [0, 1, 0] - [0, 0, 1] * points[:, 2:])
        across = across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9) * (width / 2)
        rest = np.stack([points - across, points + across], axis=1).reshape(-1, 3)
        faces = mesh.grid_faces(len(points), 2, closed=False)
        return mesh.hemmed(mesh.MeshPart(name, rest, faces, bones.repeat(2, 0), weights.repeat(2, 0)), 0.002)

    def _surface(self, pattern: Pattern, crease: float) -> np.ndarray:
        """The garment over the whole sheet."""
        at, faces = self.sheet.places, self.sheet.faces
        base = self.outer
        outward = mesh.normals(base, faces)
        surface = base + outward * (ease(pattern, at) * self.size)[:, None]
        if pattern.hang:
            surface = self._hung(pattern, surface)
        for _ in range(max(pattern.smooth // 4, 1)):
            surface = self.sheet.neighbours.smooth(surface, min(pattern.smooth, 4))
            surface = _kept_outside(surface, base, outward)
        surface = _apart(surface, at, self.sheet.left)
        if pattern.folds:
            surface = surface + outward * (pattern.folds * self.size * _folds(at, crease))[:, None]
            surface = _kept_outside(surface, base, outward)
        if self._hanging and pattern.neck:
            surface = self._outside_hanging(surface)
        return surface

    def _outside_hanging(self, surface: np.ndarray) -> np.ndarray:
        """Keep a top outside the skirts below it."""
        at = self.sheet.places
        under = np.concatenate(self._hanging)
        around = rings(under, float(under[:, 2].max()), float(self.height(0.78)))
        offset, wider = _beside(around, surface, 2 * GAP)
        within = (at.on_arm < 0.3) & (surface[:, 2] < around.z[0] + 0.02) & (at.z > 0.78)
        grown = np.where(within, np.maximum(wider, 1), 1)
        result = surface.copy()
        result[:, :2] += offset * (grown - 1)[:, None]
        return result

    def _hung(self, pattern: Pattern, surface: np.ndarray) -> np.ndarray:
        """Let the upper part of a garment hang from where the body is widest."""
        at = self.sheet.places
        on_trunk = (
            np.clip(1 - 2.5 * at.on_arm, 0, 1)
            * np.clip((1.27 - at.z) / 0.08, 0, 1)
            * np.clip((at.z - 0.80) / 0.04, 0, 1)
        )
        points = np.concatenate([surface[on_trunk > 0.3], *self._hanging])
        hang = pattern.hang * self._trunk_upright
        around = rings(points, float(self.height(1.30)), float(self.height(0.78))).hanging(hang)
        offset, wider = _beside(around, surface)
        grown = 1 + on_trunk * np.maximum(wider - 1, 0)
        result = surface.copy()
        result[:, :2] = surface[:, :2] + offset * (grown - 1)[:, None]
        return result

    def _sewn(self, name: str, part: mesh.Cut, surface: np.ndarray) -> mesh.MeshPart:
        bones, weights = _cut_weights(self.sheet, part)
        return mesh.MeshPart(name, part.mix(surface), part.faces, bones, weights, uv=part.mix_corners(self.sheet.uv))

    def _collar(self, pattern: Pattern, surface: np.ndarray) -> mesh.MeshPart:
        """A turned-down collar: a band round the neck that stands off more at its lower edge."""
        part = _collar_cut(self.model, pattern.collar)
        at = self.sheet.places
        depth = np.clip(neckline("crew", at) / pattern.collar + 0.4, 0, 1)
        outward = mesh.normals(surface, self.sheet.faces)
        around = self.sheet.neighbours.smooth(surface + outward * (0.003 + 0.010 * depth)[:, None], 2)
        return self._sewn("collar", part, around)

    def _skirt(self, kind: str, pattern: Pattern, surface: np.ndarray, crease: float) -> mesh.MeshPart:
        """The part of a garment that hangs from the waist."""
        lattice = _lattice(self.model, pattern.skirt, pattern.opening)
        at = self.sheet.places
        near = (at.on_arm < 0.3) & (at.z < WAIST + 0.06)
        points = np.concatenate([np.where((at.z > WAIST - 0.04)[:, None], surface, self.outer)[near], *self._hanging])
        z = self.height(lattice.z)
        top, bottom = float(self.height(WAIST + 0.05)), min(float(z[-1]), float(points[:, 2].min()))
        around = rings(points, top, bottom).hanging(0.6 + 0.37 * self._legs_upright)
        angle, depth = lattice.angle, (z[0] - z)[:, None]
        radius = around.at(np.repeat(z[:, None], len(angle), 1), np.repeat(angle[None], len(z), 0))
        loose = 0.003 + (pattern.hips - 0.003) * np.clip(depth / 0.15, 0, 1)
        free = pattern.flare * np.maximum(depth - 0.06, 0)
        free = free + 2.5 * pattern.folds * np.clip((depth - 0.04) / 0.4, 0, 1.5) * _drapes(angle, crease)
        radius = radius + loose * self.size + free * (0.1 + 0.9 * self._legs_upright)
        waist = _radius_at(surface[near], z[0], around.axis(z[:1])[0], angle) + 0.002
        radius = waist + (radius - waist) * np.clip(depth / 0.10, 0, 1) ** 2 * (3 - 2 * np.clip(depth / 0.10, 0, 1))
        centre = around.axis(z)[:, None]
        xyz = np.stack(
            [radius * np.sin(angle), centre - radius * np.cos(angle), np.repeat(z[:, None], len(angle), 1)], axis=-1
        )
        rest = self._fallen(xyz.reshape(-1, 3), lattice)
        return mesh.MeshPart(kind, rest, lattice.faces, lattice.bones, lattice.weights, uv=lattice.uv)

    def _fallen(self, rest: np.ndarray, lattice: Lattice) -> np.ndarray:
        """Let a skirt fall onto thighs that are not upright: it lies on them and on their support.

        This is computed in the pose and transformed back to the rest pose, so that the bones still move it.
        """
        falls = 1 - self._legs_upright
        if falls < 0.05:
            return rest
        at = self.sheet.places
        below = np.flatnonzero((at.on_arm < 0.3) & (at.z < WAIST + 0.05) & (at.z > min(lattice.z[-1], 0.5) - 0.1))[::2]
        shell_transforms = mesh.blended(self._transforms, self.sheet.bones[below], self.sheet.weights[below])
        body = mesh.moved(self.outer[below], shell_transforms).astype(np.float32)
        moves = mesh.blended(self._transforms, lattice.bones, lattice.weights)
        posed = mesh.moved(rest, moves)
        thighs = at.z[below] > 0.5
        lowest = float(body[thighs, 2].min())
        tent = _tent(posed, body)
        over = 0.012 * (1 + len(self._hanging))  # skirts that are already worn lie there, too
        top = np.maximum(tent, lowest - 0.008) + over
        outward = np.stack([np.sin(lattice.angle), -np.cos(lattice.angle), 0 * lattice.angle], axis=1)
        faces_up = np.einsum("vij,vj->vi", moves[:, :3, :3], np.tile(outward, (len(lattice.z), 1)))[:, 2] > 0.2
        sunk = faces_up & (posed[:, 2] < top) & (posed[:, 2] > top - _SUNK)
        height = np.where(sunk, top, np.minimum(posed[:, 2], top))
        under = np.maximum(height, lowest - 0.004)  # nothing hangs below a person who lies
        height = height + (1 - self._trunk_upright) * (under - height)
        posed[:, 2] += falls * (height - posed[:, 2])
        return mesh.moved(posed, np.linalg.inv(moves))


def _beside(around: Rings, surface: np.ndarray, away: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """(n, 2) offsets of a surface from the axis of ``around``, and how many times farther out the rings are, each
    widened by ``away`` metres."""
    y = around.axis(surface[:, 2])
    offset = surface[:, :2] - np.stack([np.zeros_like(y), y], axis=1)
    wanted = around.at(surface[:, 2], np.arctan2(offset[:, 0], -offset[:, 1])) + away
    return offset, wanted / np.maximum(np.linalg.norm(offset, axis=1), 1e-6)


def _tent(points: np.ndarray, body: np.ndarray) -> np.ndarray:
    """(n,) the height of a cloth over (m, 3) points of a body at (n, 3) points; it slopes down beside the body."""
    heights = []
    for block in np.array_split(points.astype(np.float32), 8):
        aside = np.hypot(block[:, None, 0] - body[None, :, 0], block[:, None, 1] - body[None, :, 1])
        heights.append((body[None, :, 2] - _DRAPE * np.maximum(aside - _SPAN, 0)).max(axis=1))
    return np.concatenate(heights)


def _radius_at(points: np.ndarray, z: float, y: float, angle: np.ndarray) -> np.ndarray:
    """(c,) the mean radius at the angles of the (n, 3) points near the height ``z``, about an axis at ``y``."""
    ring = points[np.abs(points[:, 2] - z) < 0.02]
    x, y = ring[:, 0], ring[:, 1] - y
    apart = np.arctan2(x, -y)[None] - angle[:, None]
    weight = np.exp((np.cos(apart) - 1) / 0.01) + 1e-9
    return (weight * np.hypot(x, y)).sum(axis=1) / weight.sum(axis=1)


@functools.lru_cache(maxsize=512)
def _cut_of(model: BodyModel, kind: str, above: tuple) -> mesh.Cut:
    """The part of the sheet that is the garment, without the parts that the kinds ``above`` hide."""
    whole = sheet(model)
    field = inside(PATTERNS[kind], whole.places)
    if above:
        field = np.minimum(field, -under(above, whole.places))
    return mesh.cut(whole.faces, field)


@functools.lru_cache(maxsize=32)
def _collar_cut(model: BodyModel, height: float) -> mesh.Cut:
    """The band round the neckline that a collar is, open in front under the chin."""
    whole = sheet(model)
    at = whole.places
    below = neckline("crew", at)
    field = np.minimum(below + 0.4 * height, 0.7 * height - below)
    gap = np.where(at.y < 0, np.abs(at.x) - 0.02, 1.0)
    return mesh.cut(whole.faces, np.where(at.on_arm > 0.3, -1.0, np.minimum(field, gap)))


def _cut_weights(whole: GarmentShell, part: mesh.Cut) -> mesh.VertexWeights:
    rows = np.stack([part.low, part.high], axis=1)
    nearer = np.where(part.t > 0.5, 1, 0)
    rows = rows[np.arange(len(rows)), nearer]  # on an edge, the bones of the nearer vertex are good enough
    return mesh.VertexWeights(whole.bones[rows], whole.weights[rows])


class Lattice:
    """Rows (heights on the reference body) and columns (angles) of cloth hanging around the trunk, with its bones.

    Attributes:
        z: (k,) heights from the top down; angle: (c,) radians, 0 in front.
        faces: (m, 4); bones, shares: (k * c, 4); uv: (m, 4, 2) metres around and down.
    """

    def __init__(self, model: BodyModel, z: np.ndarray, angle: np.ndarray, closed: bool) -> None:
        self.z, self.angle = z, angle
        self.faces = mesh.grid_faces(len(z), len(angle), closed)
        ref, whole = reference(model), sheet(model)
        at = whole.places
        near = np.flatnonzero((at.on_arm < 0.3) & ((at.leg < 0.82) | (at.leg > 5) | (z[-1] < 0.1)))
        around = rings(ref.rest[whole.rows].mean(axis=1)[near], max(float(z[0]), WAIST) + 0.05, float(z[-1])).hanging(
            0.8
        )
        heights, angles = np.repeat(z[:, None], len(angle), 1), np.repeat(angle[None], len(z), 0)
        radius = around.at(heights, angles)
        back = around.axis(heights.ravel()).reshape(heights.shape) - radius * np.cos(angles)
        points = np.stack([radius * np.sin(angles), back, heights], axis=-1).reshape(-1, 3)
        beside = near[nearest(points, np.stack([at.x, at.y, at.z], axis=1)[near])]
        dense = np.zeros((len(beside), len(model.bones)))
        np.put_along_axis(dense, whole.bones[beside], whole.weights[beside], axis=1)
        below = np.clip((WAIST - 0.1 - heights.ravel()) / 0.15, 0, 1)[:, None]  # cloth between the legs moves with both
        dense = dense + below * (mesh.Neighbours.of(self.faces, len(dense)).smooth(dense, 60) - dense)
        self.bones, self.weights = mesh.strongest(dense)
        columns = len(angle)
        j = self.faces[:, [0]] % columns + np.array([0, 0, 1, 1])
        turned = np.append(angle, angle[0] + 2 * np.pi)
        self.uv = np.stack([0.15 * turned[j], 0.4 + WAIST - z[self.faces // columns]], axis=-1)


@functools.lru_cache(maxsize=64)
def _lattice(model: BodyModel, bottom: float, opening: float) -> Lattice:
    half = max(opening, 0.0) / 0.14
    closed = opening < 0
    angle = np.linspace(half, 2 * np.pi - half, _COLUMNS + (0 if closed else 1), endpoint=not closed)
    return Lattice(model, np.linspace(WAIST + 0.01, bottom, max(int((WAIST - bottom) / 0.028), 2)), angle, closed)


@functools.lru_cache(maxsize=1)
def _apron_lattice(model: BodyModel) -> Lattice:
    return Lattice(model, np.linspace(1.27, 0.46, 30), np.radians(np.linspace(-100, 100, 45)), False)


def _landmark_heights(skeleton: Skeleton) -> tuple[float, ...]:
    """Heights of soles, ankles, knees, hips, waist, chest and neck at rest, rising."""
    bones = ("foot_l", "calf_l", "thigh_l", "spine_02", "spine_03", "neck_01", "head")
    return (0.0, *(float(skeleton.heads[skeleton.index(bone), 2]) for bone in bones))


def _kept_outside(surface: np.ndarray, base: np.ndarray, outward: np.ndarray) -> np.ndarray:
    """Push the (n, 3) points of a surface out to at least ``GAP`` from the one below it."""
    away = ((surface - base) * outward).sum(axis=1)
    return surface + outward * np.maximum(GAP - away, 0)[:, None]


def _apart(surface: np.ndarray, at: BodyCoordinates, left: np.ndarray) -> np.ndarray:
    """Keep the cloth of each leg on its side of the middle."""
    result = surface.copy()
    leg = at.on_leg > 0.6
    result[leg & left, 0] = np.maximum(surface[leg & left, 0], 0.003)
    result[leg & ~left, 0] = np.minimum(surface[leg & ~left, 0], -0.003)
    return result


def _folds(at: BodyCoordinates, crease: float) -> np.ndarray:
    """(n,) in -1..1: creases that run across limbs and trunk, strongest near the joints."""
    turn = 2 * np.pi * crease
    across = np.where(at.arm < 5, at.arm, np.where(at.leg < 5, at.leg, at.z))
    bent = across + 0.25 * at.x + 0.18 * at.y + 0.012 * np.sin(21 * at.y + 17 * at.x + 3 * turn)
    ridges = 1 - 2 * np.abs(np.sin(31 * bent + turn)) ** 0.8 + 0.6 * np.sin(57 * bent - 40 * at.x + 5 * turn)
    swells = np.sin(11 * at.x + 13 * at.z + 2 * turn) * np.sin(14 * at.y - 9 * at.z + turn)
    joint = np.exp(-(((at.arm - 0.24) / 0.08) ** 2)) + np.exp(-(((at.z - 0.475) / 0.09) ** 2))
    joint = joint + np.exp(-(((at.z - 0.10) / 0.05) ** 2)) + np.exp(-(((at.z - 0.93) / 0.09) ** 2))
    return ridges / 1.6 * (0.25 + 0.75 * np.minimum(joint, 1.0)) + 0.5 * swells


def _drapes(angle: np.ndarray, crease: float) -> np.ndarray:
    """(n,) the folds of a hanging cloth around the body, -1..1."""
    turn = 2 * np.pi * crease
    return 0.6 * np.sin(9 * angle + turn + 1.5 * np.sin(2 * angle + 3 * turn)) + 0.4 * np.sin(15 * angle - 2 * turn)
