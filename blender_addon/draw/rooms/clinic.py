"""Rooms of a clinic without patients' beds: treatment, waiting, corridor, nurses' desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from ..furniture import extent
from ..spec import FurnitureSpec
from ..streams import RandomStream
from .boxes import to_room
from .dressing import add_corners, add_negatives, dress_walls, lay_out, ordered, park, places
from .plan import Plan
from .shell import add_door, add_windows
from .walls import HEADING

_ON_DESK = ("computer", "papers", "telephone", "papers", "cups", "supplies", "bottles")


def furnish_treatment(plan: Plan, furniture: RandomStream, clutter: RandomStream) -> None:
    """An examination room with a couch, or a room where blood is drawn in a row of chairs."""
    add_door(plan, furniture)
    add_windows(plan, furniture, ordered(furniture, ("+y", "-x", "+x")), most=1)
    plan.alike = furniture.choice(((), ("chair",), ("chair", "desk", "bin", "side_table", "office_chair")))
    if furniture.unit() < 0.5:
        _examination(plan, furniture)
    else:
        _blood_drawing(plan, furniture)
    for _ in range(int(furniture.choice((0, 1, 2)))):
        _desk_in_room(plan, furniture)
    _desk_at_wall(plan, furniture, furniture.choice(("-x", "+x", "+y", "-y")))
    for _ in range(int(furniture.choice((0, 1, 2, 3)))):
        wall = furniture.choice(("-x", "+x", "+y", "-y"))
        plan.against(
            furniture, "chair", wall, places(furniture, plan.wall_length(wall), 8), off=furniture.uniform(0.06, 0.15)
        )
    park(
        plan,
        furniture,
        ordered(furniture, ("trolley", "wheelchair", "workstation"))[: int(furniture.choice((0, 1, 1)))],
    )
    for kind in ("cupboard", "shelf", "worktop")[int(furniture.choice((0, 1, 2))) :]:
        wall = furniture.choice(("-x", "+x", "+y", "-y"))
        plan.against(furniture, kind, wall, places(furniture, plan.wall_length(wall), 8))
    _lay_worktops(plan, clutter)
    add_negatives(plan, clutter)
    add_corners(plan, clutter, ("sharps_box", "bin", "bin", "sink", "box", "linen_pile", "hamper", "bag"))
    dress_walls(plan, clutter, home=False)


def _examination(plan: Plan, stream: RandomStream) -> None:
    wall = stream.choice(("-x", "+x"))
    turned = stream.choice(("+y", wall))
    along = (0.5 if wall == "+x" else -0.5) * (plan.width - 1.6) if turned == "+y" else plan.depth / 2 - 0.8
    couch = plan.against(stream, "bed", turned, (along, 0.8 * along, 0.5 * along), style="couch", off=0.06)
    if couch is not None:
        plan.lead_to(*to_room(couch, 0.0, -1.35) if turned == "+y" else to_room(couch, _towards_door(couch), -0.3))
        side = stream.choice((-1.0, 1.0))
        for kind, back in (("exam_lamp", 0.05), ("stool", 0.75), ("tray_table", 1.25)):
            if stream.unit() < 0.7:
                plan.beside(stream, kind, couch, side, back, 0.15)
    other = "-x" if wall == "+x" else "+x"
    _desk_at_wall(plan, stream, stream.choice((other, "-y")))


def _towards_door(couch: FurnitureSpec) -> float:
    """x of the couch's frame beside it, on the side towards the -y wall."""
    return 0.75 if couch.heading < 0 else -0.75


def _blood_drawing(plan: Plan, stream: RandomStream) -> None:
    """Chairs with arm boards along a wall, trays and bins between them, a desk opposite."""
    wall = stream.choice(("-x", "+x"))
    length = plan.wall_length(wall)
    count = int((length - 1.2) / 1.45)
    for k in range(count):
        along = -length / 2 + 1.0 + k * 1.45 + stream.uniform(-0.05, 0.05)
        chair = plan.against(stream, "chair", wall, (along,), style="phlebotomy", off=stream.uniform(0.1, 0.25))
        if chair is None:
            continue
        table = plan.beside(stream, stream.choice(("side_table", "tray_table")), chair, 1.0, 0.0, 0.08)
        if table is not None:
            lay_out(plan, stream, table, ("supplies",))
        if stream.unit() < 0.7:
            plan.beside(stream, "bin" if stream.unit() < 0.4 else "sharps_box", chair, 1.0, 0.55, 0.1)
        if stream.unit() < 0.6:
            place = to_room(chair, stream.uniform(-0.1, 0.1), -1.0)
            plan.put(stream, "stool", *place, chair.heading + 180.0)
    _desk_in_room(plan, stream)
    if stream.unit() < 0.5:
        _desk_at_wall(plan, stream, stream.choice(("+y", "-x" if wall == "+x" else "+x")))


