"""The types of a record's fields, checked before anything is built from a file: files come from strangers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from .errors import FormatError
from .keypoints import NAMES


def check_frame(value: dict, where: str) -> None:
    """Check a frame's JSON without its instances. Raises FormatError naming ``where``, the field and what it holds."""
    _check(value, _FRAME, where)


def check_instance(value: dict, where: str) -> None:
    """Check an instance's JSON. Raises FormatError as ``check_frame``."""
    _check(value, _INSTANCE, where)


def is_number(value: Any) -> bool:
    """Whether it is a finite number; True and False are none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond what a float can hold
        return False


def is_box(value: Any) -> bool:
    """Whether it is ``[x, y, width, height]`` of finite numbers; whether they make sense is not asked."""
    return isinstance(value, list) and len(value) == 4 and all(map(is_number, value))


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_side(value: Any) -> bool:
    return _is_whole(value) and value > 0


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_mask(value: Any) -> bool:
    size = value.get("size") if isinstance(value, dict) else None
    return isinstance(size, list) and len(size) == 2 and all(map(_is_side, size)) and _is_text(value.get("counts"))


def _are_joints(value: Any) -> bool:
    rows = isinstance(value, list) and all(isinstance(row, list) and len(row) == 3 for row in value)
    return rows and len(value) == len(NAMES) and all(is_number(number) for row in value for number in row)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


_BOX = (is_box, "[x, y, width, height]")
_NUMBER = (is_number, "a number")
_WHOLE = (_is_whole, "a whole number from 0 on")
_SIDE = (_is_side, "a whole number of pixels")
_TEXT = (_is_text, "a text")
_OBJECT = (_is_object, "an object")

_FRAME: dict[str, tuple[Callable, str]] = {
    "file": _TEXT,
    "width": _SIDE,
    "height": _SIDE,
    "seed": _WHOLE,
    "index": _WHOLE,
    "scene_index": _WHOLE,
    "view_index": _WHOLE,
    "attributes": _OBJECT,
    "spec": _OBJECT,
    "depth_file": _TEXT,
    "mask_file": _TEXT,
}
_INSTANCE: dict[str, tuple[Callable, str]] = {
    "id": _WHOLE,
    "category": _TEXT,
    "attributes": _OBJECT,
    "mask": (_is_mask, "an RLE {size: [height, width], counts: text}"),
    "bbox_visible": _BOX,
    "bbox_covered": _BOX,
    "bbox_amodal": _BOX,
    "bbox_amodal_unclipped": _BOX,
    "visible_fraction": _NUMBER,
    "covered_fraction": _NUMBER,
    "in_frame_fraction": _NUMBER,
    "keypoints": (_are_joints, f"{len(NAMES)} key points [x, y, v]"),
    "occluded_by": (_are_texts, "a list of texts"),
    "distance": _NUMBER,
    "ignore": (_is_flag, "true or false"),
    "area": _NUMBER,
}


def _check(value: dict, kinds: dict, where: str) -> None:
    for name, (fits, expected) in kinds.items():
        if name in value and not fits(value[name]):
            raise FormatError(f"{where}: {name} is {str(value[name])[:60]!r}, expected {expected}")
