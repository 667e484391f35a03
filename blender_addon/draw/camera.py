"""Drawing the camera, and asking whether it sees a point."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from .spec import BedSpec, CameraSpec, RoomSpec
from .streams import Stream

_FROM_WALL = 0.12  # metres from the camera to the walls it hangs at


def draw_camera(config: Mapping, stream: Stream, mount: str, room: RoomSpec, bed: BedSpec) -> CameraSpec:
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
    return CameraSpec(
        mount=mount,
        location=(*place, room.height - stream.uniform(*config["camera.below_ceiling_m"])),
        target=(
            0.6 * bed.x + stream.uniform(-0.4, 0.4),
            0.55 * bed.y + stream.uniform(-0.5, 0.3),
            stream.uniform(0.5, 0.9),
        ),
        roll=stream.uniform(*config["camera.roll_deg"]),
        horizontal_fov=stream.uniform(*config["camera.horizontal_fov_deg"]),
    )


def camera_axes(camera: CameraSpec) -> np.ndarray:
    """3x3, rows = the camera's right, down and forward axes in the room (OpenCV's convention)."""
    forward = np.subtract(camera.target, camera.location)
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    down = np.cross(forward, right)
    cosine, sine = math.cos(math.radians(camera.roll)), math.sin(math.radians(camera.roll))
    return np.stack([cosine * right + sine * down, cosine * down - sine * right, forward])


def intrinsics(camera: CameraSpec, size: Sequence[int]) -> dict:
    """``fx, fy, cx, cy`` in pixels of a picture of ``size`` (width, height); pixels are square."""
    focal = size[0] / 2 / math.tan(math.radians(camera.horizontal_fov) / 2)
    return {"fx": focal, "fy": focal, "cx": size[0] / 2, "cy": size[1] / 2}


def project(camera: CameraSpec, size: Sequence[int], points: np.ndarray) -> tuple:
    """(N, 3) room points -> (N, 2) pixels (origin top-left, NaN behind the camera) and (N,) depths in metres."""
    seen = (np.asarray(points, dtype=np.float64) - camera.location) @ camera_axes(camera).T
    depth = seen[:, 2]
    k = intrinsics(camera, size)
    safe = np.where(depth > 0, depth, np.nan)
    pixels = np.stack([k["fx"] * seen[:, 0] / safe + k["cx"], k["fy"] * seen[:, 1] / safe + k["cy"]], axis=1)
    return pixels, depth
