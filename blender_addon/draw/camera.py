"""Drawing the camera; and its geometry: from room to pixels and from pixels to rays, for every lens.

A lens is a polynomial from the distance r to the picture's middle, in half picture widths, to the angle
off the optical axis: ``angle = c1 r + c2 r^2 + c3 r^3 + c4 r^4`` radians. Without coefficients it is a
pinhole, ``tan(angle) = r tan(horizontal_fov / 2)``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from .spec import BedSpec, CameraSpec, RoomSpec
from .streams import Stream

_FROM_WALL = 0.12  # metres from the camera to the walls it hangs at
_POWERS = np.arange(1, 5)


def draw_camera(config: Mapping, stream: Stream, mount: str, lens: str, room: RoomSpec, bed: BedSpec) -> CameraSpec:
    """A camera below the ceiling that looks towards the bed and the free floor before it."""
    x, y = room.width / 2 - _FROM_WALL, room.depth / 2 - _FROM_WALL
    side = stream.choice((-1.0, 1.0))
    end = -1.0 if stream.unit() < 0.75 else 1.0  # mostly at the foot end: there it sees faces
    along = stream.uniform(-0.3, 0.3)
    if mount == "ceiling-corner":
        place = (side * x, end * y)
    elif stream.unit() < 0.5:
        place = (side * x, along * room.depth)
    else:
        place = (along * room.width, -y)
    location = (*place, room.height - stream.uniform(*config["camera.below_ceiling_m"]))
    target = (
        0.6 * bed.x + stream.uniform(-0.4, 0.4),
        0.55 * bed.y + stream.uniform(-0.5, 0.3),
        stream.uniform(0.5, 0.9),
    )
    roll = stream.uniform(*config["camera.roll_deg"])
    fov = stream.uniform(*config["camera.horizontal_fov_deg"])
    return CameraSpec(
        mount=mount,
        lens=lens,
        location=location,
        target=target,
        roll=roll,
        horizontal_fov=fov,
        polynomial=_draw_polynomial(config, stream, lens, fov),
    )


def _draw_polynomial(config: Mapping, stream: Stream, lens: str, fov: float) -> tuple:
    if lens == "fisheye":
        return (math.radians(stream.uniform(*config["camera.fisheye_fov_deg"])) / 2, 0.0, 0.0, 0.0)
    if lens == "distorted":
        return barrel_polynomial(fov, stream.uniform(*config["camera.distortion"]))
    return ()


def barrel_polynomial(horizontal_fov: float, amount: float) -> tuple:
    """The lens between a pinhole (``amount`` 0) and an equidistant fisheye (1) of the same angle of view in degrees."""
    half = math.radians(horizontal_fov) / 2
    r = np.linspace(0.02, 1.5, 75)
    angle = (1 - amount) * np.arctan(r * math.tan(half)) + amount * r * half
    coefficients, *_ = np.linalg.lstsq(r[:, None] ** _POWERS, angle, rcond=None)
    return tuple(float(value) for value in coefficients)


def camera_axes(camera: CameraSpec) -> np.ndarray:
    """3x3, rows = the camera's right, down and forward axes in the room (OpenCV's convention)."""
    forward = np.subtract(camera.target, camera.location)
    forward /= np.linalg.norm(forward)
    # Straight up or down the picture's top is towards +y, which no other direction comes near.
    upwards = [0.0, 0.0, 1.0] if abs(forward[2]) < 0.999 else [0.0, 1.0, 0.0]
    right = np.cross(forward, upwards)
    right /= np.linalg.norm(right)
    down = np.cross(forward, right)
    cosine, sine = math.cos(math.radians(camera.roll)), math.sin(math.radians(camera.roll))
    return np.stack([cosine * right + sine * down, cosine * down - sine * right, forward])


def to_camera(camera: CameraSpec, points: np.ndarray) -> np.ndarray:
    """(N, 3) room points -> (N, 3) metres right, down and forward of the camera."""
    return (np.asarray(points, dtype=np.float64) - camera.location) @ camera_axes(camera).T


def intrinsics(camera: CameraSpec, size: Sequence[int]) -> dict:
    """The lens in pixels of a picture of ``size`` (width, height); pixels are square.

    Pinhole: ``fx, fy, cx, cy``. Polynomial: ``cx, cy, k1 .. k4`` with angle = k1 r + ... + k4 r^4, r in pixels.
    """
    centre = {"cx": size[0] / 2, "cy": size[1] / 2}
    if camera.polynomial:
        return {**centre, **{f"k{n}": c / (size[0] / 2) ** n for n, c in enumerate(camera.polynomial, start=1)}}
    focal = size[0] / 2 / math.tan(math.radians(camera.horizontal_fov) / 2)
    return {"fx": focal, "fy": focal, **centre}


def project(camera: CameraSpec, size: Sequence[int], points: np.ndarray) -> np.ndarray:
    """(N, 3) room points -> (N, 2) pixels, origin top-left; NaN where the lens cannot see that way."""
    seen = to_camera(camera, points)
    across = np.linalg.norm(seen[:, :2], axis=1)
    angle = np.arctan2(across, seen[:, 2])
    direction = seen[:, :2] / np.maximum(across, 1e-12)[:, None]
    return np.asarray(size) / 2 + direction * (_radius(camera, angle) * size[0] / 2)[:, None]


def rays(camera: CameraSpec, size: Sequence[int], pixels: np.ndarray) -> np.ndarray:
    """(N, 2) pixels -> (N, 3) unit directions in the room."""
    offset = (np.asarray(pixels, dtype=np.float64) - np.asarray(size) / 2) / (size[0] / 2)
    r = np.linalg.norm(offset, axis=1)
    angle = _angle(camera, r)
    across = offset / np.maximum(r, 1e-12)[:, None] * np.sin(angle)[:, None]
    return np.concatenate([across, np.cos(angle)[:, None]], axis=1) @ camera_axes(camera)


def widest_angle(camera: CameraSpec, film: float) -> float:
    """The largest angle off the axis, in radians, on a film ``film`` half widths in radius; the lens ends there."""
    if not camera.polynomial:
        return math.pi / 2
    r = np.linspace(0.0, film, 200)
    angle = _angle(camera, r)
    falling = np.flatnonzero(np.diff(angle) <= 0)
    return float(min(angle[falling[0]] if falling.size else angle[-1], math.pi))


def _angle(camera: CameraSpec, r: np.ndarray) -> np.ndarray:
    if camera.polynomial:
        return (r[:, None] ** _POWERS) @ np.asarray(camera.polynomial)
    return np.arctan(r * math.tan(math.radians(camera.horizontal_fov) / 2))


def _radius(camera: CameraSpec, angle: np.ndarray) -> np.ndarray:
    """The inverse of ``_angle``; NaN beyond what the lens sees."""
    if not camera.polynomial:
        tangent = np.tan(np.where(angle < math.pi / 2, angle, np.nan))
        return tangent / math.tan(math.radians(camera.horizontal_fov) / 2)
    low, high = np.zeros_like(angle), np.full_like(angle, _FILM)
    for _ in range(50):
        middle = (low + high) / 2
        beyond = _angle(camera, middle) > angle
        low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    return np.where(angle <= widest_angle(camera, _FILM), low, np.nan)


_FILM = 1.6  # half widths: the corners of a 4:5 picture; a polynomial is not trusted beyond
