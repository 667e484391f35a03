"""Settings of custom content: characters, objects and rooms made by artists."""

from __future__ import annotations

from .kinds import File, FileList, Folder, Number, Setting, Switch, Weights

CUSTOM = (
    Setting("people.library", "", Folder(), "folder of custom characters to use in addition to the built-in people"),
    Setting(
        "people.library_share",
        0.3,
        Number((0.0, 1.0)),
        "fraction of people who are custom characters, if people.library has a character for their role",
    ),
    Setting("people.library_files", [], FileList(), "files in people.library; filled in when the config is resolved"),
    Setting(
        "objects.library",
        "",
        Folder(),
        "folder of custom objects; the name of a sub-folder is the category of the objects in it",
    ),
    Setting(
        "objects.per_picture",
        {"0": 0.1, "1": 0.4, "2": 0.3, "3": 0.2, "4": 0.0, "6": 0.0, "8": 0.0},
        Weights(("0", "1", "2", "3", "4", "6", "8")),
        "weights of the number of custom objects per image; objects for which there is no free space are left out",
    ),
    Setting("objects.library_files", [], FileList(), "files in objects.library; filled in when the config is resolved"),
    Setting(
        "room.own",
        "",
        File(),
        "custom room, a .blend file with markers for people and cameras; it replaces all built-in rooms",
    ),
    Setting(
        "room.own_lights_kept",
        True,
        Switch(),
        "keep power and colour of a custom room's lights in colour images; if false, both are randomised",
    ),
    Setting(
        "room.own_files",
        [],
        FileList(),
        "markers and objects of the custom room; filled in when the config is resolved",
    ),
)