def _desk_at_wall(plan: Plan, stream: RandomStream, wall: str) -> Optional[FurnitureSpec]:
    """A desk whose user faces the wall, a visitor's chair at its side."""
    desk = plan.against(stream, "desk", wall, places(stream, plan.wall_length(wall), 8), off=0.03)
    if desk is None:
        return None
    lay_out(plan, stream, desk, ordered(stream, _ON_DESK)[:4], y=0.05)
    _seat_at(plan, stream, desk, "office_chair", -0.18, -1.0)
    if stream.unit() < 0.6:
        plan.beside(stream, "chair", desk, stream.choice((-1.0, 1.0)), 0.15, 0.12, stream.uniform(-50.0, 50.0))
    return desk


def _desk_in_room(plan: Plan, stream: RandomStream) -> None:
    """A desk that stands free, its user behind it, chairs before it."""
    turn = stream.choice((0.0, 90.0, -90.0, 180.0))
    for _ in range(10):
        x = stream.uniform(-0.5, 0.5) * (plan.width - 2.6)
        y = stream.uniform(-0.35, 0.5) * (plan.depth - 2.4)
        desk = plan.put(stream, "desk", x, y, turn, gap=0.6)
        if desk is not None:
            break
    else:
        return
    lay_out(plan, stream, desk, ordered(stream, _ON_DESK)[:4])
    _seat_at(plan, stream, desk, "office_chair", -0.18, -1.0)
    for x in (-0.33, 0.33)[: int(stream.choice((1, 2, 2)))]:
        _seat_at(plan, stream, desk, "chair", x, 1.0)


def _seat_at(
    plan: Plan, stream: RandomStream, table: FurnitureSpec, kind: str, x: float, side: float, style: str = ""
) -> None:
    """A seat at a table's front (``side`` -1) or back (1), near enough to write; noted as a place at the table."""
    reach = extent(table.kind, table.shape).y2 + stream.uniform(0.12, 0.3)
    place = to_room(table, x, side * reach)
    # The chair's own front reaches under the table's top.
    chair = plan.put(
        stream,
        kind,
        *place,
        table.heading + (180.0 if side < 0 else 0.0) + stream.normal(0.0, 5.0),
        style=style,
        beside=(table.id,),
    )
    if chair is not None:
        plan.spot("table", chair, 0.0, 0.0, table_id=table.id)


def furnish_waiting(plan: Plan, furniture: RandomStream, clutter: RandomStream) -> None:
    """Benches along the walls and in rows, sometimes a reception desk and someone's wheelchair."""
    add_door(plan, furniture)
    add_windows(plan, furniture, ordered(furniture, ("+y", "-x", "+x")), most=2)
    door = plan.openings[0].along
    plan.keep_free(door - 0.5, -plan.depth / 2, door + 0.5, 0.0)
    rows = furniture.choice(("bench", "bench", "chair"))
    plan.alike = furniture.choice((("chair", "bench"), ("chair", "bench"), ()))
    if furniture.unit() < 0.35:
        wall = furniture.choice(("-x", "+x"))
        _reception(plan, furniture, wall)
    for wall in ("+y", "-x", "+x"):
        length = plan.wall_length(wall)
        if rows == "bench":
            for seats in range(min(5, int((length - 0.8) / 0.62)), 1, -1):
                if plan.against(furniture, "bench", wall, (0.0, 0.6, -0.6, 1.3, -1.3), style=str(seats), off=0.12):
                    break
        else:
            style = furniture.choice(("visitor", "stacking", "armchair"))
            for k in range(int((length - 0.9) / 0.72)):
                if furniture.unit() < 0.85:
                    plan.against(furniture, "chair", wall, (-length / 2 + 0.7 + 0.72 * k,), style=style, off=0.1)
    for k in range(int((plan.depth - 3.4) / 1.7)):
        if plan.width > 5.0 and furniture.unit() < 0.8:
            y = plan.depth / 2 - 2.1 - 1.7 * k
            plan.put(
                furniture, "bench", furniture.uniform(-0.4, 0.4), y, furniture.choice((0.0, 180.0)), style="4", gap=0.55
            )
    plan.put(furniture, "coffee_table", 0.0, plan.depth / 2 - 1.5, gap=0.35)
    park(plan, furniture, ordered(furniture, ("wheelchair", "walker", "wheelchair"))[:2])
    plan.hang(clutter, "wall_tv", furniture.choice(("-x", "+x", "-y")), places(clutter, plan.depth, 5), 1.75)
    add_negatives(plan, clutter)
    add_corners(plan, clutter, ("plant", "plant", "bin", "shelf", "bag", "walker"))
    dress_walls(plan, clutter, home=False)


def _reception(plan: Plan, stream: RandomStream, wall: str) -> None:
    """A counter that separates a strip along a wall for the staff behind it."""
    out = "-x" if wall == "+x" else "+x"
    y = plan.depth / 2 - 1.9
    x, _ = plan.at_wall(wall, 0.0, 1.65)
    # Its back (+y of its frame, the visitors' side) faces away from the wall.
    counter = plan.put(stream, "counter", x, y, HEADING[out], width=min(2.4, plan.depth - 2.4))
    if counter is None:
        return
    lay_out(plan, stream, counter, ("computer", "papers", "telephone"), y=-0.05)
    _seat_at(plan, stream, counter, "office_chair", stream.uniform(-0.6, 0.2), -1.0)
    plan.spot("stand", counter, -0.4, 0.8)


