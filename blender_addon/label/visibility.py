"""What of an instance is seen, what its cover hides, what other things hide, what the frame cuts off.

Amodal silhouettes are renders of the instance alone, by the same rays as the picture's map: exact for any
mesh and any lens. Instances that cannot overlap in the picture share a render.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np

from ..build.scene import BuiltInstance, BuiltScene
from ..dataset_format import boxes
from ..draw.camera import project, to_camera
from ..draw.spec import SceneSpec
from ..render.sharp import SharpPasses
from .owners import Owners

# An instance cut off by the frame is rendered once more by so many rays, on a film that holds all of it,
# or, where that is endless, so many times the picture's size.
_RAYS, _FILM = 60_000, 3


@dataclass(frozen=True)
class Visibility:
    """Masks are (H, W) bool of the picture; boxes ``[x, y, w, h]`` pixels; fractions 0..1.

    ``hidden_by`` says which owner hides which share of the silhouette; with ``visible_fraction`` it sums to 1.
    """

    visible: np.ndarray
    covered: np.ndarray
    silhouette: np.ndarray
    amodal_unclipped: Optional[list]
    visible_fraction: float
    covered_fraction: float
    in_frame_fraction: float
    hidden_by: dict


def see_all(
    built: BuiltScene, shown: np.ndarray, sharp: SharpPasses, owners: Owners, vertices: Sequence[np.ndarray]
) -> list:
    """The ``Visibility`` of every instance of ``built``, in order.

    Args:
        shown: (H, W) int, the pass index each pixel shows.
        vertices: for each instance its (N, 3) vertices in the room.
    """
    silhouettes: dict = {}
    for group in apart(built.spec, built.instances, vertices):
        alone = sharp.instance_map([item for instance in group for item in instance.objects])
        for instance in group:
            silhouettes[instance.id] = (alone == instance.id) | (shown == instance.id)
    return [
        _see(built.spec, instance, points, shown, silhouettes[instance.id], sharp, owners)
        for instance, points in zip(built.instances, vertices)
    ]


def apart(spec: SceneSpec, instances: Sequence[BuiltInstance], vertices: Sequence[np.ndarray]) -> list:
    """Split ``instances`` into groups within which none can lie before another in the picture."""
    groups: list = []
    for instance, points in zip(instances, vertices):
        extent = _extent(spec, points)
        for group in groups:
            if all(_disjoint(extent, other) for _, other in group):
                group.append((instance, extent))
                break
        else:
            groups.append([(instance, extent)])
    return [[instance for instance, _ in group] for group in groups]


def _extent(spec: SceneSpec, points: np.ndarray) -> Optional[tuple]:
    """(low, high) corners in pixels that hold the instance for sure; None where that cannot be told."""
    if spec.camera.polynomial or not len(points) or (to_camera(spec.camera, points)[:, 2] < 0.05).any():
        return None  # straight edges are not straight in the picture, or pass behind the camera
    pixels = project(spec.camera, spec.size, points)
    return pixels.min(axis=0) - 2, pixels.max(axis=0) + 2


def _disjoint(first: Optional[tuple], second: Optional[tuple]) -> bool:
    if first is None or second is None:
        return False
    return bool((first[1] < second[0]).any() or (second[1] < first[0]).any())


def _see(
    spec: SceneSpec,
    instance: BuiltInstance,
    vertices: np.ndarray,
    shown: np.ndarray,
    silhouette: np.ndarray,
    sharp: SharpPasses,
    owners: Owners,
) -> Visibility:
    visible = shown == instance.id
    covered = visible | (silhouette & np.isin(shown, owners.bedding_of[instance.id]))
    whole = max(int(silhouette.sum()), 1)
    unclipped, in_frame = boxes.mask_extent(silhouette), 1.0 if silhouette.any() else 0.0
    if _touches_edge(silhouette):
        unclipped, in_frame = _beyond_the_frame(spec, instance, _extent(spec, vertices), silhouette, sharp)
    numbers, counts = np.unique(shown[silhouette & ~visible], return_counts=True)
    hidden_by: dict = {}
    for number, count in zip(numbers.tolist(), counts.tolist()):
        owner = owners.by_index[number]
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


def _touches_edge(mask: np.ndarray) -> bool:
    return bool(mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any())


def _extent_corners(mask: np.ndarray) -> np.ndarray:
    """(2, 2) pixels: two corners of the extent of ``mask``."""
    x, y, width, height = boxes.mask_extent(mask)
    return np.array([[x, y], [x + width, y + height]])


def _beyond_the_frame(
    spec: SceneSpec, instance: BuiltInstance, extent: Optional[tuple], silhouette: np.ndarray, sharp: SharpPasses
) -> tuple:
    """The unclipped amodal box, and which share of the silhouette lies inside the frame.

    Sides inside the frame are those of ``silhouette``; beyond it the grid of rays decides, and the film.
    """
    size = np.asarray(spec.size, dtype=np.float64)
    film = -(_FILM - 1) / 2 * size, (_FILM + 1) / 2 * size
    if extent is None:  # look over the whole film first, then closer where something was found
        points, pitch = sharp.silhouette_around(instance.objects, (*film[0], *film[1]), _RAYS, _FILM)
        points = np.concatenate([points, _extent_corners(silhouette)])
        extent = points.min(axis=0) - 2 * pitch, points.max(axis=0) + 2 * pitch
    low, high = np.maximum(extent[0], film[0]), np.minimum(extent[1], film[1])
    points, pitch = sharp.silhouette_around(instance.objects, (*low, *high), _RAYS, _FILM)
    inside = ((points >= 0) & (points <= size)).all(axis=1)
    x1, y1, w, h = boxes.mask_extent(silhouette)
    sides = [x1, y1, x1 + w, y1 + h]
    if not inside.all():
        beyond = [*(points.min(axis=0) - pitch / 2), *(points.max(axis=0) + pitch / 2)]
        for side, (limit, choose) in enumerate(((0, min), (0, min), (size[0], max), (size[1], max))):
            if sides[side] == limit:
                sides[side] = choose(limit, float(beyond[side]))
    x1, y1, x2, y2 = (round(side, 2) + 0.0 for side in sides)
    share = inside.mean() if len(points) else 1.0  # slivers that every ray of the grid missed
    return [x1, y1, round(x2 - x1, 2), round(y2 - y1, 2)], float(share)
