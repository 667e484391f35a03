"""Settings of studio images, objects in front of a background: lamps, camera, background."""

from __future__ import annotations

from .kinds import FileList, Folder, Number, Setting, Switch, Weights

STUDIO = (
    Setting(
        "studio.alone", False, Switch(), "show custom objects alone in front of a background, without room and people"
    ),
    Setting(
        "studio.lamps",
        {"1": 0.25, "2": 0.5, "3": 0.25},
        Weights(("1", "2", "3", "4", "6")),
        "weights of the number of lamps around the object",
    ),
    Setting(
        "studio.lamp_distance",
        5.0,
        Number((2.0, 20.0)),
        "distance of the lamps from the object, relative to half the edge of a cube of the object's volume",
    ),
    Setting(
        "studio.lamp_energy_spread",
        0.3,
        Number((0.0, 1.0)),
        "standard deviation of the lamps' energy, relative to its mean",
    ),
    Setting(
        "studio.lamp_size_spread",
        0.3,
        Number((0.0, 1.0)),
        "standard deviation of the lamps' size, relative to its mean",
    ),
    Setting(
        "studio.ring",
        {"x": 1, "y": 1, "z": 1},
        Weights(("x", "y", "z")),
        "weights of the axis around which the cameras are placed in a ring",
    ),
    Setting(
        "studio.ring_spread_deg",
        10.0,
        Number((0.0, 60.0)),
        "standard deviation of the cameras' angle off their ring in degrees",
    ),
    Setting(
        "studio.camera_distance",
        6.0,
        Number((2.0, 20.0)),
        "mean distance of the cameras from the object, relative to half the edge of a cube of the object's volume",
    ),
    Setting(
        "studio.camera_spread",
        0.3,
        Number((0.0, 1.0)),
        "standard deviation of the cameras' distance, relative to its mean",
    ),
    Setting("background.library", "", Folder(), "folder of images to use as backgrounds"),
    Setting(
        "background.pattern_share",
        0.0,
        Number((0.0, 1.0)),
        "fraction of images with a generated pattern instead of an image as background",
    ),
    Setting(
        "background.library_files", [], FileList(), "files in background.library; filled in when the config is resolved"
    ),
)
