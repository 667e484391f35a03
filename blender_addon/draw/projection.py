"""The camera's geometry: from room to pixels and from pixels to rays, for every lens.

A lens is a polynomial from the distance r to the principal point (where the optical axis meets the image), in half
image widths, to the angle off the optical axis: ``angle = c1 r + c2 r^2 + c3 r^3 + c4 r^4`` radians. Without
coefficients it is a pinhole, ``tan(angle) = r tan(horizontal_fov / 2)``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ..body.vectors import cross
from .spec import CameraSpec
from .value_types import Array, Point2

_POWERS = np.arange(1, 5)
_FILM = 1.7  # half image widths: the corners of an off-centre 4:5 image; the lens polynomial is valid up to here
_FITTED_AT = np.linspace(0.02, _FILM, 85)
_FIT = np.linalg.pinv(_FITTED_AT[:, None] ** _POWERS)  # least squares: values at _FITTED_AT -> four coefficients


def barrel_polynomial(horizontal_fov: float, amount: float) -> tuple[float, ...]:
    """The lens between a pinhole (``amount`` 0) and an equidistant fisheye (1) of the same angle of view in degrees."""
    half = math.radians(horizontal_fov) / 2
    angle = (1 - amount) * np.arctan(_FITTED_AT * math.tan(half)) + amount * _FITTED_AT * half
    return tuple(float(value) for value in _FIT @ angle)


def camera_axes(camera: CameraSpec) -> Array:
    """3x3, rows = the camera's right, down and forward axes in the room (OpenCV's convention)."""
    forward = np.subtract(camera.target, camera.location)
    forward /= np.linalg.norm(forward)
    # Straight up or down the image's top is towards +y, which no other direction comes near.
    upwards = [0.0, 0.0, 1.0] if abs(forward[2]) < 0.999 else [0.0, 1.0, 0.0]
    right = cross(forward, upwards)
    right /= np.linalg.norm(right)
    down = cross(forward, right)
    cosine, sine = math.cos(math.radians(camera.roll)), math.sin(math.radians(camera.roll))
    return np.stack([cosine * right + sine * down, cosine * down - sine * right, forward])


def to_camera(camera: CameraSpec, points: Array) -> Array:
    """(N, 3) room points -> (N, 3) metres right, down and forward of the camera."""
    return (np.asarray(points, dtype=np.float64) - camera.location) @ camera_axes(camera).T


def principal_point(camera: CameraSpec, size: Sequence[int]) -> Point2:
    """Where the optical axis meets an image of ``size``: (x, y) pixels, to half a pixel so that a film can hold it."""
    x, y = (side / 2 + round(2 * shift * size[0]) / 2 for side, shift in zip(size, camera.off_centre))
    return x, y


def intrinsics(camera: CameraSpec, size: Sequence[int]) -> dict[str, float]:
    """The lens in pixels of an image of ``size`` (width, height); pixels are square.

    Pinhole: ``fx, fy, cx, cy``. Polynomial: ``cx, cy, k1 .. k4`` with angle = k1 r + ... + k4 r^4, r in pixels from
    (cx, cy).
    """
    centre = dict(zip(("cx", "cy"), principal_point(camera, size)))
    if camera.polynomial:
        return {**centre, **{f"k{n}": c / (size[0] / 2) ** n for n, c in enumerate(camera.polynomial, start=1)}}
    focal = size[0] / 2 / math.tan(math.radians(camera.horizontal_fov) / 2)
    return {"fx": focal, "fy": focal, **centre}


def focal_length(lens: Mapping[str, float]) -> float:
    """Pixels a radian on the optical axis, of the ``intrinsics`` of any lens."""
    return lens["fx"] if "fx" in lens else 1.0 / lens["k1"]


def project(camera: CameraSpec, size: Sequence[int], points: Array) -> Array:
    """(N, 3) room points -> (N, 2) pixels, origin top-left; NaN where the lens cannot see that way."""
    seen = to_camera(camera, points)
    across = np.linalg.norm(seen[:, :2], axis=1)
    angle = np.arctan2(across, seen[:, 2])
    direction = seen[:, :2] / np.maximum(across, 1e-12)[:, None]
    return principal_point(camera, size) + direction * (_radius(camera, angle) * size[0] / 2)[:, None]


def rays(camera: CameraSpec, size: Sequence[int], pixels: Array) -> Array:
    """(N, 2) pixels -> (N, 3) unit directions in the room."""
    offset = (np.asarray(pixels, dtype=np.float64) - principal_point(camera, size)) / (size[0] / 2)
    r = np.linalg.norm(offset, axis=1)
    angle = angle_at(camera, r)
    across = offset / np.maximum(r, 1e-12)[:, None] * np.sin(angle)[:, None]
    return np.concatenate([across, np.cos(angle)[:, None]], axis=1) @ camera_axes(camera)


def image_edge(camera: CameraSpec, size: Sequence[int]) -> tuple[float, float, float]:
    """Where the lens's image ends: x, y and radius in pixels, of an image circle, or of one through the far corners."""
    x, y = (float(value) for value in principal_point(camera, size))
    if camera.image_circle:
        radius = float(_radius(camera, np.array([widest_angle(camera, _FILM)]))[0]) * size[0] / 2
    else:
        radius = math.hypot(size[0], size[1]) / 2
    return x, y, radius


def sees(camera: CameraSpec, size: Sequence[int], pixels: Array) -> NDArray[np.bool_]:
    """(N,) bool: at which of (N, 2) pixels, on the image or beyond it, the lens shows anything."""
    r = np.linalg.norm(np.subtract(pixels, principal_point(camera, size)), axis=1) / (size[0] / 2)
    if not camera.polynomial:
        return np.ones(len(r), dtype=bool)
    steps = np.linspace(0.0, max(float(r.max(initial=0.0)), _FILM), 400)
    angle = angle_at(camera, steps)
    ended = np.append(np.diff(angle) <= 0, False) | (angle > widest_angle(camera, steps[-1]))
    return r <= (steps[ended.argmax()] if ended.any() else np.inf)


def widest_angle(camera: CameraSpec, film: float) -> float:
    """The largest angle off the axis, in radians, on a film ``film`` half widths in radius; the lens ends there."""
    if not camera.polynomial:
        return math.pi / 2
    r = np.linspace(0.0, film, 200)
    angle = angle_at(camera, r)
    falling = np.flatnonzero(np.diff(angle) <= 0)
    end = math.radians(camera.image_circle) if camera.image_circle else math.pi
    return float(min(angle[falling[0]] if falling.size else angle[-1], end))


def angle_at(camera: CameraSpec, r: Array) -> Array:
    """Radians off the axis at ``r`` half image widths from the principal point."""
    if camera.polynomial:
        c1, c2, c3, c4 = camera.polynomial
        return (((c4 * r + c3) * r + c2) * r + c1) * r
    return np.arctan(r * math.tan(math.radians(camera.horizontal_fov) / 2))


def _radius(camera: CameraSpec, angle: Array) -> Array:
    """The inverse of ``_angle``; NaN beyond what the lens sees."""
    if not camera.polynomial:
        tangent = np.tan(np.where(angle < math.pi / 2, angle, np.nan))
        return tangent / math.tan(math.radians(camera.horizontal_fov) / 2)
    low, high = np.zeros_like(angle), np.full_like(angle, _FILM)
    for _ in range(40):
        middle = (low + high) / 2
        beyond = angle_at(camera, middle) > angle
        low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    return np.where(angle <= widest_angle(camera, _FILM), low, np.nan)
