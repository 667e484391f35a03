"""Drawing the camera: where it is mounted, where it looks and through which lens.

Places are tried until one is free and sees the people: a camera is in the room, in no furniture and in nobody's face,
and what it must see is inside its picture with nothing tall between.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np

from .camera import barrel_polynomial, project
from .spec import CameraSpec, RoomSpec
from .streams import Stream

_TRIES = 32
_ANYWHERE_TRIES = 64  # below the ceiling, should a mount find no free place
_MARGIN = 0.05  # of the picture, inside which what must be seen is
_FREE = 0.15  # between a camera and furniture, metres
_FROM_PEOPLE = {"eye-level": 1.4, "hand-held": 1.1}
_FROM_PEOPLE_ABOVE = 0.7
_FROM_WALL = 0.12
_FILLING = 0.66  # of a fisheye's angle across the picture, so that its corners see no ceiling


@dataclass(frozen=True)
class Box:
    """A box that stands in the way: metres in the room, turned by ``heading`` degrees about z around (x, y).

    (x1, y1) and (x2, y2) are its corners on the floor plan in its own frame, ``bottom`` and ``top`` its heights.
    """

    x: float
    y: float
    heading: float
    x1: float
    y1: float
    x2: float
    y2: float
    bottom: float
    top: float

    def inside(self, point: Sequence[float]) -> np.ndarray:
        """The room's point in the box's frame: (3,)."""
        cosine, sine = math.cos(math.radians(self.heading)), math.sin(math.radians(self.heading))
        x, y = point[0] - self.x, point[1] - self.y
        return np.array([cosine * x + sine * y, cosine * y - sine * x, point[2]])

    def holds(self, point: Sequence[float], margin: float) -> bool:
        """Whether ``point`` is in the box or within ``margin`` metres of it along its axes."""
        place, (low, high) = self.inside(point), self._corners()
        return bool((place > low - margin).all() and (place < high + margin).all())

    def crosses(self, start: Sequence[float], end: Sequence[float]) -> bool:
        """Whether the line from ``start`` to ``end`` meets the box."""
        origin, (low, high) = self.inside(start), self._corners()
        way = self.inside(end) - origin
        way = np.where(np.abs(way) < 1e-9, 1e-9, way)
        first, last = (low - origin) / way, (high - origin) / way
        enters, leaves = np.minimum(first, last).max(), np.maximum(first, last).min()
        return bool(max(enters, 0.0) < min(leaves, 1.0))

    def _corners(self) -> tuple:
        return np.array([self.x1, self.y1, self.bottom]), np.array([self.x2, self.y2, self.top])


def draw_camera(
    config: Mapping,
    stream: Stream,
    mount: str,
    lens: str,
    room: RoomSpec,
    targets: Sequence[Sequence[float]],
    obstacles: Sequence[Box],
) -> CameraSpec:
    """A camera that sees where people are.

    Args:
        config: the resolved config.
        mount: one of the knob camera.mount's; another one, named in the spec, where no free place is found for it.
        lens: "pinhole", "distorted" or "fisheye"; the mount "ceiling-fisheye" has always the last.
        room: the room it is in.
        targets: room points in the middle of people; the first is always seen, the others mostly.
        obstacles: what it cannot be in and cannot look through.
    """
    wanted = stream.uniform(0.5, 1.0)  # share of the targets that a place must see
    best: Optional[CameraSpec] = None
    most = -1.0
    for attempt in range(_TRIES + _ANYWHERE_TRIES):
        if attempt == _TRIES and most >= 1.0:
            break
        camera = _candidate(config, stream, mount if attempt < _TRIES else "ceiling-corner", lens, room, targets)
        if not _is_free(camera, room, targets, obstacles):
            continue
        seen = _seen(camera, config["render.size"], targets, obstacles)
        worth = 1.0 * seen[0] + sum(seen) / len(seen)
        if worth > most:
            best, most = camera, worth
        if seen[0] and sum(seen) >= wanted * len(seen):
            break
    if best is None:
        raise ValueError(f"no free place for a camera in a room of {room.width} x {room.depth} x {room.height} m")
    return best


def _candidate(
    config: Mapping, stream: Stream, mount: str, lens: str, room: RoomSpec, targets: Sequence[Sequence[float]]
) -> CameraSpec:
    points = np.asarray(targets, dtype=np.float64)
    fov = stream.uniform(*config["camera.horizontal_fov_deg"])
    lens = "fisheye" if mount == "ceiling-fisheye" else lens
    fisheye = stream.uniform(*config["camera.fisheye_fov_deg"])
    barrel = stream.uniform(*config["camera.distortion"])
    whole, edge = (
        stream.unit() < 0.7,
        stream.uniform(0.98, 1.1),
    )  # the whole image circle, or a part that fills the picture
    if mount == "ceiling-fisheye" and not whole:
        fisheye *= _FILLING
    location = _location(config, stream, mount, room, points)
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


def _location(config: Mapping, stream: Stream, mount: str, room: RoomSpec, points: np.ndarray) -> tuple:
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
    if mount == "eye-level" and stream.unit() < 0.6:  # on a stand at a wall, or a shelf
        reach = 0.3 + 0.4 * across
        place = stream.uniform(-0.9, 0.9)
        return (*((side * (x - reach), place * y) if along < 0.5 else (place * x, end * (y - reach))), eyes)
    return (2 * across - 1) * (x - 0.3), (2 * along - 1) * (y - 0.3), eyes


def _target(stream: Stream, mount: str, location: Sequence[float], points: np.ndarray) -> tuple:
    """The point it looks at."""
    share = stream.uniform(0.0, 0.8)  # between the first target and the middle of all
    aim = points[0] + share * (points.mean(axis=0) - points[0])
    wander = np.array([stream.normal(0.0, 0.25), stream.normal(0.0, 0.25), stream.normal(0.0, 0.15)])
    if mount in ("overhead", "ceiling-fisheye"):
        # Nearly straight down, the picture's top towards one of the room's walls.
        reach = 0.06 if mount == "ceiling-fisheye" else 0.3
        step = reach * stream.unit() + 0.01
        dx, dy = stream.choice(((1, 0), (-1, 0), (0, 1), (0, -1)))
        return (
            location[0] + step * dx + 0.01 * wander[0],
            location[1] + step * dy + 0.01 * wander[1],
            location[2] - 1.5,
        )
    return tuple(float(value) for value in aim + wander)


def _is_free(camera: CameraSpec, room: RoomSpec, targets: Sequence[Sequence[float]], obstacles: Sequence[Box]) -> bool:
    x, y, z = camera.location
    if abs(x) > room.width / 2 - 0.09 or abs(y) > room.depth / 2 - 0.09 or not 0.2 < z < room.height - 0.03:
        return False
    if any(box.holds(camera.location, _FREE) for box in obstacles):
        return False
    level = _FROM_PEOPLE.get(camera.mount)
    if level is not None:
        return all(math.hypot(x - target[0], y - target[1]) > level for target in targets)
    return all(math.dist(camera.location, target) > _FROM_PEOPLE_ABOVE for target in targets)


def _seen(
    camera: CameraSpec, size: Sequence[int], targets: Sequence[Sequence[float]], obstacles: Sequence[Box]
) -> list:
    """Which ``targets`` are in the picture with nothing between."""
    pixels = project(camera, size, np.asarray(targets))
    edge = _MARGIN * np.asarray(size)
    inside = ((pixels > edge) & (pixels < size - edge)).all(axis=1)  # False where NaN
    return [
        bool(framed)
        and not any(box.crosses(camera.location, target) for box in obstacles if not box.holds(target, 0.1))
        for framed, target in zip(inside, targets)
    ]
