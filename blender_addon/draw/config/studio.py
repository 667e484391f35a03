"""Settings of images of objects alone: lamps, camera and background as in photogrammetry pipelines."""

from __future__ import annotations

from .kinds import Folder, Listing, Number, Setting, Switch, Weights

STUDIO = (
    Setting("studio.alone", False, Switch(), "images of own objects alone, before a background; no room, no people"),
    Setting(
        "studio.lamps", {"1": 0.25, "2": 0.5, "3": 0.25}, Weights(("1", "2", "3", "4", "6")), "lamps about the object"
    ),
    Setting("studio.lamp_distance", 5.0, Number((2.0, 20.0)), "how far lamps are, where the object's volume is 8"),
    Setting("studio.lamp_energy_spread", 0.3, Number((0.0, 1.0)), "spread of the lamps' energy, of its mean"),
    Setting("studio.lamp_size_spread", 0.3, Number((0.0, 1.0)), "spread of the lamps' size, of its mean"),
    Setting(
        "studio.ring", {"x": 1, "y": 1, "z": 1}, Weights(("x", "y", "z")), "the axis about which the camera's ring goes"
    ),
    Setting("studio.ring_spread_deg", 10.0, Number((0.0, 60.0)), "how far cameras are off their ring, degrees"),
    Setting("studio.camera_distance", 6.0, Number((2.0, 20.0)), "how far cameras are, where the object's volume is 8"),
    Setting("studio.camera_spread", 0.3, Number((0.0, 1.0)), "spread of the cameras' distance, of its mean"),
    Setting("background.library", "", Folder(), "folder of background images"),
    Setting("background.pattern_share", 0.0, Number((0.0, 1.0)), "share of drawn patterns, where there are images"),
    Setting("background.library_files", [], Listing(), "what background.library holds; filled in by resolving"),
)
