"""Which key points an object has: their names, what a mirrored image makes of them, and the lines between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared_format.errors import FormatError
from shared_format.keypoints import EDGES, NAMES, NOT_IN_IMAGE

KeypointRows = list[list[float]]  # one row [x, y, v] per key point: source pixels, and COCO's visibility 0, 1 or 2

_SIDES = re.compile(r"left|right|(?<![a-z])[lr](?![a-z])", re.IGNORECASE)
_OTHER_SIDE = {"left": "right", "right": "left", "l": "r", "r": "l"}


@dataclass(frozen=True)
class Skeleton:
    """The key points of a data set, in the order of the rows of ``Instance.keypoints``.

    Attributes:
        names: one per key point, all different; ``numbered_names`` where the data has none.
        mirrored: key point i of the mirrored image is key point ``mirrored[i]`` of the image: the left wrist of the
            one shows the right wrist of the other.
        edges: pairs of key points that a drawing joins by a line.

    Raises:
        FormatError: names that occur twice, a ``mirrored`` that is no exchange of pairs, or an edge to nowhere.
    """

    names: tuple[str, ...]
    mirrored: tuple[int, ...]
    edges: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        count = len(self.names)
        if not count or len(set(self.names)) < count:
            raise FormatError(f"key points are named {', '.join(self.names) or 'nothing'}, expected different names")
        if sorted(self.mirrored) != list(range(count)):
            raise FormatError(f"the mirrored order {list(self.mirrored)} must hold each of 0 to {count - 1} once")
        single = next((i for i, j in enumerate(self.mirrored) if self.mirrored[j] != i), None)
        if single is not None:
            raise FormatError(
                f"the mirrored order {list(self.mirrored)} must exchange pairs: point {single} becomes "
                f"{self.mirrored[single]}, which becomes {self.mirrored[self.mirrored[single]]}"
            )
        wrong = next((edge for edge in self.edges if not all(0 <= end < count for end in edge)), None)
        if wrong is not None:
            raise FormatError(f"a line joins the key points {wrong[0]} and {wrong[1]}, there are 0 to {count - 1}")

    def __len__(self) -> int:
        """The number of key points."""
        return len(self.names)

    def fits_in(self, other: Skeleton) -> bool:
        """Whether ``other`` has all of these key points, by their names."""
        return set(self.names) <= set(other.names)

    def rows_for(self, other: Skeleton, rows: Sequence[Sequence[float]]) -> KeypointRows:
        """Rows of this skeleton in the order of ``other``, which it ``fits_in``; what only that one has gets v 0."""
        by_name = dict(zip(self.names, rows))
        return [list(by_name.get(name, (0.0, 0.0, NOT_IN_IMAGE))) for name in other.names]


def mirrored_by_name(names: Sequence[str]) -> tuple[int, ...]:
    """The mirrored order that names say: ``left_eye`` and ``right_eye`` change places, ``nose`` stays."""
    places = {name: place for place, name in enumerate(names)}
    return tuple(places.get(_SIDES.sub(_swapped, name), place) for place, name in enumerate(names))


def numbered_names(count: int) -> tuple[str, ...]:
    """The names of key points that the data does not name: ``0``, ``1`` ..."""
    return tuple(map(str, range(count)))


def named_skeleton(names: Sequence[str], edges: Sequence[tuple[int, int]] = ()) -> Skeleton:
    """The skeleton of these names; COCO's own where they are COCO's, however spelt (``Left-Eye``).

    Raises:
        FormatError: names that occur twice, or an edge to nowhere.
    """
    if tuple(re.sub(r"[^a-z]+", "_", name.lower()) for name in names) == NAMES:
        return COCO_SKELETON
    return Skeleton(tuple(names), mirrored_by_name(names), tuple(edges))


def _swapped(side: re.Match[str]) -> str:
    found = side[0]
    other = _OTHER_SIDE[found.lower()]
    return other.upper() if found.isupper() else other.capitalize() if found[0].isupper() else other


COCO_SKELETON = Skeleton(NAMES, mirrored_by_name(NAMES), EDGES)
