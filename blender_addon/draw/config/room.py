"""Settings of the room: kind and size, furniture, clutter."""

from __future__ import annotations

from ..rooms import KINDS
from .kinds import FileList, Number, Range, Setting, Switch, Weights

ROOM_KINDS = tuple(KINDS)

ROOM = (
    Setting(
        "room.kind",
        {kind: float(kind == "single") for kind in ROOM_KINDS},
        Weights(ROOM_KINDS),
        "weights of the kinds of rooms",
    ),
    Setting(
        "room.scale",
        [0.9, 1.15],
        Range((0.8, 2.0)),
        "range of the room's size as a factor of the usual size of its kind",
    ),
    Setting("room.height_m", [2.5, 3.0], Range((2.3, 5.0)), "range of the ceiling height in metres"),
    Setting(
        "room.window_share",
        0.7,
        Number((0.0, 1.0)),
        "fraction of rooms with windows, among the kinds of rooms that can have some",
    ),
    Setting(
        "room.panorama",
        False,
        Switch(),
        "show a painted view of sky, houses, trees and lamps outside windows, of its own for every room",
        in_presets=True,
    ),
    Setting(
        "room.wall_art",
        False,
        Switch(),
        "show one of more than fifty drawings on each framed painting, poster, sign, notice board and whiteboard",
        in_presets=True,
    ),
    Setting(
        "room.worn_surfaces",
        False,
        Switch(),
        "give tiles and planks relief and dull joints, and floors trodden paths, scuff marks, stains and seams",
        in_presets=True,
    ),
    Setting(
        "room.fixtures",
        False,
        Switch(),
        "build vents, smoke detectors, sprinklers and speakers into ceilings, with their lamps on its grid, and light "
        "switches, exit signs and radiators onto walls",
        in_presets=True,
    ),
    Setting(
        "room.patterned_textiles",
        0.0,
        Number((0.0, 1.0)),
        "fraction of bed linen, blankets, rugs and curtains with stripes, checks or dots",
        in_presets=0.35,
    ),
    Setting("room.door_open_share", 0.3, Number((0.0, 1.0)), "fraction of doors that stand open, at any angle"),
    Setting("room.beds", [2, 6], Range((1, 8)), "range of the number of beds in a ward"),
    Setting(
        "room.randomness",
        0.0,
        Number((0.0, 1.0)),
        "fraction of surfaces and furniture with random colours and textures; at 1, objects also float in the air",
    ),
    Setting(
        "furniture.bed_surface_m",
        [0.48, 0.72],
        Range((0.4, 0.9)),
        "range of the height of a hospital bed's mattress top in metres",
    ),
    Setting(
        "furniture.raised_back_share",
        0.4,
        Number((0.0, 1.0)),
        "fraction of empty hospital beds whose back section is raised",
    ),
    Setting(
        "furniture.rails_share",
        0.5,
        Number((0.0, 1.0)),
        "fraction of side rails that are raised; a rail where someone sits is always down",
    ),
    Setting(
        "furniture.pack_share",
        0.4,
        Number((0.0, 1.0)),
        "fraction of cabinets, sinks, plants and small objects that are models of the asset pack, if it is installed",
    ),
    Setting(
        "furniture.pack_files",
        None,
        FileList(unresolved=True),
        "models in the asset pack; filled in when the config is resolved",
    ),
    Setting("clutter.amount", 0.6, Number((0.0, 1.0)), "fraction of the places for small objects that are filled"),
    Setting(
        "clutter.negatives_share",
        0.4,
        Number((0.0, 1.0)),
        "fraction of rooms with objects that resemble people: a mannequin, a doll, coats or a poster",
    ),
    Setting("clutter.coat_share", 0.12, Number((0.0, 1.0)), "fraction of chairs with a coat over the back"),
    Setting(
        "clutter.wheelchair_blanket_share",
        0.3,
        Number((0.0, 1.0)),
        "fraction of empty wheelchairs with a blanket on the seat",
    ),
)
