"""Labels derived a second time, in numpy alone: own projection, own z-buffer, own ray casting.

Shares no code with the add-on. Triangles are (T, 3, 3) metres in the room, with an owner each.
"""

from typing import NamedTuple

import numpy as np

_NEAR = 0.02


def to_camera(camera, points):
    matrix = np.array(camera["extrinsics"])
    return points @ matrix[:, :3].T + matrix[:, 3]


def pixels(camera, points):
    """(N, 3) metres in camera coordinates -> (N, 2) pixels; NaN where the camera cannot look.

    A pinhole divides by depth. A polynomial lens says how far off the axis a pixel looks; where a point is seen is
    looked up in a fine table of that, as far as it rises and little farther than the image's corners: straight
    behind the camera neighbours are far apart in the image.
    """
    k = camera["intrinsics"]
    if camera["model"] == "pinhole":
        depth = np.where(points[:, 2] > 0, points[:, 2], np.nan)
        return points[:, :2] / depth[:, None] * [k["fx"], k["fy"]] + [k["cx"], k["cy"]]
    radius = np.linspace(0.0, 1.1 * np.hypot(camera["width"], camera["height"]) / 2, 40_001)
    angle = sum(k[f"k{power}"] * radius**power for power in (1, 2, 3, 4))
    rising = np.append(np.diff(angle) > 0, False)
    last = int(np.argmin(rising))
    across = np.hypot(points[:, 0], points[:, 1])
    seen = np.interp(np.arctan2(across, points[:, 2]), angle[:last], radius[:last], right=np.nan)
    return points[:, :2] / np.maximum(across, 1e-12)[:, None] * seen[:, None] + [k["cx"], k["cy"]]


class Fragments(NamedTuple):
    """What lies before the pixels' centres: at which pixel (row by row), 1 / distance, whose; of a (H, W) image."""

    place: np.ndarray
    nearness: np.ndarray
    owner: np.ndarray
    shape: tuple

    def of(self, owner):
        """Those of one owner, as if it were alone."""
        own = self.owner == owner
        return Fragments(self.place[own], self.nearness[own], self.owner[own], self.shape)

    def nearest(self):
        """(H, W) int: the owner of the nearest, -1 for none."""
        result = np.full(self.shape[0] * self.shape[1], -1)
        order = np.argsort(self.nearness, kind="stable")  # the nearest is written last
        result[self.place[order]] = self.owner[order]
        return result.reshape(self.shape)


def owner_map(camera, triangles, owners):
    """(H, W) int: the owner of the nearest triangle at each pixel's centre, -1 for none."""
    return fragments(camera, triangles, owners).nearest()


def fragments(camera, triangles, owners):
    """The ``Fragments`` of all triangles."""
    corners = to_camera(camera, triangles.reshape(-1, 3)).reshape(-1, 3, 3)
    if camera["model"] == "pinhole":
        corners, owner = _clip_near(corners, owners)
        inverse = 1.0 / corners[..., 2]
    else:  # straight edges are not straight in the image: cut up until that does not show
        corners, owner = _cut_up(corners, owners, 3 * camera["intrinsics"]["k1"])
        inverse = 1.0 / np.linalg.norm(corners, axis=2)
    place = pixels(camera, corners.reshape(-1, 3)).reshape(-1, 3, 2) - 0.5  # pixel centres at whole numbers
    seen = np.isfinite(place).all(axis=(1, 2))
    x, y = place[seen, :, 0], place[seen, :, 1]
    return _fragments(x, y, inverse[seen], owner[seen], camera["width"], camera["height"])


def _fragments(x, y, inverse, owner, width, height):
    x1 = np.clip(np.ceil(x.min(axis=1)), 0, width).astype(int)
    x2 = np.clip(np.floor(x.max(axis=1)), -1, width - 1).astype(int)
    y1 = np.clip(np.ceil(y.min(axis=1)), 0, height).astype(int)
    y2 = np.clip(np.floor(y.max(axis=1)), -1, height - 1).astype(int)
    columns, rows = x2 - x1 + 1, y2 - y1 + 1
    kept = np.flatnonzero((columns > 0) & (rows > 0))
    small = kept[(columns[kept] <= 12) & (rows[kept] <= 12)]
    found = [_cover(x[:0], y[:0], inverse[:0], x1[:0], y1[:0], owner[:0])]
    for dy in range(12):
        for dx in range(12):
            some = small[(columns[small] > dx) & (rows[small] > dy)]
            if some.size:
                found.append(_cover(x[some], y[some], inverse[some], x1[some] + dx, y1[some] + dy, owner[some]))
    for one in np.setdiff1d(kept, small):
        grid_y, grid_x = np.mgrid[y1[one] : y2[one] + 1, x1[one] : x2[one] + 1]
        grid_x, grid_y = grid_x.ravel(), grid_y.ravel()
        repeat = np.full(grid_x.size, one)
        found.append(_cover(x[repeat], y[repeat], inverse[repeat], grid_x, grid_y, owner[repeat]))
    place, nearness, who = (np.concatenate(parts) for parts in zip(*((f[1] * width + f[0], f[2], f[3]) for f in found)))
    return Fragments(place, nearness, who, (height, width))


