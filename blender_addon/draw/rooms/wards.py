"""Rooms with patients' beds: the single room, the ward with curtains, the intensive-care bay."""

from __future__ import annotations

from typing import Optional

from ..furniture import extent
from ..furniture.dimensions import BED
from ..spec import FurnitureSpec
from ..streams import RandomStream
from .boxes import to_room
from .dressing import add_corners, add_negatives, dress_walls, lay_out, ordered, park
from .plan import Plan
from .shell import add_door, add_windows
from .walls import HEADING

_ON_CABINET = ("cups", "telephone", "papers", "cups", "table_lamp", "books")
_AISLE = 0.85  # before the foot ends, metres


def furnish_single(plan: Plan, furniture: RandomStream, clutter: RandomStream) -> None:
    """One bed, its head at the +y wall."""
    add_door(plan, furniture)
    add_windows(plan, furniture, ordered(furniture, ("-x", "+x")), most=1)
    reach = plan.width / 2 - 1.35
    along = furniture.uniform(-reach, reach)
    _bay(plan, furniture, "+y", along, "", side=1.0 if along > 0 else -1.0)
    plan.lead_to(along, _before_beds(plan))
    equipment = ordered(furniture, ("wheelchair", "iv_pole", "walker", "trolley", "monitor", "workstation"))
    park(plan, furniture, equipment[: furniture.choice((0, 1, 1, 2))])
    wall = furniture.choice(("-x", "+x"))
    plan.against(
        furniture, furniture.choice(("wardrobe", "cupboard", "sink", "desk", "table")), wall, _ends(plan, wall)
    )
    _visitor_chair(plan, furniture)
    add_negatives(plan, clutter)
    add_corners(plan, clutter, ("bin", "plant", "hamper", "linen_pile", "bag", "sink"))
    dress_walls(plan, clutter, home=False)


