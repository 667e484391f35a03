"""The spots for people in a furnished room: in and on beds, on seats, behind equipment that can be pushed."""

from __future__ import annotations

from ..furniture import anchors
from ..furniture.seats import seat_places
from ..spec import FurnitureSpec
from .boxes import to_room
from .plan import Plan

_LEGS = 0.36  # metres of free floor in front of a bed's edge or a seat
_STANDING = 0.40  # metres from the mattress's side to a person who stands beside it
_ROOM = 0.28  # radius of free floor around a person who stands, metres


def note_spots(plan: Plan) -> None:
    """Note the spots of every piece of the plan, except seats at tables, which were noted when they were placed."""
    seated = {spot.furniture_id for spot in plan.spots if spot.kind == "table"}
    for piece in plan.pieces:
        if piece.kind == "bed":
            _bed(plan, piece)
        elif "seat_height" in piece.shape and piece.id not in seated:
            _seats(plan, piece)
        if "handle_left" in anchors(piece.kind, piece.shape):
            _pushing(plan, piece)


def _is_free(plan: Plan, piece: FurnitureSpec, x: float, y: float, room: float = _ROOM) -> bool:
    return plan.clearance(*to_room(piece, x, y), without=(piece.id,)) >= room


def _bed(plan: Plan, bed: FurnitureSpec) -> None:
    plan.spot("lie", bed, 0.0, 0.0)
    half = bed.shape["width"] / 2
    for side in (-1.0, 1.0):
        for along in (-0.05, 0.3, -0.4):  # metres from the mattress's middle towards its head
            if _is_free(plan, bed, side * (half + _LEGS), along):
                plan.spot("edge", bed, side * half, along, side * 90.0)
                break
        for along in (0.3, -0.1, -0.5):
            if _is_free(plan, bed, side * (half + _STANDING), along):
                plan.spot("bend", bed, side * (half + _STANDING), along, -side * 90.0)
                break


def _seats(plan: Plan, seat: FurnitureSpec) -> None:
    reach = seat.shape["seat_depth"] / 2 + _LEGS
    for x in seat_places(seat.shape):
        if "handle_height" in seat.shape or _is_free(plan, seat, x, -reach, 0.2):
            plan.spot("sit", seat, x, 0.0)


def _pushing(plan: Plan, piece: FurnitureSpec) -> None:
    _, back, _ = anchors(piece.kind, piece.shape)["handle_left"]
    behind = back + (0.1 if piece.kind == "walker" else 0.38)
    if _is_free(plan, piece, 0.0, behind):
        plan.spot("push", piece, 0.0, behind)