def _cover(x, y, inverse, px, py, owner):
    """The pairs of triangle and pixel where the pixel's centre is inside: x, y, 1 / depth, owner."""
    area = (x[:, 1] - x[:, 0]) * (y[:, 2] - y[:, 0]) - (x[:, 2] - x[:, 0]) * (y[:, 1] - y[:, 0])
    weights = []
    for a, b in ((1, 2), (2, 0), (0, 1)):
        weights.append((x[:, b] - x[:, a]) * (py - y[:, a]) - (y[:, b] - y[:, a]) * (px - x[:, a]))
    weights = np.stack(weights, axis=1) / np.where(area == 0, np.inf, area)[:, None]
    inside = (weights >= -1e-9).all(axis=1) & (area != 0)
    return px[inside], py[inside], (weights * inverse).sum(axis=1)[inside], owner[inside]


def _clip_near(corners, owners):
    """Cut triangles at the near plane; those behind it go."""
    ahead = corners[..., 2] > _NEAR
    whole = ahead.all(axis=1)
    pieces, of = [corners[whole]], [owners[whole]]
    for triangle, in_front, owner in zip(corners[~whole], ahead[~whole], owners[~whole]):
        if not in_front.any():
            continue
        polygon = []
        for n in range(3):
            here, there = triangle[n], triangle[(n + 1) % 3]
            if in_front[n]:
                polygon.append(here)
            if in_front[n] != in_front[(n + 1) % 3]:
                share = (_NEAR - here[2]) / (there[2] - here[2])
                polygon.append(here + share * (there - here))
        for n in range(1, len(polygon) - 1):
            pieces.append(np.array([[polygon[0], polygon[n], polygon[n + 1]]]))
            of.append(np.array([owner]))
    return np.concatenate(pieces), np.concatenate(of)


def _cut_up(corners, owners, longest):
    """Halve the longest edge of triangles until none is longer than ``longest``, in radians as the camera sees it."""
    done, of = [], []
    while len(corners):
        towards = corners / np.linalg.norm(corners, axis=2, keepdims=True)
        edges = np.linalg.norm(np.roll(towards, -1, axis=1) - towards, axis=2)  # of corner n to corner n + 1
        short = edges.max(axis=1) <= longest
        done.append(corners[short])
        of.append(owners[short])
        corners, owners, first = corners[~short], owners[~short], edges[~short].argmax(axis=1)
        a, b, c = (corners[np.arange(len(corners)), (first + n) % 3] for n in range(3))
        middle = (a + b) / 2
        corners = np.concatenate([np.stack([a, middle, c], axis=1), np.stack([middle, b, c], axis=1)])
        owners = np.concatenate([owners, owners])
    return np.concatenate(done), np.concatenate(of)


class Rays:
    """Rays from one origin at many triangles; each triangle is asked only by rays inside the cone that holds it."""

    def __init__(self, origin, triangles):
        self.origin, self.triangles = origin, triangles
        towards = triangles - origin
        towards /= np.maximum(np.linalg.norm(towards, axis=2, keepdims=True), 1e-12)
        self._axes = towards.mean(axis=1)
        self._axes /= np.maximum(np.linalg.norm(self._axes, axis=1, keepdims=True), 1e-12)
        cosine = np.einsum("tci,ti->tc", towards, self._axes).min(axis=1)
        self._cosines = np.where(cosine > 0.1, cosine - 1e-9, -1.0)  # a cone wider than a right angle holds nothing

    def first_hit(self, target):
        """As the function ``first_hit``."""
        direction = (target - self.origin) / np.linalg.norm(target - self.origin)
        near = np.flatnonzero(self._axes @ direction >= self._cosines)
        hit = first_hit(self.origin, target, self.triangles[near]) if near.size else None
        return None if hit is None else (near[hit[0]], hit[1])


def first_hit(origin, target, triangles):
    """Moeller and Trumbore: (triangle, distance) of the first hit between ``origin`` and ``target``, or None."""
    reach = np.linalg.norm(target - origin)
    direction = (target - origin) / reach
    edge1, edge2 = triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    p = np.cross(direction, edge2)
    determinant = (edge1 * p).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        t_vector = origin - triangles[:, 0]
        u = (t_vector * p).sum(axis=1) / determinant
        q = np.cross(t_vector, edge1)
        v = (direction * q).sum(axis=1) / determinant
        distance = (edge2 * q).sum(axis=1) / determinant
        good = (np.abs(determinant) > 1e-14) & (u >= 0) & (v >= 0) & (u + v <= 1) & (distance > 0) & (distance < reach)
    if not good.any():
        return None
    index = np.flatnonzero(good)[distance[good].argmin()]
    return index, distance[index]


def extent(mask):
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return None
    return np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], dtype=float)
