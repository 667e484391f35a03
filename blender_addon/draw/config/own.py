"""Knobs of what artists bring: characters, objects, a room."""

from __future__ import annotations

from .kinds import File, Folder, Knob, Listing, Number, Shares, Switch

OWN = (
    Knob("people.library", "", Folder(), "folder of own characters that are used beside the built-in people"),
    Knob(
        "people.library_share", 0.3, Number((0.0, 1.0)), "share of people who are own characters, where there are any"
    ),
    Knob("people.library_files", [], Listing(), "what people.library holds; filled in when the config is resolved"),
    Knob("objects.library", "", Folder(), "folder of own objects; the sub-folder's name is their category"),
    Knob(
        "objects.per_picture",
        {"0": 0.1, "1": 0.4, "2": 0.3, "3": 0.2, "4": 0.0, "6": 0.0, "8": 0.0},
        Shares(("0", "1", "2", "3", "4", "6", "8")),
        "own objects in a picture, where there are any and they find a place",
    ),
    Knob("objects.library_files", [], Listing(), "what objects.library holds; filled in when the config is resolved"),
    Knob("room.own", "", File(), "an own room: a .blend whose markers were read; then no other room is drawn"),
    Knob(
        "room.own_lights_kept",
        True,
        Switch(),
        "colour pictures have the own room's lights as they are; otherwise their power and colour are drawn",
    ),
    Knob("room.own_files", [], Listing(), "what room.own holds; filled in when the config is resolved"),
)
