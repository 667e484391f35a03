"""Sampling the camera: its position, its direction and its lens.

Positions are tried until one is free and sees the people: inside the room, outside furniture, not too near to a
person, and with the targets inside the image and not hidden by tall furniture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Optional

import numpy as np

from .projection import barrel_polynomial, project
from .rooms import Box
from .spec import CameraSpec, RoomSpec
from .streams import RandomStream
from .value_types import Array, Config, Mask, Point3

_TRIES = 24
_WANDER = 0.03  # metres by which each further try may be farther from the position that the config fixes
_ANYWHERE_TRIES = 48  # tries at the ceiling when the requested mount has no free position
_MARGIN = 0.05  # fraction of the image: targets must be at least this far from its edges
_SEEN = {"people": (0.5, 1.0), "room": (0.2, 0.8)}  # the fraction of the targets that must be seen, by the aim
_FREE = 0.15  # clearance between the camera and furniture, metres
_FROM_PEOPLE = {"eye-level": 1.4, "hand-held": 1.1}
_FROM_PEOPLE_ABOVE = 0.7
_FROM_WALL = 0.12
_FILLING = 0.66  # factor on a fisheye's angle when it fills the image, so that the corners do not show the ceiling


class ObstacleBoxes:
    """Obstacles as arrays, to be tested all at once."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        fields = ("x", "y", "cosine", "sine", "half_x", "half_y", "bottom", "top")
        rows = np.array([[getattr(box, name) for name in fields] for box in boxes], dtype=np.float64).reshape(-1, 8)
        self._middles, self._cosines, self._sines = rows[:, :2], rows[:, 2], rows[:, 3]
        self._low = np.column_stack([-rows[:, 4], -rows[:, 5], rows[:, 6]])
        self._high = rows[:, [4, 5, 7]]

    def hold(self, points: Array, margin: float) -> Mask:
        """(N, 3) room points -> (N, boxes) bool: whether it is in a box grown by ``margin`` metres."""
        places = self._inside(points)
        return ((places > self._low - margin) & (places < self._high + margin)).all(axis=-1)

    def cross(self, start: Sequence[float], ends: Array) -> Mask:
        """(N, boxes) bool: whether the line from ``start`` to each of (N, 3) ``ends`` meets a box."""
        origin = self._inside(np.array([start]))
        ways = self._inside(ends) - origin
        ways = np.where(np.abs(ways) < 1e-9, 1e-9, ways)
        first, last = (self._low - origin) / ways, (self._high - origin) / ways
        enters, leaves = np.minimum(first, last).max(axis=-1), np.maximum(first, last).min(axis=-1)
        return np.maximum(enters, 0.0) < np.minimum(leaves, 1.0)

    def _inside(self, points: Array) -> Array:
        """(N, 3) room points -> (N, boxes, 3) in the frame of each box."""
        points = np.asarray(points, dtype=np.float64)
        x, y = np.moveaxis(points[:, None, :2] - self._middles, -1, 0)
        along, across = self._cosines * x + self._sines * y, self._cosines * y - self._sines * x
        return np.stack([along, across, np.broadcast_to(points[:, None, 2], x.shape)], axis=-1)


