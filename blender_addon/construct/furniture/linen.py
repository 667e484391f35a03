"""Pillows, and blankets of empty beds, as solids in the bed's frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Optional

import numpy as np

from ...body.support import bed_profile
from ...draw.furniture.dimensions import PILLOW
from ..solids import Solid, cushion, sheet

_GRID = 40
_CLOTH = 0.012  # how far a blanket lies above the mattress, metres


class ColouredCloth(NamedTuple):
    """A piece of cloth, and the part of the bed whose colour it has: "blanket" or "linen"."""

    part: str
    solid: Solid


class ProfilePoints(NamedTuple):
    """Points (y, z) of a bed's bent profile, metres, and the normal of each: (n, 2) arrays."""

    points: np.ndarray
    normals: np.ndarray


def pillows(shape: Mapping, head: Optional[np.ndarray]) -> list[Solid]:
    """The bed's pillows; a head, (n, 3) points in the bed's frame, presses the uppermost one in.

    They lie on the back section, raised or not: their own frame has its origin at the section's upper end on
    the mattress, y down along the section, z off it.
    """
    count = int(shape["pillows"])
    if not count:
        return []
    (hip_y, hip_z), (end_y, end_z) = bed_profile(shape)[-2:]
    section = np.hypot(end_y - hip_y, end_z - hip_z)
    along = np.array([0.0, end_y - hip_y, end_z - hip_z]) / section
    normal = np.array([0.0, -along[2], along[1]])
    axes = np.stack([np.array([1.0, 0.0, 0.0]), along, normal])
    origin = np.array([0.0, end_y, end_z])
    pressing = None if head is None else (head - origin) @ axes.T
    beside = count == 2 and shape["width"] >= 1.3
    width = min(PILLOW.across, shape["width"] - 0.1, shape["width"] / 2 - 0.05 if beside else 9.0)
    if beside:
        found = [_pillow(x, width, 0.0, PILLOW.thickness, pressing) for x in (-shape["width"] / 4, shape["width"] / 4)]
    elif count == 2:
        upper, lower = _pillow(0.0, width, 0.075, 0.11, pressing), _pillow(0.0, width, 0.0, 0.1, pressing, 0.03)
        found = [lower, upper]
    else:
        found = [_pillow(0.0, width, 0.0, PILLOW.thickness, pressing)]
    return [Solid(solid.vertices @ axes + origin, solid.faces, solid.smooth) for solid in found]


def _pillow(x: float, width: float, base: float, height: float, head: Optional[np.ndarray], room: float = 0.0) -> Solid:
    """A cushion about ``x`` whose top is pressed in by the head, leaving ``room`` for another pillow between."""
    u, v = np.meshgrid(np.linspace(-1, 1, _GRID), np.linspace(-1, 1, _GRID), indexing="ij")
    swell = np.sqrt(np.clip((1 - np.abs(u) ** 4) * (1 - np.abs(v) ** 4), 0, 1))
    across = x + u * width / 2 * (0.93 + 0.07 * swell)
    along = -PILLOW.middle_from_end + v * PILLOW.along / 2 * (0.93 + 0.07 * swell)
    top = base + 0.02 + (height - 0.02) * swell
    if head is not None:
        top = np.maximum(np.minimum(top, _underside(head, across, along) + 0.006 - room), 0.012 if not base else 0.04)
    bottom = np.minimum(np.full_like(top, base - 0.004), top - 0.008)
    vertices = [np.stack([across, along, z], axis=-1).reshape(-1, 3) for z in (top, bottom)]
    upper = sheet(np.zeros((_GRID, _GRID, 3)), thick=1.0)
    return Solid(np.concatenate(vertices), upper.faces, upper.smooth)