def furnish_ward(plan: Plan, furniture: RandomStream, clutter: RandomStream, beds: int) -> None:
    """``beds`` bays: up to three in a row at the +y wall, more in two rows at the x walls, an aisle between them."""
    if beds <= 3:
        add_door(plan, furniture)
        add_windows(plan, furniture, ordered(furniture, ("-x", "+x")), most=1)
        rows = {"+y": beds}
    else:
        add_door(plan, furniture, along=(furniture.uniform(-0.4, 0.4),))
        add_windows(plan, furniture, ("+y",), most=1)
        rows = {"-x": (beds + 1) // 2, "+x": beds // 2}
    style = furniture.choice(("", "hospital", "icu"))
    if furniture.unit() < 0.8:
        plan.alike = ("bed", "bedside_cabinet", "bedhead", "overbed_table", "chair", "curtain")
    curtains = furniture.unit() < 0.8
    for wall, count in rows.items():
        length = plan.wall_length(wall)
        pitch = length / count
        for k in range(count):
            along = -length / 2 + (k + 0.5) * pitch + furniture.uniform(-0.06, 0.06)
            if curtains and k > 0:
                _curtain_rail(plan, furniture, wall, -length / 2 + k * pitch)
            _bay(plan, furniture, wall, along, style, side=furniture.choice((-1.0, 1.0)), narrow=pitch / 2)
    if len(rows) == 2:
        plan.keep_free(-0.4, -plan.depth / 2, 0.4, plan.depth / 2 - 0.9)
    else:
        for end in (-1.0, 1.0):
            plan.lead_to(end * (plan.width / 2 - 0.6), _before_beds(plan))
    park(
        plan,
        furniture,
        ordered(furniture, ("trolley", "wheelchair", "iv_pole", "workstation", "walker"))[
            : int(furniture.choice((1, 2, 3)))
        ],
    )
    _visitor_chair(plan, furniture)
    add_negatives(plan, clutter)
    add_corners(plan, clutter, ("bin", "sink", "hamper", "linen_pile", "bin"))
    dress_walls(plan, clutter, home=False)


def furnish_icu(plan: Plan, furniture: RandomStream, clutter: RandomStream) -> None:
    """One bed among machines, away from the walls at its sides."""
    add_door(plan, furniture, style=furniture.choice(("glazed", "double")))
    add_windows(plan, furniture, ordered(furniture, ("-x", "+x")), most=1)
    along = furniture.uniform(-0.25, 0.25)
    bed = _bay(plan, furniture, "+y", along, "icu", side=furniture.choice((-1.0, 1.0)), machines=True)
    plan.lead_to(along, _before_beds(plan))
    if bed is not None and furniture.unit() < 0.6:
        for side in (-1, 1):
            _curtain_rail(plan, furniture, "+y", side * (plan.width / 2 - 0.25))
    park(plan, furniture, ordered(furniture, ("workstation", "trolley", "iv_pole", "oxygen", "exam_lamp"))[:3])
    plan.against(furniture, "worktop", furniture.choice(("-x", "+x")), _ends(plan, "+x"))
    _visitor_chair(plan, furniture)
    add_negatives(plan, clutter)
    add_corners(plan, clutter, ("bin", "bin", "sink", "sharps_box"))
    dress_walls(plan, clutter, home=False)


def _bay(
    plan: Plan,
    stream: RandomStream,
    wall: str,
    along: float,
    style: str,
    side: float,
    narrow: float = 9.0,
    machines: bool = False,
) -> Optional[FurnitureSpec]:
    """A bed with its head at ``wall`` and the furniture of its bay; ``narrow`` is half the bay's width.

    ``side`` (-1, 1) is the bed's own side on which the cabinet stands; lines, poles and a chair are on the other.
    """
    bed = plan.against(stream, "bed", wall, (along,), style=style, off=0.05)
    if bed is None:
        return None
    if machines:
        for where in (-side, side):
            if plan.beside(stream, "ventilator", bed, where, 0.05, 0.06) is not None:
                break
    cabinet = plan.beside(stream, "bedside_cabinet", bed, side, 0.0, 0.08)
    if cabinet is not None:
        lay_out(plan, stream, cabinet, ordered(stream, _ON_CABINET)[:2])
    if stream.unit() < 0.85:
        width = min(stream.uniform(1.2, 1.8), 2 * narrow - 0.3)
        plan.hang(stream, "bedhead", wall, (along,), stream.uniform(1.35, 1.5), width=width)
    if stream.unit() < 0.4:
        plan.hang(stream, "reading_lamp", wall, (along - 0.5, along + 0.5), 1.8)
    if machines or stream.unit() < 0.3:
        plan.hang(stream, "monitor", wall, (along + 0.8, along - 0.8), stream.uniform(1.72, 1.85), "wall")
    if machines:
        plan.beside(stream, "iv_pole", bed, side, 0.5, 0.06)
        plan.beside(stream, "monitor", bed, -side, 0.7, 0.1, style="stand")
        plan.beside(stream, "iv_pole", bed, -side, 1.3, 0.08)
    elif stream.unit() < 0.6:
        plan.beside(stream, "iv_pole", bed, -side, stream.uniform(0.05, 0.5), 0.04)
    if stream.unit() < 0.5:
        _overbed(plan, stream, bed, -side)
    if narrow > 1.05 and stream.unit() < 0.7:
        kind = stream.choice(("chair", "chair", "stool"))
        plan.beside(stream, kind, bed, -side, stream.uniform(0.6, 1.1), 0.35, stream.uniform(-15.0, 15.0))
    return bed


def _overbed(plan: Plan, stream: RandomStream, bed: FurnitureSpec, side: float) -> None:
    """An overbed table across the bed, above its rails, or pushed aside."""
    if bed.shape["style"] == "couch":
        return
    if stream.unit() < 0.45:
        shape = bed.shape
        x, y = side * (extent("bed", shape).x2 + 0.13 - 0.3), stream.uniform(-0.45, -0.15)
        place = to_room(bed, x, y)
        low = shape["surface"] + 0.37
        plan.put(
            stream, "overbed_table", *place, bed.heading + (0.0 if side > 0 else 180.0), beside=(bed.id,),
            width=0.8, height=max(low, 0.85),
        )  # fmt: skip
        return
    table = plan.beside(stream, "overbed_table", bed, side, stream.uniform(1.0, 1.5), 0.1, 90.0)
    if table is not None:
        lay_out(plan, stream, table, ordered(stream, _ON_CABINET)[:2])


def _curtain_rail(plan: Plan, stream: RandomStream, wall: str, along: float) -> None:
    """A rail from the wall into the room, its curtain mostly pushed back to the wall."""
    reach = 2.2
    start, end = plan.at_wall(wall, along, 0.05), plan.at_wall(wall, along, reach)
    plan.rails.append((*start, *end))
    width = stream.choice((0.35, 0.45, 0.6, 1.0, 1.6, 2.0))
    middle = plan.at_wall(wall, along, 0.1 + width / 2)
    plan.put(stream, "curtain", *middle, HEADING[wall] + 90.0, width=width)


def _before_beds(plan: Plan) -> float:
    """The y of the path along the foot ends of beds at the +y wall."""
    return plan.depth / 2 - 2.0 - 2 * BED.board_reach - _AISLE / 2


def _ends(plan: Plan, wall: str) -> tuple[float, ...]:
    """Places along a wall from its lower end upwards."""
    half = plan.wall_length(wall) / 2
    return tuple(-half + 0.5 + 0.3 * k for k in range(int((2 * half - 1.0) / 0.3)))


def _visitor_chair(plan: Plan, stream: RandomStream) -> None:
    """A chair with its back to a wall, or two."""
    for _ in range(int(stream.choice((1, 1, 2)))):
        wall = stream.choice(("-x", "+x", "-y"))
        along = [stream.uniform(-0.5, 0.5) * (plan.wall_length(wall) - 0.6) for _ in range(8)]
        plan.against(stream, "chair", wall, along, off=stream.uniform(0.06, 0.15))
