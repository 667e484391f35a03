"""Key points of a COCO file: which its categories name, and those of each annotation."""

# Values of parsed JSON are of unknown types until they are checked, which is what this module does.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Optional

from shared_format.errors import FormatError
from shared_format.record_types import is_pixel

from .finding_ids import FindingId
from .label_set import Reading, SourceId
from .skeletons import COCO_SKELETON, KeypointRows, Skeleton, named_skeleton

JsonObject = dict[str, Any]  # of a parsed file: its values are checked one by one
_FLAGS = (0, 1, 2)


class KeypointReader:
    """The key points of one file.

    Attributes:
        skeleton: that of most annotations with key points, or the one that a category names. The 17 of a category
            that names none are COCO's. None: the file has no place for key points.
    """

    def __init__(
        self, path: Path, categories: Sequence[JsonObject], annotations: Sequence[Any], reading: Reading
    ) -> None:
        self.path, self.reading = path, reading
        self._skeletons = self._named(categories)
        used: Counter[Skeleton] = Counter(dict.fromkeys(self._skeletons.values(), 0))
        for annotation in annotations:
            skeleton = self._skeleton_of(annotation) if isinstance(annotation, dict) else None
            if skeleton is not None:
                used[skeleton] += 1
        self.skeleton: Optional[Skeleton] = used.most_common(1)[0][0] if used else None

    def rows(self, annotation: JsonObject, name: str) -> Optional[KeypointRows]:
        """The rows [x, y, v] of an annotation, called ``name`` in messages.

        None where no point is annotated, or after it was reported that they cannot be used.
        """
        skeleton = self._skeleton_of(annotation)
        if skeleton is None:
            return None
        wrong = self._what_is_wrong(annotation["keypoints"], skeleton)
        if wrong is not None:
            self.reading.notice(FindingId.MALFORMED_KEYPOINT, f"{name} has {wrong}; its key points are left out")
            return None
        flat: list[float] = annotation["keypoints"]
        annotated = any(flat[2::3]) or annotation.get("occluded_by") is not None
        return [flat[start : start + 3] for start in range(0, len(flat), 3)] if annotated else None

    def _named(self, categories: Sequence[JsonObject]) -> dict[SourceId, Skeleton]:
        """Category id -> its key points, of the categories that name some."""
        found: dict[SourceId, Skeleton] = {}
        for category in categories:
            names = category.get("keypoints")
            if not isinstance(names, list) or not names:
                continue
            try:
                found[category["id"]] = named_skeleton(tuple(map(str, names)), _edges(category.get("skeleton")))
            except FormatError as error:
                message = f"{self.path}: category {category['name']}: {error}; its key points are left out"
                self.reading.notice(FindingId.MALFORMED_KEYPOINT, message)
        return found

    def _skeleton_of(self, annotation: JsonObject) -> Optional[Skeleton]:
        """What the key points of an annotation are; None where it has none, or none that are known."""
        flat, category = annotation.get("keypoints"), annotation.get("category_id")
        if not isinstance(flat, list) or not flat:
            return None
        named = self._skeletons.get(category) if isinstance(category, (int, float, str)) else None
        return named or (COCO_SKELETON if len(flat) == 3 * len(COCO_SKELETON) else None)

    def _what_is_wrong(self, flat: Sequence[Any], skeleton: Skeleton) -> Optional[str]:  # values are checked here
        if skeleton != self.skeleton:
            return f"other key points than most annotations: {len(skeleton)}, the first is {skeleton.names[0]}"
        if len(flat) != 3 * len(skeleton):
            return f"{len(flat)} numbers of key points, expected x, y and v of {len(skeleton)}"
        for value in flat:
            if not is_pixel(value):
                return f"{str(value)[:60]!r} among its key points, expected numbers of pixels"
        flags = [v for v in flat[2::3] if v not in _FLAGS]
        return f"a key point of visibility {flags[0]}, expected 0, 1 or 2" if flags else None


def _edges(listed: object) -> list[tuple[int, int]]:
    """The lines of a category's ``skeleton``, whose numbers start at 1; files that start at 0 are understood."""
    edges: list[tuple[int, int]] = []
    for edge in listed if isinstance(listed, list) else []:
        if isinstance(edge, list) and len(edge) == 2 and all(isinstance(end, int) for end in edge):
            edges.append((edge[0], edge[1]))
    first = 0 if any(0 in edge for edge in edges) else 1
    return [(one - first, other - first) for one, other in edges]