def furnish_corridor(plan: Plan, furniture: RandomStream, clutter: RandomStream) -> None:
    """A corridor: doors on both sides, handrails, equipment parked along one wall, the way beside it free."""
    add_door(plan, furniture, along=(0.0,), style="double", width=1.4)
    parked = furniture.choice(("-x", "+x"))
    for wall in ("-x", "+x"):
        along = -plan.depth / 2 + furniture.uniform(1.0, 2.0)
        while along < plan.depth / 2 - 0.9:
            add_door(plan, furniture, wall, (along,))
            along += furniture.uniform(2.2, 3.8) + (2.5 if wall == parked else 0.0)
    if furniture.unit() < 0.6:
        add_windows(plan, furniture, ("+y",), most=1)
    else:
        add_door(plan, furniture, "+y", (0.0,), "double", 1.4)
    way = (plan.width / 2 - 0.6) * (1.0 if parked == "-x" else -1.0)
    plan.keep_free(way - 0.5, -plan.depth / 2, way + 0.5, plan.depth / 2)
    kinds = ordered(
        furniture,
        (
            "bed",
            "trolley",
            "wheelchair",
            "chair",
            "chair",
            "bench",
            "workstation",
            "trolley",
            "iv_pole",
            "linen_pile",
            "walker",
            "hamper",
        ),
    )
    for kind in kinds[: int(furniture.choice((3, 5, 8, 11)))]:
        along = places(furniture, plan.depth, 8)
        if kind in ("bed", "wheelchair", "trolley", "workstation"):
            _park_along(plan, furniture, kind, parked, along)
        else:
            plan.against(furniture, kind, parked, along, style="3" if kind == "bench" else "", off=0.12)
    add_negatives(plan, clutter)
    add_corners(plan, clutter, ("plant", "bin"))
    dress_walls(plan, clutter, home=False)


def _park_along(plan: Plan, stream: RandomStream, kind: str, wall: str, along: Sequence[float]) -> None:
    """Put a piece lengthwise along a wall, at the first place where it fits."""
    heading = HEADING[wall] + stream.choice((90.0, -90.0))
    for place in along:
        x, y = plan.at_wall(wall, place, 0.66 if kind == "bed" else 0.48)
        if plan.put(stream, kind, x, y, heading):
            return


def furnish_desk(plan: Plan, furniture: RandomStream, clutter: RandomStream) -> None:
    """A nurses' station: a counter towards the door, work places behind it."""
    add_door(plan, furniture, style="glazed")
    add_windows(plan, furniture, ("+y",), most=1)
    plan.alike = furniture.choice(((), ("office_chair", "desk", "counter", "shelf")))
    y = furniture.uniform(-0.1, 0.25)
    plan.keep_free(-plan.width / 2 + 0.3, -plan.depth / 2 + 0.2, plan.width / 2 - 0.3, y - 0.7)
    side = furniture.choice((-1.0, 1.0))
    width = min(furniture.uniform(2.4, 3.2), plan.width - 1.2)
    counter = plan.put(furniture, "counter", side * (plan.width / 2 - width / 2 - 0.05), y, 180.0, width=width)
    if counter is not None:
        passage = counter.x - side * (width / 2 + 0.35)
        plan.lead_to(passage, y + 0.9)
        plan.keep_free(min(passage, 0.0) - 0.3, y + 0.95, max(passage, 0.0) + 0.3, y + 1.3)
        lay_out(plan, furniture, counter, ("computer", "papers", "telephone", "computer", "papers"), y=-0.06)
        for x in (-0.25 * width, 0.08 * width):
            if furniture.unit() < 0.85:
                _seat_at(plan, furniture, counter, "office_chair", x, -1.0)
        for x in (-0.25 * width, 0.2 * width):
            plan.spot("stand", counter, x, 0.75)
    for wall in ordered(furniture, ("+y", "-x", "+x")):
        _desk_at_wall(plan, furniture, wall)
    park(plan, furniture, ordered(furniture, ("trolley", "workstation", "wheelchair"))[:1])
    for kind in ("shelf", "cupboard"):
        wall = furniture.choice(("-x", "+x", "+y"))
        plan.against(furniture, kind, wall, places(furniture, plan.wall_length(wall), 8))
    add_negatives(plan, clutter)
    add_corners(plan, clutter, ("bin", "box", "plant", "bag"))
    dress_walls(plan, clutter, home=False)


def _lay_worktops(plan: Plan, stream: RandomStream) -> None:
    for piece in [piece for piece in plan.pieces if piece.kind == "worktop"]:
        lay_out(plan, stream, piece, ordered(stream, ("bottles", "supplies", "papers", "bottles", "computer"))[:3])