def _underside(head: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """For every grid point the lowest point of the head within 12 mm, rising with distance beyond."""
    distance = np.hypot(x[..., None] - head[:, 0], y[..., None] - head[:, 1])
    slope = np.clip(distance - 0.012, 0.0, None) * 1.6  # a cushion rises gradually beside the head that presses on it
    return (head[:, 2] + slope).min(axis=-1)


def blanket(shape: Mapping) -> list[ColouredCloth]:
    """The parts of the blanket of an empty bed: made up, folded at the foot end, or left in a heap."""
    return _STATES[shape["blanket"]](shape)


def _made_up(shape: Mapping) -> list[ColouredCloth]:
    nodes = np.asarray(bed_profile(shape))
    length = np.linalg.norm(np.diff(nodes, axis=0), axis=1).sum()
    end = length * (1.0 - shape["fold"])
    hang = 0.5 * shape["mattress"] + (0.12 if shape["rails"] == "none" else 0.05)
    body = _laid_over(shape, nodes, np.concatenate([[0.0, 0.015], np.linspace(0.05, end, 30)]), hang, _CLOTH)
    turned = _laid_over(shape, nodes, np.linspace(end - 0.16, end + 0.02, 6), hang - 0.02, 2 * _CLOTH + 0.006)
    return [ColouredCloth("blanket", body), ColouredCloth("linen", turned)]


def _laid_over(shape: Mapping, nodes: np.ndarray, along: np.ndarray, hang: float, above: float) -> Solid:
    """Cloth over the mattress from ``along[0]`` to ``along[-1]`` metres from the foot end, its sides hanging down."""
    half, phase = shape["width"] / 2, shape["wrinkle"]
    across = np.concatenate([np.linspace(-half - hang, -half - 0.02, 5), np.linspace(-half, half, 17)])
    across = np.concatenate([across, np.linspace(half + 0.02, half + hang, 5)])
    grid = np.zeros((len(across), len(along), 3))
    places, normals = profile_at(nodes, along)
    for i, x in enumerate(across):
        over = max(abs(x) - half, 0.0)
        wave = 0.004 * np.sin(5.0 * x + 7.0 * along + phase) + 0.004 * np.sin(11.0 * x - 3.0 * along + 2 * phase)
        lift = above + (wave + 0.004 if over == 0 else 0.0)
        grid[i, :, 0] = np.clip(x, -half, half) + np.sign(x) * (
            0.018 * (over > 0) + over / hang * 0.008 * np.sin(23 * along + phase + i)
        )
        grid[i, :, 1] = places[:, 0] + normals[:, 0] * lift
        grid[i, :, 2] = places[:, 1] + normals[:, 1] * lift - over
    return sheet(grid)


def _folded(shape: Mapping) -> list[ColouredCloth]:
    """Folded up on the lower end of the mattress, lying along its slope."""
    nodes = np.asarray(bed_profile(shape))
    (y1, z1), (y2, z2) = nodes[:2]
    slope = float(np.degrees(np.arctan2(z2 - z1, y2 - y1)))
    half = shape["width"] / 2 - 0.04
    found = []
    for layer in range(3):
        inset = 0.008 * layer * np.sin(shape["wrinkle"] + layer)
        low = (-half + inset, 0.07 + inset, 0.036 * layer)
        slab = cushion(low, (half - inset, 0.42 + inset, 0.036 * (layer + 1) - 0.002), 0.016)
        found.append(ColouredCloth("blanket", slab.turned(slope, "x").moved(y=y1, z=z1)))
    return found


def _rumpled(shape: Mapping) -> list[ColouredCloth]:
    """Thrown back: a heap of ridges over part of the bed, flat where it ends."""
    nodes = np.asarray(bed_profile(shape))
    length = np.linalg.norm(np.diff(nodes, axis=0), axis=1).sum()
    phase, half = shape["wrinkle"], shape["width"] / 2
    side = np.sign(np.sin(3 * phase)) or 1.0
    u, v = np.meshgrid(np.linspace(-1, 1, 40), np.linspace(-1, 1, 52), indexing="ij")
    reach = 0.5 * length * (1.0 - shape["fold"]) + 0.1
    along = 0.03 + reach + reach * v * (0.93 + 0.07 * np.sin(3 * u + phase))
    across = side * 0.1 * half + half * 1.02 * u * (0.88 + 0.12 * np.sin(2.3 * v + 2 * phase))
    ridges = np.zeros_like(u)
    for k, (size, turn) in enumerate(((2.0, 0.4), (3.1, 1.3), (4.7, 2.2), (7.9, 0.9), (12.0, 1.8))):
        way = np.cos(turn + phase * 0.3 * k) * u + np.sin(turn + phase * 0.3 * k) * v
        ridges += (1.0 - np.abs(np.sin(size * way + phase * (k + 1)))) ** 1.5 / (1.0 + 0.7 * k)
    window = np.clip(1.0 - np.maximum(np.abs(u), np.abs(v)) ** 5, 0.0, 1.0)
    heap = (0.05 + 0.1 * np.sin(phase) ** 2) * (0.4 + np.exp(-3.0 * ((u - 0.3 * side) ** 2 + (v - 0.35) ** 2)))
    lift = _CLOTH + window * ridges * heap
    lift = np.where(window > 0, lift, 0.004)
    places, normals = profile_at(nodes, np.clip(along, 0.0, length).reshape(-1))
    over = np.clip(np.abs(across) - half, 0.0, None)
    y = places[:, 0].reshape(u.shape) + normals[:, 0].reshape(u.shape) * lift
    z = places[:, 1].reshape(u.shape) + normals[:, 1].reshape(u.shape) * lift - 2.5 * over
    across = np.clip(across, -half - 0.02, half + 0.02)
    return [ColouredCloth("blanket", sheet(np.stack([across, y, z], axis=-1)))]


def profile_at(nodes: np.ndarray, along: np.ndarray) -> ProfilePoints:
    """Points and unit normals of the profile ``nodes`` (y, z) at distances in metres from its first node.

    Within 5 cm of a hinge the normal turns gradually from the one section's to the other's.
    """
    steps = np.diff(nodes, axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    starts = np.concatenate([[0.0], np.cumsum(lengths)])
    points = np.column_stack([np.interp(along, starts, nodes[:, axis]) for axis in (0, 1)])
    normals = np.column_stack([-steps[:, 1], steps[:, 0]]) / lengths[:, None]
    middles = (starts[:-1] + starts[1:]) / 2
    near = np.clip(0.05, 0.0, lengths / 2)
    places = np.column_stack([starts[:-1] + near, middles, starts[1:] - near]).reshape(-1)
    smooth = np.column_stack([np.interp(along, places, np.repeat(normals[:, axis], 3)) for axis in (0, 1)])
    return ProfilePoints(points, smooth / np.linalg.norm(smooth, axis=1)[:, None])


_STATES = {"made": _made_up, "folded": _folded, "rumpled": _rumpled}
