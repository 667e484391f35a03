"""Objects on walls and in corners of any room, placed after the furniture that is typical of its kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional, TypeVar

from ...body.plan_frame import PlanFrame
from ..spec import FurnitureSpec
from ..streams import RandomStream
from .plan import Plan
from .walls import WALLS

_OFFICIAL = (
    ("sign", 1.5), ("notice_board", 1.1), ("clock", 2.05), ("dispenser", 1.1), ("glove_boxes", 1.3), ("socket", 0.3),
    ("socket", 0.3), ("whiteboard", 1.0), ("poster", 1.1), ("picture", 1.4), ("extinguisher", 0.5), ("sign", 1.6),
    ("air_conditioner", 2.12), ("picture", 1.35), ("dispenser", 1.05),
)  # fmt: skip
_HOMELY = (
    ("picture", 1.4), ("picture", 1.45), ("clock", 1.9), ("socket", 0.3), ("socket", 0.3), ("wall_shelf", 1.4),
    ("mirror", 1.2), ("poster", 1.1), ("air_conditioner", 2.12), ("picture", 1.35),
)  # fmt: skip
_Option = TypeVar("_Option")
_NEGATIVES = ("poster", "coat_hooks", "mannequin", "television", "doll", "poster")


def places(stream: RandomStream, length: float, count: int = 6) -> list[float]:
    """Places along a wall of ``length`` metres, in random order."""
    return [stream.uniform(-0.5, 0.5) * (length - 0.3) for _ in range(count)]


def ordered(stream: RandomStream, options: Sequence[_Option]) -> list[_Option]:
    """``options`` in random order."""
    left = list(options)
    return [left.pop(int(stream.unit() * len(left))) for _ in range(len(left))]


def dress_walls(plan: Plan, stream: RandomStream, home: bool) -> None:
    """Hang signs, boards, clocks, dispensers and sockets on the walls; pictures at home."""
    for kind, z in _HOMELY if home else _OFFICIAL:
        if stream.unit() < plan.config["clutter.amount"]:
            wall = stream.choice(WALLS)
            style = "text" if kind == "poster" else ""  # posters of people are hard negatives and counted as such
            plan.hang(
                stream, kind, wall, places(stream, plan.wall_length(wall)), z + stream.uniform(-0.06, 0.06), style
            )


def add_corners(plan: Plan, stream: RandomStream, kinds: Sequence[str]) -> None:
    """Put each of ``kinds`` against some wall where it fits, mostly."""
    for kind in kinds:
        if stream.unit() < plan.config["clutter.amount"] + 0.15:
            wall = stream.choice(WALLS)
            plan.against(stream, kind, wall, places(stream, plan.wall_length(wall), 8), off=0.04)


def park(plan: Plan, stream: RandomStream, kinds: Sequence[str]) -> None:
    """Place wheeled equipment along the walls; about half of the pieces stand free, as if in use."""
    for kind in kinds:
        if stream.unit() < 0.5 and _in_use(plan, stream, kind):
            continue
        wall = stream.choice(WALLS)
        plan.against(stream, kind, wall, places(stream, plan.wall_length(wall), 10), off=stream.uniform(0.05, 0.3))


def _in_use(plan: Plan, stream: RandomStream, kind: str) -> bool:
    """Put ``kind`` on free floor with space behind its handle; whether there was room for it."""
    for _ in range(12):
        x, y = (stream.uniform(-0.5, 0.5) * (side - 1.4) for side in (plan.width, plan.depth))
        turn = stream.uniform(-180.0, 180.0)
        behind = PlanFrame.at(x, y, turn).ahead(-0.8)
        if plan.clearance(*behind) > 0.32 and plan.put(stream, kind, x, y, turn, gap=0.1) is not None:
            return True
    return False


def add_distractors(plan: Plan, stream: RandomStream) -> None:
    """Add floating solids of any colour; their number grows with ``room.randomness``."""
    for _ in range(int(10 * plan.config["room.randomness"] * stream.unit())):
        x, y = (stream.uniform(-0.5, 0.5) * (side - 0.6) for side in (plan.width, plan.depth))
        plan.put(stream, "distractor", x, y, stream.uniform(-180.0, 180.0), stream.uniform(0.2, plan.height - 0.7))


def add_negatives(plan: Plan, stream: RandomStream) -> None:
    """Sometimes add an object that looks like a person: a poster, coats on hooks, a mannequin, a doll, a screen."""
    if stream.unit() >= plan.config["clutter.negatives_share"]:
        return
    for kind in ordered(stream, _NEGATIVES)[: stream.choice((1, 2, 2, 3))]:
        for wall in ordered(stream, WALLS):
            if _add_negative(plan, stream, kind, wall) is not None:
                break


def _add_negative(plan: Plan, stream: RandomStream, kind: str, wall: str) -> Optional[FurnitureSpec]:
    along = places(stream, plan.wall_length(wall), 8)
    if kind == "poster":
        style = stream.choice(("face", "person", "people"))
        return plan.hang(stream, kind, wall, along, stream.uniform(0.9, 1.2), style)
    if kind == "coat_hooks":
        return plan.hang(stream, kind, wall, along, stream.uniform(0.65, 0.8))
    if kind == "television":
        return plan.hang(stream, "wall_tv", wall, along, stream.uniform(1.5, 1.75), "person")
    if kind == "mannequin":
        return plan.against(stream, kind, wall, along, off=0.08)
    return _sit_doll(plan, stream)


def _sit_doll(plan: Plan, stream: RandomStream) -> Optional[FurnitureSpec]:
    tops = [
        piece for piece in plan.pieces if piece.kind in ("bedside_cabinet", "nightstand", "dresser", "worktop", "desk")
    ]
    if not tops:
        return None
    return plan.on_top(stream, "doll", stream.choice(tops), stream.uniform(-0.1, 0.1), 0.05)


def lay_out(plan: Plan, stream: RandomStream, table: FurnitureSpec, kinds: Sequence[str], y: float = 0.0) -> None:
    """Put small objects side by side on a table, as many as fit, each turned a little."""
    half = table.shape["width"] / 2
    for k, kind in enumerate(kinds):
        if stream.unit() < plan.config["clutter.amount"] + 0.2:
            x = ((k + 0.5) / len(kinds) - 0.5) * 2 * half + stream.uniform(-0.05, 0.05)
            plan.on_top(stream, kind, table, x, y + stream.uniform(-0.05, 0.08), stream.normal(0.0, 6.0))
