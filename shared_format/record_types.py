"""The types of a record's fields, checked before anything is built from a file: files may be invalid or malicious."""

# Values of parsed JSON are of unknown types until they are checked, which is what this module does.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeGuard

from .errors import FormatError
from .keypoints import NAMES

FARTHEST = 1e6  # largest coordinate of a label in pixels, so that arithmetic on it cannot overflow
JsonObject = dict[str, Any]  # parsed JSON, whose values are checked here
_FieldRule = tuple[Callable[[object], bool], str]  # a condition on a field's value, and its description
MOST_PIXELS = 2**29  # largest number of pixels of an image; Pillow opens no larger ones

OCCLUDERS = re.compile(r"none|self|bedding|outside|person:[1-9][0-9]*|object:.+")  # the values of ``occluded_by``


def check_frame(value: JsonObject, where: str) -> None:
    """Check a frame's JSON without its instances. Raises FormatError naming ``where``, the field and what it holds."""
    _check(value, _FRAME, where)


def check_instance(value: JsonObject, where: str) -> None:
    """Check an instance's JSON. Raises FormatError as ``check_frame``."""
    _check(value, _INSTANCE, where)


def check_camera(value: JsonObject, where: str) -> None:
    """Check a camera's JSON. Raises FormatError as ``check_frame``."""
    _check(value, _CAMERA, where)
    needed = _INTRINSICS[value["model"]]
    if set(value["intrinsics"]) != set(needed):
        raise FormatError(f"{where}: intrinsics of {sorted(value['intrinsics'])}, expected {', '.join(needed)}")


def is_number(value: object) -> TypeGuard[float]:
    """Whether it is a finite number; True and False are not."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond what a float can hold
        return False


def is_box(value: object) -> bool:
    """Whether it is ``[x, y, width, height]`` of pixels; their plausibility is not checked."""
    return isinstance(value, list) and len(value) == 4 and all(map(is_pixel, value))


def is_size(width: object, height: object) -> bool:
    """Whether they are the sides of an image in pixels."""
    return _is_side(width) and _is_side(height) and width * height <= MOST_PIXELS


def is_pixel(value: object) -> bool:
    """Whether it is a coordinate that a label can have, in pixels."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and -FARTHEST <= value <= FARTHEST


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_side(value: object) -> TypeGuard[int]:
    return _is_whole(value) and 0 < value <= FARTHEST


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str)


def _is_file(value: object) -> bool:
    return _is_text(value) and value.strip() != "" and "\0" not in value


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_mask(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    size = value.get("size")
    return isinstance(size, list) and len(size) == 2 and is_size(*size) and _is_text(value.get("counts"))


def _are_masks(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_mask, value.values()))


def _are_numbers(value: object, count: int) -> bool:
    return isinstance(value, list) and len(value) == count and all(map(is_number, value))


def _are_joints(value: object) -> bool:
    return _are_places(value) and all(is_pixel(number) for row in value for number in row)


def _are_places(value: object) -> TypeGuard[list[list[float]]]:
    return isinstance(value, list) and len(value) == len(NAMES) and all(_are_numbers(row, 3) for row in value)


def _is_matrix(value: object) -> bool:
    return isinstance(value, list) and len(value) == 3 and all(_are_numbers(row, 4) for row in value)


def _are_named_numbers(value: object) -> bool:
    return isinstance(value, dict) and all(map(is_number, value.values()))


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_named_texts(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value.values()))


_BOX = (is_box, "[x, y, width, height]")
_NUMBER = (is_number, "a number")
_WHOLE = (_is_whole, "a whole number, 0 or more")
_SIDE = (_is_side, "a whole number of pixels")
_TEXT = (_is_text, "a text")
_FILE = (_is_file, "a file's name")
_OBJECT = (_is_object, "an object")

_FRAME: dict[str, _FieldRule] = {
    "file": _FILE,
    "width": _SIDE,
    "height": _SIDE,
    "seed": _WHOLE,
    "index": _WHOLE,
    "scene_index": _WHOLE,
    "view_index": _WHOLE,
    "attributes": _OBJECT,
    "spec": _OBJECT,
    "depth_file": _FILE,
    "mask_file": _FILE,
    "sha256": (_are_named_texts, "an object of hexadecimal texts"),
}
_INSTANCE: dict[str, _FieldRule] = {
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
    "hidden_by": (_are_named_numbers, "an object of fractions by owner"),
    "keypoints_3d": (_are_places, f"{len(NAMES)} joints [x, y, z]"),
    "bbox_3d": (lambda value: _are_numbers(value, 6), "[x1, y1, z1, x2, y2, z2]"),
    "distance": _NUMBER,
    "parts": (_are_masks, "an object of masks"),
    "ignore": (_is_flag, "true or false"),
    "area": _NUMBER,
}
_INTRINSICS = {"pinhole": ("fx", "fy", "cx", "cy"), "polynomial": ("cx", "cy", "k1", "k2", "k3", "k4")}
_CAMERA: dict[str, _FieldRule] = {
    "model": (lambda value: _is_text(value) and value in _INTRINSICS, f"one of {', '.join(_INTRINSICS)}"),
    "width": _SIDE,
    "height": _SIDE,
    "intrinsics": (_are_named_numbers, "an object of numbers"),
    "extrinsics": (_is_matrix, "3 rows [R | t] of 4 numbers"),
}


def _check(value: JsonObject, kinds: Mapping[str, _FieldRule], where: str) -> None:
    for name, (fits, expected) in kinds.items():
        if name in value and not fits(value[name]):
            raise FormatError(f"{where}: {name} is {str(value[name])[:60]!r}, expected {expected}")
