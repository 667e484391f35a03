"""Knobs of pictures of objects alone: lamps, camera and background as in photogrammetry pipelines."""

from __future__ import annotations

from .kinds import Folder, Knob, Listing, Number, Shares, Switch

STUDIO = (
    Knob("studio.alone", False, Switch(), "pictures of own objects alone, before a background; no room, no people"),
    Knob("studio.lamps", {"1": 0.25, "2": 0.5, "3": 0.25}, Shares(("1", "2", "3", "4", "6")), "lamps about the object"),
    Knob("studio.lamp_distance", 5.0, Number((2.0, 20.0)), "how far lamps are, where the object's volume is 8"),
    Knob("studio.lamp_energy_spread", 0.3, Number((0.0, 1.0)), "spread of the lamps' energy, of its mean"),
    Knob("studio.lamp_size_spread", 0.3, Number((0.0, 1.0)), "spread of the lamps' size, of its mean"),
    Knob(
        "studio.ring", {"x": 1, "y": 1, "z": 1}, Shares(("x", "y", "z")), "the axis about which the camera's ring goes"
    ),
    Knob("studio.ring_spread_deg", 10.0, Number((0.0, 60.0)), "how far cameras are off their ring, degrees"),
    Knob("studio.camera_distance", 6.0, Number((2.0, 20.0)), "how far cameras are, where the object's volume is 8"),
    Knob("studio.camera_spread", 0.3, Number((0.0, 1.0)), "spread of the cameras' distance, of its mean"),
    Knob("background.library", "", Folder(), "folder of background pictures"),
    Knob("background.pattern_share", 0.0, Number((0.0, 1.0)), "share of drawn patterns, where there are pictures"),
    Knob("background.library_files", [], Listing(), "what background.library holds; filled in by resolving"),
)
