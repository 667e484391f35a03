"""Visible, covered, occluded and cut-off parts of an instance.

Visible pixels are rendered. Hidden ones are found by rays through the same pixel centres into the isolated instance,
where the image shows something near enough to hide it: exact for any mesh and any lens. Instances with see-through
surfaces are rendered a second time, without all others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple, Optional

import numpy as np

from ..construct.scene import BuiltInstance, BuiltScene
from ..dataset_format import boxes
from ..draw.projection import project, rays, sees, to_camera
from ..draw.spec import SceneSpec
from .geometry import Surface
from .isolated_instance import IsolatedInstance
from .pass_indices import UNKNOWN, PassIndices
from .sight import depth_clip

# Beyond the frame, a cut-off instance is searched on a film this many times the image's size, with this many rays:
# first over the whole film, then around what was found.
_FILM, _LOOK, _MEASURE = 3, 5_000, 20_000
_DEPTH_ROUNDING = 1e-3  # metres


@dataclass(frozen=True)
class Visibility:
    """Masks are (H, W) bool of the image; boxes ``[x, y, w, h]`` pixels; fractions 0..1.

    ``hidden_by`` says which owner hides which fraction of the silhouette; with ``visible_fraction`` it sums to 1.
    """

    visible: np.ndarray
    covered: np.ndarray
    silhouette: np.ndarray
    amodal_unclipped: Optional[list[float]]
    visible_fraction: float
    covered_fraction: float
    in_frame_fraction: float
    hidden_by: dict[str, float]


def measure_all(
    built: BuiltScene,
    shown: np.ndarray,
    depth: np.ndarray,
    indices: PassIndices,
    surfaces: Sequence[Surface],
    rendered_alone: Mapping[int, np.ndarray] = MappingProxyType({}),
) -> list[Visibility]:
    """Measure every instance of ``built``, in order.

    Args:
        rendered_alone: (H, W) bool by id: where instances with see-through surfaces are seen without all others.
        shown: (H, W) int, the pass index of each pixel.
        depth: (H, W) metres as ``LabelMapRenderer.instance_and_depth_map`` gives it.
        surfaces: of each instance.
    """
    rows, columns = np.indices(shown.shape)
    centres = np.stack([columns.ravel(), rows.ravel()], axis=1) + 0.5
    directions = rays(built.spec.camera, built.spec.size, centres)
    return [
        _measure(_View(built, shown, depth, directions, indices), instance, surface, rendered_alone.get(instance.id))
        for instance, surface in zip(built.instances, surfaces)
    ]


class _View(NamedTuple):
    """What the camera sees: pass index (H, W) and depth (H, W) of each pixel, and the direction of its ray (H W, 3)."""

    built: BuiltScene
    shown: np.ndarray
    depth: np.ndarray
    directions: np.ndarray
    indices: PassIndices


def _measure(
    view: _View, instance: BuiltInstance, surface: Surface, rendered_alone: Optional[np.ndarray]
) -> Visibility:
    spec, shown = view.built.spec, view.shown
    visible = shown == instance.id
    isolated = IsolatedInstance(spec.camera, surface, depth_clip(view.built))
    silhouette = visible.copy() if rendered_alone is None else visible | rendered_alone
    if rendered_alone is None:
        # The depth is infinite where the lens sees nothing.
        hideable = np.flatnonzero(~visible & (view.depth <= _farthest(spec, surface)))
        silhouette.ravel()[hideable[isolated.hit_by(view.directions[hideable])]] = True
    covered = visible | (silhouette & np.isin(shown, view.indices.bedding_of[instance.id]))
    whole = max(int(silhouette.sum()), 1)
    unclipped, in_frame = boxes.mask_extent(silhouette), 1.0 if silhouette.any() else 0.0
    if unclipped is not None and _touches_edge(silhouette):
        unclipped, in_frame = _beyond_the_frame(spec, isolated, surface.vertices, silhouette, unclipped)
    numbers, counts = np.unique(shown[silhouette & ~visible], return_counts=True)
    hidden_by: dict[str, float] = {}
    for number, count in zip(numbers.tolist(), counts.tolist()):
        owner = view.indices.by_index.get(number, UNKNOWN)
        hidden_by[owner] = hidden_by.get(owner, 0.0) + count / whole
    return Visibility(
        visible=visible,
        covered=covered,
        silhouette=silhouette,
        amodal_unclipped=unclipped,
        visible_fraction=int(visible.sum()) / whole,
        covered_fraction=int(covered.sum()) / whole,
        in_frame_fraction=in_frame,
        hidden_by=dict(sorted(hidden_by.items())),
    )


def _farthest(spec: SceneSpec, surface: Surface) -> float:
    """The largest depth of the surface, counted as the depth map does; minus infinity where there is none."""
    away = to_camera(spec.camera, surface.vertices)
    away = np.linalg.norm(away, axis=1) if spec.camera.polynomial else away[:, 2]
    return float(away.max(initial=-np.inf)) + _DEPTH_ROUNDING


def _touches_edge(mask: np.ndarray) -> bool:
    return bool(mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any())


def _beyond_the_frame(
    spec: SceneSpec,
    isolated: IsolatedInstance,
    vertices: np.ndarray,
    silhouette: np.ndarray,
    extent_inside: Sequence[float],
) -> tuple[list[float], float]:
    """The unclipped amodal box, and the fraction of the silhouette that lies inside the frame.

    Inside the frame ``silhouette`` and its ``extent_inside`` [x, y, w, h] count; beyond it a grid of rays as far as the
    film reaches.
    """
    size = np.asarray(spec.size, dtype=np.float64)
    film = -(_FILM - 1) / 2 * size, (_FILM + 1) / 2 * size
    x1, y1, w, h = extent_inside
    sides = [x1, y1, x1 + w, y1 + h]
    found, pitch = _outside(spec, isolated, *film, _LOOK)
    corners = project(spec.camera, spec.size, vertices)
    found = np.concatenate([found, corners[np.isfinite(corners).all(axis=1)], [sides[:2], sides[2:]]])
    low = np.maximum(found.min(axis=0) - 2 * pitch, film[0])
    high = np.minimum(found.max(axis=0) + 2 * pitch, film[1])
    beyond, pitch = _outside(spec, isolated, low, high, _MEASURE)
    if len(beyond):
        extent = [*(beyond.min(axis=0) - pitch / 2), *(beyond.max(axis=0) + pitch / 2)]
        for side, (limit, choose) in enumerate(((0, min), (0, min), (size[0], max), (size[1], max))):
            if sides[side] == limit:
                sides[side] = choose(limit, float(extent[side]))
    # Outwards to two decimals, so that the box holds those inside it however it is written.
    x1, y1 = (np.floor(side * 100) / 100 + 0.0 for side in sides[:2])
    x2, y2 = (np.ceil(side * 100) / 100 for side in sides[2:])
    inside = int(silhouette.sum())
    return [float(x1), float(y1), round(float(x2 - x1), 2), round(float(y2 - y1), 2)], inside / (
        inside + len(beyond) * pitch**2
    )


def _outside(
    spec: SceneSpec, isolated: IsolatedInstance, low: np.ndarray, high: np.ndarray, count: int
) -> tuple[np.ndarray, float]:
    """The (N, 2) pixels outside the frame that meet the instance, of about ``count`` between ``low`` and ``high``.

    They lie on a square grid that begins at the frame's corner; its spacing in pixels comes second.
    """
    size = np.asarray(spec.size)
    area = np.prod(high - low) - np.prod(np.maximum(np.minimum(high, size) - np.maximum(low, 0), 0))
    pitch = float(np.sqrt(max(area, 1.0) / count))
    first, last = np.floor(low / pitch), np.ceil(high / pitch)
    grid = np.stack(np.meshgrid(*(np.arange(a, b) for a, b in zip(first, last))), axis=-1).reshape(-1, 2)
    grid = (grid + 0.5) * pitch
    grid = grid[((grid < 0) | (grid > size)).any(axis=1)]
    grid = grid[sees(spec.camera, spec.size, grid)]
    hit = isolated.hit_by(rays(spec.camera, spec.size, grid))
    return grid[hit], pitch