def draw_camera(
    config: Config,
    stream: RandomStream,
    mount: str,
    lens: str,
    room: RoomSpec,
    targets: Sequence[Sequence[float]],
    obstacles: Sequence[Box],
    aim: str = "people",
) -> CameraSpec:
    """Sample a camera that sees the people.

    Args:
        config: the resolved config.
        mount: one of the setting camera.mount; if no free position is found for it, the spec names another.
        lens: "pinhole", "distorted" or "fisheye"; the mount "ceiling-fisheye" always uses "fisheye".
        room: the room it is in.
        targets: room points in the middle of people; the first is always seen, the others mostly.
        obstacles: boxes that it must not be inside and cannot look through.
        aim: what it looks at: the "people", or the "room"; then any of the people may be outside the image, but
            not all.
    """
    boxes, points = ObstacleBoxes(obstacles), np.asarray(targets, dtype=np.float64)
    behind = boxes.hold(points, 0.1)  # a box that contains the target does not hide it
    aimed = points if aim == "people" else _places_in(stream, room)
    needed = stream.uniform(*_SEEN[aim])  # fraction of the targets that a position must see
    best: Optional[CameraSpec] = None
    most = -1.0
    for attempt in range(_TRIES + _ANYWHERE_TRIES):
        if attempt == _TRIES and most >= 1.0:
            break
        tried = mount if attempt < _TRIES or config["camera.place"] else "ceiling-corner"
        camera = _candidate(config, stream, tried, lens, room, aimed, reach=_WANDER * attempt)
        if not _is_free(camera, room, points, boxes):
            continue
        seen = _in_image(camera, config["render.size"], points)
        seen &= ~(boxes.cross(camera.location, points) & ~behind).any(axis=1)
        first = bool(seen[0]) or aim == "room"
        worth = float(first + seen.mean())
        if worth > most:
            best, most = camera, worth
        if first and seen.any() and seen.mean() >= needed:
            break
    if best is None:
        raise ValueError(f"no free position for a camera in a room of {room.width} x {room.depth} x {room.height} m")
    return best


def _candidate(
    config: Config, stream: RandomStream, mount: str, lens: str, room: RoomSpec, points: Array, reach: float
) -> CameraSpec:
    fov = stream.uniform(*config["camera.horizontal_fov_deg"])
    lens = "fisheye" if mount == "ceiling-fisheye" else lens
    fisheye = stream.uniform(*config["camera.fisheye_fov_deg"])
    barrel = stream.uniform(*config["camera.distortion"])
    whole, edge = (
        stream.unit() < 0.7,
        stream.uniform(0.98, 1.1),
    )  # whether the image circle is visible as a whole, or cropped so that it fills the image
    if mount == "ceiling-fisheye" and not whole:
        fisheye *= _FILLING
    placed = config["camera.place"]
    location = _placed(placed, stream, room, reach) if placed else _location(config, stream, mount, room, points)
    away, towards = stream.uniform(*config["camera.off_centre"]), stream.uniform(0.0, 2 * math.pi)
    return CameraSpec(
        mount=mount,
        lens=lens,
        location=location,
        target=_target(stream, mount, location, points),
        roll=stream.uniform(*config["camera.roll_deg"]),
        horizontal_fov=fov,
        polynomial={
            "pinhole": (),
            "distorted": barrel_polynomial(fov, barrel),
            "fisheye": (math.radians(fisheye) / 2, 0.0, 0.0, 0.0),
        }[lens],
        off_centre=(away * math.cos(towards), away * math.sin(towards)),
        image_circle=fisheye / 2 * edge if mount == "ceiling-fisheye" and whole else 0.0,
    )


def _location(config: Config, stream: RandomStream, mount: str, room: RoomSpec, points: Array) -> Point3:
    x, y = room.width / 2, room.depth / 2
    lowest, highest = config["camera.height_m"]
    highest = max(min(highest, room.height - 0.08), min(lowest, room.height - 0.08))
    at_ceiling = max(highest - abs(stream.normal(0.0, 0.12)), min(lowest, highest))
    eyes = min(stream.uniform(*config["camera.eye_height_m"]), room.height - 0.1)
    across, along, side, end = stream.unit(), stream.unit(), stream.choice((-1, 1)), stream.choice((-1, 1))
    if mount == "ceiling-corner":
        return side * (x - 0.12 - 0.35 * across**2), end * (y - 0.12 - 0.35 * along**2), at_ceiling
    if mount == "wall":
        place = stream.uniform(-0.8, 0.8)
        wall = (side * (x - _FROM_WALL), place * y) if across < 0.5 else (place * x, end * (y - _FROM_WALL))
        return *wall, stream.uniform(min(lowest, highest), highest)
    if mount == "overhead":
        reach = 0.35 * math.sqrt(across)
        turn = 2 * math.pi * along
        return points[0, 0] + reach * math.cos(turn), points[0, 1] + reach * math.sin(turn), highest
    if mount == "ceiling-fisheye":
        middle = points[:, :2].mean(axis=0) * stream.uniform(0.2, 0.9)
        return middle[0] + 0.5 * (across - 0.5), middle[1] + 0.5 * (along - 0.5), min(highest, room.height - 0.05)
    if mount == "eye-level" and stream.unit() < 0.6:  # on a stand at a wall or on a shelf
        reach = 0.3 + 0.4 * across
        place = stream.uniform(-0.9, 0.9)
        return (*((side * (x - reach), place * y) if along < 0.5 else (place * x, end * (y - reach))), eyes)
    return (2 * across - 1) * (x - 0.3), (2 * along - 1) * (y - 0.3), eyes


