"""Hair: shells over the head that grow out of the hairline, and tails, buns and braids."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from ..model import BodyModel
from ..skeleton import Skeleton
from . import hair_locks, mesh
from .head import HeadGrid, head_weights, shell

# The hairline of the average head: angle in degrees from the front, height in metres above the ears.
_ANGLES = (0, 25, 45, 62, 75, 84, 97, 110, 125, 150, 180)
_HAIRLINE = (0.099, 0.097, 0.088, 0.058, 0.022, 0.004, 0.034, 0.020, -0.030, -0.052, -0.058)
_RECEDED = (0.112, 0.122, 0.128, 0.088, 0.036, 0.006, 0.034, 0.020, -0.030, -0.052, -0.058)
_EAR_ANGLE = 97.0


@dataclass(frozen=True)
class Style:
    """A way to wear hair; metres on the average head.

    Attributes:
        top, side, back: how thick the hair is there.
        length: how far it falls below the ears at the back, 0 ends at the hairline; before: the same beside the
            face; fringe: how far it falls over the forehead.
        clumps: depth of the grooves between strands; curl: depth of curls.
        parting: how far to the body's left the parting is, metres; 0 has none.
        receded: a high forehead; bare_crown: degrees of elevation above which there is no hair.
        extra: "ponytail", "bun", "high-bun" or "braids".
    """

    top: float
    side: float
    back: float
    length: float = 0.0
    before: float = 0.0
    fringe: float = 0.0
    clumps: float = 0.0015
    curl: float = 0.0
    parting: float = 0.0
    receded: bool = False
    bare_crown: float = 91.0
    extra: str = ""


STYLES: Mapping[str, Style] = {
    "cropped": Style(0.008, 0.006, 0.007, clumps=0.001),
    "thinning": Style(0.007, 0.008, 0.009, receded=True, clumps=0.001),
    "receding": Style(0.009, 0.008, 0.009, receded=True),
    "crown-bald": Style(0.008, 0.009, 0.010, receded=True, bare_crown=52.0),
    "short": Style(0.016, 0.009, 0.010, clumps=0.002),
    "side-part": Style(0.022, 0.010, 0.012, parting=0.034, clumps=0.0025),
    "tousled": Style(0.026, 0.014, 0.015, fringe=0.016, curl=0.003, clumps=0.004),
    "curly": Style(0.032, 0.024, 0.026, curl=0.006, clumps=0.0),
    "afro": Style(0.062, 0.056, 0.058, curl=0.005, clumps=0.0),
    "bob": Style(0.018, 0.020, 0.022, length=0.085, before=0.075, fringe=0.02, clumps=0.002),
    "long": Style(0.016, 0.017, 0.018, length=0.24, before=0.13, parting=0.001, clumps=0.0025),
    "long-wavy": Style(0.020, 0.024, 0.026, length=0.22, before=0.14, parting=0.02, curl=0.004, clumps=0.003),
    "ponytail": Style(0.010, 0.007, 0.009, clumps=0.0018, extra="ponytail"),
    "bun": Style(0.010, 0.007, 0.009, clumps=0.0018, extra="bun"),
    "high-bun": Style(0.010, 0.007, 0.009, clumps=0.0018, extra="high-bun"),
    "braids": Style(0.010, 0.008, 0.009, parting=0.001, clumps=0.002, extra="braids"),
}
PAINTED = ("bald", "buzz")  # styles without geometry: the skin alone shows them
KINDS = (*PAINTED, *STYLES)


def hairline(style: str, angle: np.ndarray) -> np.ndarray:
    """The height above the ears, metres on the average head, where the hair of a style begins at the angles."""
    receded = style in STYLES and STYLES[style].receded
    degrees = np.abs(np.degrees((angle + np.pi) % (2 * np.pi) - np.pi))
    return np.interp(degrees, _ANGLES, _RECEDED if receded else _HAIRLINE)


def hair(
    model: BodyModel,
    rest: np.ndarray,
    skeleton: Skeleton,
    grid: HeadGrid,
    style: str,
    phase: float,
    below: np.ndarray | None = None,
    most: float = 1.0,
    in_locks: bool = False,
) -> mesh.MeshPart | None:
    """Hair of a ``style``, None where it is only painted on the skin. ``phase`` in 0..1 says how strands fall.

    Only the part below ``below`` is made ((C,) metres above the ears at the grid's angles: a hat's rim), and
    nothing thicker than ``most`` metres. It is one shell, or ``in_locks`` locks over a thinner shell; the colour of
    their vertices is then how light they are, 1 on average.
    """
    if style in PAINTED:
        return None
    cut = STYLES[style]
    inside, thickness = _extent(cut, style, grid, phase, parted=0.35 if in_locks else 0.75)
    thickness = np.minimum(thickness, most)
    if below is not None:
        inside = np.minimum(inside, below + 0.015 - grid.height)
        thickness = np.minimum(thickness, 0.005 + 0.35 * np.maximum(below - grid.height, 0))
    base = np.where((grid.height < -0.02)[..., None], grid.draped, grid.points) if cut.length else grid.points
    weights = head_weights(model, grid, skeleton, 0.85 if cut.length else 0.0)
    loose = bool(cut.extra) and below is None and most >= 1
    if in_locks:
        return _in_locks(skeleton, grid, style, phase, _Surface(base, inside, thickness, weights), loose)
    points = base + grid.outward * (thickness * grid.size)[..., None]
    pieces = [mesh.hemmed(shell("hair", grid, points, inside, *weights), 0.004 * grid.size)]
    if loose:
        pieces += [_tail(cut.extra, tail) for tail in _TAILS[cut.extra](skeleton, grid)]
    return _joined(pieces)


def _joined(pieces: Sequence[mesh.MeshPart]) -> mesh.MeshPart:
    whole = mesh.join("hair", pieces)
    colour = np.concatenate([piece.colour for piece in pieces])
    return mesh.MeshPart("hair", whole.rest, whole.faces, whole.bones, whole.weights, uv=whole.uv, colour=colour)


class _Surface(NamedTuple):
    """What hair lies on.

    Attributes:
        base: (R, C, 3) points; inside: (R, C) metres inside the ends of the hair; thickness: (R, C) metres.
        weights: of the R * C points.
    """

    base: np.ndarray
    inside: np.ndarray
    thickness: np.ndarray
    weights: mesh.VertexWeights


_UNDER_LOCKS = 0.74  # how light the shell below the locks is
_ENDS_BEFORE = (0.008, 0.030)  # metres: how much earlier than the locks the shell ends at the hairline, and hanging


def _in_locks(
    skeleton: Skeleton, grid: HeadGrid, style: str, phase: float, surface: _Surface, loose: bool
) -> mesh.MeshPart:
    cut, growing = STYLES[style], hair_locks.LOCKS[style]
    rooted = np.minimum(grid.height - hairline(style, grid.angle[None]), surface.inside)
    growth = hair_locks.Growth(surface.inside, rooted, surface.thickness, cut.parting)
    pieces = [hair_locks.locks(grid, surface.base, growth, growing, surface.weights, phase)]
    if growing.fullness:
        thickness = growing.fullness * surface.thickness * np.clip(0.15 + rooted / 0.03, 0, 1)
        points = surface.base + grid.outward * (thickness * grid.size)[..., None]
        hanging = np.clip((surface.inside - rooted) / 0.02, 0, 1)
        early = _ENDS_BEFORE[0] + (_ENDS_BEFORE[1] - _ENDS_BEFORE[0]) * hanging
        under = shell("hair", grid, points, surface.inside - early, *surface.weights)
        pieces.append(replace(under, colour=np.full((len(under.rest), 3), _UNDER_LOCKS)))
    if loose:
        for tail in _TAILS[cut.extra](skeleton, grid):
            core = _tail(cut.extra, tail._replace(radius=0.8 * tail.radius))
            pieces += [replace(core, colour=np.full((len(core.rest), 3), _UNDER_LOCKS)), _wound(cut.extra, tail, phase)]
    return _joined(pieces)


def _extent(cut: Style, style: str, grid: HeadGrid, phase: float, parted: float) -> tuple[np.ndarray, np.ndarray]:
    """(R, C) how far inside the hair each ray is, and how thick the hair is there, both in metres; a parting takes the
    fraction ``parted`` of the thickness away."""
    angle, height = grid.angle[None], grid.height
    degrees = np.abs(np.degrees((angle + np.pi) % (2 * np.pi) - np.pi))
    ragged = 0.004 * np.sin(17 * angle + 6.3 * phase) + 0.003 * np.sin(29 * angle - 11 * phase)
    line = hairline(style, angle) + 0.3 * ragged
    on_skin = height - line
    ends = line
    if cut.length:
        falling = np.clip((degrees - 60) / 12, 0, 1)
        length = cut.before + (cut.length - cut.before) * np.clip((degrees - 80) / 70, 0, 1)
        ends = line + falling * (np.minimum(line, -length) - line) + 2 * ragged * falling
    if cut.fringe:
        ends = ends - cut.fringe * np.clip((58 - degrees) / 20, 0, 1) + 1.5 * ragged
    inside = height - ends
    round_head = np.clip((degrees - 40) / 50, 0, 1), np.clip((degrees - 100) / 50, 0, 1)
    low = cut.side * round_head[0] + (1 - round_head[0]) * cut.top
    low = low + (cut.back - low) * round_head[1]
    upward = np.clip(height / 0.11, 0, 1)
    thickness = low + (cut.top - low) * upward**1.5
    over_ear = np.exp(-(((degrees - _EAR_ANGLE) / 16) ** 2) - ((height + 0.005) / 0.045) ** 2)
    if cut.length:
        thickness = thickness + 0.020 * over_ear
        thickness = thickness * np.clip(1.15 + 1.2 * height, 0.7, 1)
    grown = np.clip(np.where(inside > on_skin + 0.002, inside, on_skin) / 0.022, 0, 1)
    if not cut.length:
        thickness = thickness * (0.10 + 0.90 * np.sqrt(grown))
    else:
        thickness = thickness * (0.35 + 0.65 * np.sqrt(grown))
    if cut.bare_crown < 90:
        rows = np.linspace(90, 0, int((height > 0.0199).all(axis=1).sum()) or 1)
        elevation = np.interp(np.arange(len(height)), np.arange(len(rows)), rows)[:, None]
        bare = np.radians(cut.bare_crown + 8 * np.sin(2 * angle + 6 * phase) - elevation) * 0.1
        inside = np.minimum(inside, np.where(degrees < 125, bare - 0.02 * np.cos(np.radians(degrees)), bare))
        thickness = thickness * np.clip(0.3 + bare / 0.03, 0.1, 1)
    across = grid.points[..., 0] / grid.size
    if cut.parting:
        front = np.clip((100 - degrees) / 30, 0, 1) * np.clip((height - 0.03) / 0.05, 0, 1)
        thickness = thickness * (1 - parted * front * np.exp(-(((across - cut.parting) / 0.005) ** 2)))
    row = np.arange(len(height))[:, None]
    strands = np.sin(37 * angle + 0.13 * row + 7 * phase) + 0.8 * np.sin(23 * angle - 0.21 * row - 19 * phase)
    thickness = thickness + cut.clumps * 0.6 * strands * np.clip(grown, 0.2, 1) * np.clip(row / 6, 0, 1)
    if cut.curl:
        curls = np.sin(19 * angle + 1.7 * row + 5 * phase) * np.sin(13 * angle - 1.3 * row + 9 * phase)
        curls = curls + 0.6 * np.sin(31 * angle - 0.9 * row) * np.sin(2.3 * row + 3 * phase)
        thickness = thickness + cut.curl * curls * np.clip(row / 5, 0, 1)
    return inside, np.maximum(thickness, 0.0012)


class _Tail(NamedTuple):
    """A strand of tied hair: its (n, 3) path, (n,) radii, and (n, 4) weights."""

    path: np.ndarray
    radius: np.ndarray
    weights: mesh.VertexWeights


def _tied(skeleton: Skeleton, path: np.ndarray, radius: np.ndarray, with_trunk: np.ndarray) -> _Tail:
    """A strand that goes with the trunk as far as (n,) ``with_trunk``."""
    bones = np.tile([skeleton.index("head"), skeleton.index("spine_03"), 0, 0], (len(path), 1))
    weights = np.stack([1 - with_trunk, with_trunk, 0 * with_trunk, 0 * with_trunk], axis=1)
    return _Tail(path, radius, mesh.VertexWeights(bones, weights))


def _tail(name: str, tail: _Tail) -> mesh.MeshPart:
    """The strand as one solid."""
    path = tail.path
    piece = mesh.tube(name, path, 1.0, *tail.weights, sides=10)
    rest = (
        np.repeat(path, 10, axis=0) + (piece.rest - np.repeat(path, 10, axis=0)) * np.repeat(tail.radius, 10)[:, None]
    )
    around = np.tile(np.arange(10), len(path))
    uv = np.stack([around * 0.01, np.repeat(np.linspace(0, 0.3, len(path)), 10)], axis=1)
    return mesh.MeshPart(name, rest, piece.faces, piece.bones, piece.weights, uv=uv[piece.faces])


def _wound(kind: str, tail: _Tail, phase: float) -> mesh.MeshPart:
    """The locks around a strand."""
    if kind in ("bun", "high-bun"):
        axis = tail.path[-1] - tail.path[0]
        first = mesh.VertexWeights(tail.weights.bones[0], tail.weights.weights[0])
        return hair_locks.coil(
            tail.path.mean(axis=0), axis / np.linalg.norm(axis), float(tail.radius.max()), first, phase
        )
    return hair_locks.tress(tail.path, tail.radius, tail.weights, phase, twist=3.0 if kind == "braids" else 0.1)


def _behind(grid: HeadGrid, height: float) -> np.ndarray:
    """(3,) the point of the back of the head at ``height`` metres above the ears."""
    row = int(np.abs(grid.height[:, 48] - height).argmin())
    return grid.points[row, 48]


def _ponytail(skeleton: Skeleton, grid: HeadGrid) -> list[_Tail]:
    start = _behind(grid, 0.055)
    t = np.linspace(0, 1, 16)
    out = np.array([0.0, 0.05, 0.0]) * np.sin(np.pi * np.clip(t * 1.6, 0, 1))[:, None]
    drop = np.array([0.0, 0.0, -0.27]) * (t**1.3)[:, None]
    path = start + [0, 0.008, 0] + (out + drop + np.array([0.0, 0.035, 0.0]) * t[:, None]) * grid.size
    radius = (0.011 + 0.016 * np.sin(np.pi * np.clip(t * 0.9 + 0.05, 0, 1))) * grid.size
    radius[-1] = 0.002
    return [_tied(skeleton, path, radius, 0.6 * np.clip(2 * t - 0.8, 0, 1))]


def _bun(height: float) -> Callable[[Skeleton, HeadGrid], list[_Tail]]:
    def build(skeleton: Skeleton, grid: HeadGrid) -> list[_Tail]:
        lifted = _behind(grid, height)
        outward = lifted - grid.centre
        outward = outward / np.linalg.norm(outward)
        t = np.linspace(-1, 1, 11)
        path = lifted + np.outer(0.004 + 0.026 * (t + 1) / 2 * 1.6, outward) * grid.size
        radius = 0.034 * np.sqrt(np.clip(1 - t**2, 0.01, 1)) * grid.size
        return [_tied(skeleton, path, radius, np.zeros(len(t)))]

    return build


def _braids(skeleton: Skeleton, grid: HeadGrid) -> list[_Tail]:
    tails = []
    for column in (30, 66):
        row = int(np.abs(grid.height[:, column] + 0.015).argmin())
        below = np.arange(row, len(grid.points) - 4)
        path = grid.points[below, column] + grid.outward[below, column] * 0.012 * grid.size
        path = path + np.array([0.0, -0.05, 0.0]) * np.linspace(0, 1, len(below))[:, None] ** 2
        fine = np.linspace(0, len(path) - 1, 40)
        path = np.stack([np.interp(fine, np.arange(len(path)), path[:, axis]) for axis in range(3)], axis=1)
        t = np.linspace(0, 1, len(path))
        radius = (0.013 - 0.004 * t) * (1 + 0.22 * np.abs(np.sin(np.pi * 11 * t))) * grid.size
        radius[-1] = 0.002
        tails.append(_tied(skeleton, path, radius, 0.9 * np.clip(1.6 * t, 0, 1)))
    return tails


_TAILS: Mapping[str, Callable[[Skeleton, HeadGrid], list[_Tail]]] = {
    "ponytail": _ponytail, "bun": _bun(0.045), "high-bun": _bun(0.105), "braids": _braids,
}  # fmt: skip
