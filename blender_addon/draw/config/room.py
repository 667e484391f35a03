"""Settings of the room: its kind and size, its furniture, what lies about."""

from __future__ import annotations

from ..rooms import KINDS
from .kinds import Number, PackListing, Range, Setting, Weights

ROOM_KINDS = tuple(KINDS)

ROOM = (
    Setting(
        "room.kind",
        {kind: float(kind == "single") for kind in ROOM_KINDS},
        Weights(ROOM_KINDS),
        "what room it is",
    ),
    Setting("room.scale", [0.9, 1.15], Range((0.8, 2.0)), "size of the room, 1 is usual for its kind"),
    Setting("room.height_m", [2.5, 3.0], Range((2.3, 5.0)), "height of the ceiling in metres"),
    Setting("room.window_share", 0.7, Number((0.0, 1.0)), "share of rooms with windows, where the kind has any"),
    Setting("room.door_open_share", 0.3, Number((0.0, 1.0)), "share of doors that stand open, at any angle"),
    Setting("room.beds", [2, 6], Range((1, 8)), "beds in a ward"),
    Setting(
        "room.randomness",
        0.0,
        Number((0.0, 1.0)),
        "share of surfaces and furniture of any colour and texture; 1 also lets things fly",
    ),
    Setting(
        "furniture.bed_surface_m", [0.48, 0.72], Range((0.4, 0.9)), "height of a hospital bed's mattress top in metres"
    ),
    Setting("furniture.raised_back_share", 0.4, Number((0.0, 1.0)), "share of hospital beds with raised back section"),
    Setting("furniture.rails_share", 0.5, Number((0.0, 1.0)), "share of raised side rails (never where someone sits)"),
    Setting(
        "furniture.pack_share",
        0.4,
        Number((0.0, 1.0)),
        "share of cabinets, sinks, plants, small things ... that are models of the asset pack, where there is one",
    ),
    Setting("furniture.pack_files", None, PackListing(), "what the asset pack holds; filled in by resolving"),
    Setting("clutter.amount", 0.6, Number((0.0, 1.0)), "how many of the places for small things are taken"),
    Setting(
        "clutter.negatives_share",
        0.4,
        Number((0.0, 1.0)),
        "share of rooms with a mannequin, a doll, coats or a poster of people",
    ),
    Setting("clutter.coat_share", 0.12, Number((0.0, 1.0)), "share of chairs with a coat over the back"),
    Setting(
        "clutter.wheelchair_blanket_share", 0.3, Number((0.0, 1.0)), "share of wheelchairs with a blanket on the seat"
    ),
)
