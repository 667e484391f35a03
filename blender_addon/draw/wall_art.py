"""What pictures, posters, signs and boards show: a name for ``construct.wall_art`` to paint, and a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .spec import FurnitureSpec
from .streams import RandomStream

# kind of furniture -> what can be painted on it.
DRAWINGS: dict[str, tuple[str, ...]] = {
    "picture": (
        "mountains", "lake", "sea", "sunset", "forest", "meadow", "desert", "city", "lighthouse", "winter", "birches",
        "colour_fields", "circles", "squares", "brush_strokes", "arches", "waves", "vase", "fruit", "bottles",
        "blossom", "leaves", "tree", "animal", "certificate",
    ),
    "poster": (
        "hand_washing", "heart", "spine", "lungs", "eye_chart", "food", "forbidden", "warning", "mask_rule", "calendar",
        "timetable", "bar_chart", "curve_chart", "information", "notice", "opening_hours", "vaccination",
        "child_house", "child_rainbow",
    ),
    "sign": (
        "exit_sign", "directions", "room_number", "first_aid", "toilets", "fire_point", "radiation", "quiet",
    ),
    "notice_board": ("pinned_papers", "tidy_papers"),
    "whiteboard": ("bed_board", "handwriting", "diagram"),
}  # fmt: skip
_PEOPLE = ("face", "person", "people")  # styles of posters that resemble people keep their drawings


def with_wall_art(pieces: Sequence[FurnitureSpec], stream: RandomStream) -> list[FurnitureSpec]:
    """``pieces``, those of the kinds in ``DRAWINGS`` with a drawing; none hangs twice while others are left.

    Models, pieces with a random texture and posters of people stay as they are.
    """
    left = {kind: list(names) for kind, names in DRAWINGS.items()}
    return [_painted(piece, left[piece.kind], stream) if _is_paintable(piece) else piece for piece in pieces]


def _is_paintable(piece: FurnitureSpec) -> bool:
    shape = piece.shape
    own = "model" in shape or bool(shape.get("texture")) or shape.get("style") in _PEOPLE
    return piece.kind in DRAWINGS and not own


def _painted(piece: FurnitureSpec, left: list[str], stream: RandomStream) -> FurnitureSpec:
    """``piece`` with one of the drawings that are ``left``, which is taken from them."""
    if not left:
        left.extend(DRAWINGS[piece.kind])
    name = left.pop(int(len(left) * stream.unit()))
    return replace(piece, shape={**piece.shape, "drawing": name, "drawing_seed": int(stream.unit() * 2**31)})
