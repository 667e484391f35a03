"""Rooms at home, and bathrooms of both homes and hospitals."""

from __future__ import annotations

from ..streams import RandomStream
from .boxes import to_room
from .dressing import add_corners, add_negatives, dress_walls, lay_out, ordered, places
from .plan import Plan
from .shell import add_door, add_windows


def furnish_bedroom(plan: Plan, furniture: RandomStream, clutter: RandomStream) -> None:
    """A bed with its head at a wall, cupboards, a chair, a rug; sometimes a care bed."""
    add_door(plan, furniture)
    wall = furniture.choice(("+y", "+y", "-x", "+x"))
    add_windows(plan, furniture, [other for other in ordered(furniture, ("+y", "-x", "+x")) if other != wall], most=1)
    reach = plan.wall_length(wall) / 2 - 0.9
    shift = furniture.choice((-1.0, 0.0, 1.0, furniture.uniform(-1.0, 1.0))) * reach
    style = "hospital" if furniture.unit() < 0.15 else "home"
    bed = plan.against(furniture, "bed", wall, (shift, 0.6 * shift, 0.2 * shift, 0.0), style=style, off=0.04)
    if bed is not None:
        plan.lead_to(*to_room(bed, 0.0, -1.4))
        for side in (-1.0, 1.0):
            if furniture.unit() < 0.75:
                table = plan.beside(furniture, "nightstand", bed, side, 0.0, 0.06)
                if table is not None:
                    lay_out(
                        plan,
                        furniture,
                        table,
                        (furniture.choice(("table_lamp", "table_lamp", "cups", "books", "telephone")),),
                    )
    for kind in ordered(furniture, ("wardrobe", "dresser", "desk", "shelf", "television", "sofa", "table"))[
        : int(furniture.choice((1, 2, 3, 4)))
    ]:
        other = furniture.choice(("+y", "-x", "+x", "-y"))
        along = places(furniture, plan.wall_length(other), 10)
        if kind == "television":
            stand = plan.against(furniture, "dresser", other, along)
            if stand is not None:
                plan.on_top(furniture, "television", stand, 0.0, 0.05)
        else:
            piece = plan.against(furniture, kind, other, along)
            if piece is not None and kind in ("desk", "table", "dresser"):
                lay_out(
                    plan,
                    furniture,
                    piece,
                    ordered(furniture, ("computer", "books", "papers", "cups", "table_lamp"))[:3],
                )
    for _ in range(int(furniture.choice((0, 1, 1, 2)))):
        other = furniture.choice(("-x", "+x", "-y"))
        plan.against(
            furniture,
            furniture.choice(("chair", "chair", "wheelchair", "walker")),
            other,
            places(furniture, plan.wall_length(other), 8),
            off=0.1,
        )
    if furniture.unit() < 0.5:
        plan.put(furniture, "rug", furniture.uniform(-0.4, 0.4), furniture.uniform(-0.8, 0.2))
    add_negatives(plan, clutter)
    add_corners(plan, clutter, ("plant", "floor_lamp", "bag", "box", "linen_pile", "radiator"))
    dress_walls(plan, clutter, home=True)


def furnish_bathroom(plan: Plan, furniture: RandomStream, clutter: RandomStream) -> None:
    """Toilet with grab bars, basin with mirror, shower."""
    add_door(plan, furniture)
    add_windows(plan, furniture, ("+y",), most=1)
    walls = ordered(furniture, ("+y", "-x", "+x"))
    for kind, wall in zip(("shower", "toilet", "sink"), walls):
        half = plan.wall_length(wall) / 2
        along = [furniture.choice((-1.0, 1.0)) * (half - 0.56), *places(furniture, 2 * half, 14)]
        piece = plan.against(furniture, kind, wall, along, off=0.0 if kind != "toilet" else 0.01)
        if piece is not None and kind == "sink":
            centre = piece.x if wall == "+y" else piece.y
            plan.hang(furniture, "mirror", wall, (centre,), 1.15)
            plan.hang(furniture, "dispenser", wall, (centre + 0.5, centre - 0.5), 1.15)
    for kind, z in (("grab_bar", 0.8), ("towel_rail", 0.85), ("grab_bar", 0.9), ("dispenser", 1.0)):
        wall = furniture.choice(("+y", "-x", "+x", "-y"))
        plan.hang(furniture, kind, wall, places(furniture, plan.wall_length(wall), 8), z)
    if furniture.unit() < 0.5:
        plan.put(furniture, "mat", furniture.uniform(-0.2, 0.2), furniture.uniform(-0.2, 0.2))
    for kind in ordered(furniture, ("stool", "wheelchair", "walker", "hamper"))[:2]:
        wall = furniture.choice(("-x", "+x", "-y"))
        plan.against(furniture, kind, wall, places(furniture, plan.wall_length(wall), 8), off=0.05)
    add_negatives(plan, clutter)
    add_corners(plan, clutter, ("bin", "radiator", "linen_pile"))
