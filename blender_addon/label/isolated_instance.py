"""``IsolatedInstance``: where one instance would be seen if nothing else were in the scene, by rays, for any lens."""

from __future__ import annotations

import math
from typing import Optional

import numpy as np
from mathutils import Vector
from mathutils.bvhtree import BVHTree

from ..body.vectors import cross
from ..draw.projection import camera_axes
from ..draw.spec import CameraSpec
from .geometry import Surface

_NEARLY_BEHIND = math.cos(math.radians(80.0))  # a surface that spans more than this around its middle gets no bound
_MARGIN = 1e-4  # margin of the bound, against rounding


class IsolatedInstance:
    """Intersects rays of ``camera`` with the surface of one instance.

    A ray is only cast into the surface where it passes a rectangle that bounds the surface as seen from the camera, on
    the plane across the direction of its middle. There straight edges are straight, whatever the lens.

    Args:
        clip: (start, end) of the camera's clipping, metres along its optical axis; None without clipping.
    """

    def __init__(self, camera: CameraSpec, surface: Surface, clip: Optional[tuple[float, float]] = None) -> None:
        self._surface, self._tree = surface, None
        self._clip, self._forward = clip, camera_axes(camera)[2]
        self._eye = np.asarray(camera.location)
        self._frame, self._low, self._high = _bound(surface.vertices - self._eye)

    def hit_by(self, directions: np.ndarray) -> np.ndarray:
        """(N,) bool: whether rays from the camera in (N, 3) unit directions in the room meet the surface."""
        hit = self._may_hit(directions)
        rows = np.flatnonzero(hit)
        if rows.size:
            if self._tree is None:
                self._tree = BVHTree.FromPolygons(
                    self._surface.vertices.tolist(), self._surface.triangles.tolist(), all_triangles=True
                )
            cast, eye = self._tree.ray_cast, Vector(self._eye)
            if self._clip is None:
                hit[rows] = [cast(eye, direction)[2] is not None for direction in directions[rows].tolist()]
            else:
                ahead = np.maximum(directions[rows] @ self._forward, 1e-6)
                near, far = self._clip[0] / ahead, self._clip[1] / ahead
                starts, reach = self._eye + near[:, None] * directions[rows], far - near
                each = zip(starts.tolist(), directions[rows].tolist(), reach.tolist())
                hit[rows] = [cast(start, direction, length)[2] is not None for start, direction, length in each]
        return hit

    def _may_hit(self, directions: np.ndarray) -> np.ndarray:
        if not len(self._surface.triangles):
            return np.zeros(len(directions), dtype=bool)
        if self._frame is None:
            return np.ones(len(directions), dtype=bool)
        ahead = directions @ self._frame[2]
        may = ahead > 0
        for axis, low, high in zip(self._frame[:2], self._low, self._high):
            across = directions @ axis
            may &= (across >= low * ahead) & (across <= high * ahead)
        return may


def _bound(points: np.ndarray) -> tuple[Optional[np.ndarray], np.ndarray, np.ndarray]:
    """A frame (3, 3) whose last row looks at ``points`` from the origin, and the corners of their bound at depth 1.

    The frame is None where they lie all around.
    """
    nothing = None, np.zeros(2), np.zeros(2)
    away = np.linalg.norm(points, axis=1, keepdims=True)
    if not len(points) or away.min() == 0:
        return nothing
    towards = points / away
    middle = (towards.min(axis=0) + towards.max(axis=0)) / 2
    length = np.linalg.norm(middle)
    if length < _NEARLY_BEHIND or (towards @ middle).min() < _NEARLY_BEHIND * length:
        return nothing
    middle /= length
    start = np.eye(3)[np.abs(middle).argmin()]
    first = cross(middle, start)
    first /= np.linalg.norm(first)
    second = cross(middle, first)
    flat = np.stack([towards @ first, towards @ second], axis=1) / (towards @ middle)[:, None]
    # Turned so that the rectangle lies along the surface: its own first axis is where it is widest.
    turn = np.linalg.eigh(np.cov((flat - flat.mean(axis=0)).T))[1].T
    flat = flat @ turn.T
    return (
        np.stack([*(turn @ np.stack([first, second])), middle]),
        flat.min(axis=0) - _MARGIN,
        flat.max(axis=0) + _MARGIN,
    )
