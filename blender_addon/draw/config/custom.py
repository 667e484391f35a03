"""Settings of what artists bring: characters, objects, a room."""

from __future__ import annotations

from .kinds import File, Folder, Listing, Number, Setting, Switch, Weights

CUSTOM = (
    Setting("people.library", "", Folder(), "folder of own characters that are used beside the built-in people"),
    Setting(
        "people.library_share", 0.3, Number((0.0, 1.0)), "share of people who are own characters, where there are any"
    ),
    Setting("people.library_files", [], Listing(), "what people.library holds; filled in when the config is resolved"),
    Setting("objects.library", "", Folder(), "folder of own objects; the sub-folder's name is their category"),
    Setting(
        "objects.per_picture",
        {"0": 0.1, "1": 0.4, "2": 0.3, "3": 0.2, "4": 0.0, "6": 0.0, "8": 0.0},
        Weights(("0", "1", "2", "3", "4", "6", "8")),
        "own objects in an image, where there are any and they find a place",
    ),
    Setting(
        "objects.library_files", [], Listing(), "what objects.library holds; filled in when the config is resolved"
    ),
    Setting("room.own", "", File(), "an own room: a .blend whose markers were read; then no other room is drawn"),
    Setting(
        "room.own_lights_kept",
        True,
        Switch(),
        "colour images have the own room's lights as they are; otherwise their power and colour are drawn",
    ),
    Setting("room.own_files", [], Listing(), "what room.own holds; filled in when the config is resolved"),
)