def _places_in(stream: RandomStream, room: RoomSpec) -> Array:
    """(3, 3) points in the middle of the room, at the height of people, as whoever mounts a camera aims at."""
    x, y = room.width / 4, room.depth / 4
    places = [(stream.uniform(-x, x), stream.uniform(-y, y), stream.uniform(0.5, 1.3)) for _ in range(3)]
    return np.array(places, dtype=np.float64)


def _placed(place: Sequence[float], stream: RandomStream, room: RoomSpec, reach: float) -> Point3:
    """The position that the config fixes, within ``reach`` metres and inside the room."""
    x, y, z = place
    sides = (room.width / 2 - _FROM_WALL, room.depth / 2 - _FROM_WALL)
    across, along = (
        min(max(share * side + stream.uniform(-reach, reach), -side), side) for share, side in zip((x, y), sides)
    )
    return across, along, min(z, room.height - 0.08)


def _target(stream: RandomStream, mount: str, location: Sequence[float], points: Array) -> Point3:
    """The point that the camera looks at."""
    share = stream.uniform(0.0, 0.8)  # a point between the first target and the middle of all
    aim = points[0] + share * (points.mean(axis=0) - points[0])
    # Installers aim by eye: many cameras look at the floor in front of the people, some above them.
    before = stream.uniform(-0.12, 0.62)
    wander = np.array([stream.normal(0.0, 0.4), stream.normal(0.0, 0.4), stream.normal(0.0, 0.3)])
    if mount in ("overhead", "ceiling-fisheye"):
        # Nearly straight down, the image's top towards one of the room's walls.
        reach = 0.06 if mount == "ceiling-fisheye" else 0.3
        step = reach * stream.unit() + 0.01
        dx, dy = stream.choice(((1, 0), (-1, 0), (0, 1), (0, -1)))
        return (
            location[0] + step * dx + 0.01 * wander[0],
            location[1] + step * dy + 0.01 * wander[1],
            location[2] - 1.5,
        )
    aim[:2] += before * (np.asarray(location)[:2] - aim[:2])
    x, y, z = (float(value) for value in aim + wander)
    return x, y, z


def _is_free(camera: CameraSpec, room: RoomSpec, points: Array, boxes: ObstacleBoxes) -> bool:
    x, y, z = camera.location
    if abs(x) > room.width / 2 - 0.09 or abs(y) > room.depth / 2 - 0.09 or not 0.2 < z < room.height - 0.03:
        return False
    if boxes.hold(np.array([camera.location]), _FREE).any():
        return False
    away = points - camera.location
    if camera.mount in _FROM_PEOPLE:
        return bool((np.hypot(away[:, 0], away[:, 1]) > _FROM_PEOPLE[camera.mount]).all())
    return bool((np.linalg.norm(away, axis=1) > _FROM_PEOPLE_ABOVE).all())


def _in_image(camera: CameraSpec, size: Sequence[int], points: Array) -> Mask:
    """(N,) bool: which points are in the image, and not just at its edge."""
    pixels = project(camera, size, points)
    edge = _MARGIN * np.asarray(size)
    return ((pixels > edge) & (pixels < size - edge)).all(axis=1)  # False where NaN
