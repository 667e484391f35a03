"""The add-on's page in Blender's preferences: asset pack, licences, workers, device."""

from __future__ import annotations

import os
from typing import Any

import bpy
from bpy.props import EnumProperty, IntProperty

from ..body.model import ASSET
from ..draw.furniture import pack
from ..job import LICENCES

ROOT = __package__.rpartition(".")[0]  # what the add-on is called where it is installed
DEVICES = ("cpu", "cuda", "optix", "hip", "metal")
_MEGABYTE = 1e6


class WardSynthPreferences(bpy.types.AddonPreferences):
    """How many processes render and on what; what the people are made of and under which licences."""

    bl_idname = ROOT

    workers: IntProperty(
        name="Workers",
        description="Processes that render at once, each with a Blender of its own, about 0.7 GB each",
        default=max(1, min((os.cpu_count() or 2) // 2, 4)),
        min=1,
        max=256,
    )
    device: EnumProperty(
        name="Device",
        description="What Cycles renders on; a device that is not there is refused",
        items=[(name, name.upper() if name == "cpu" else name.capitalize(), "") for name in DEVICES],
    )

    def draw(self, _context: bpy.types.Context) -> None:
        """Draw the page."""
        layout = self.layout
        layout.use_property_split = True
        layout.prop(self, "workers")
        layout.prop(self, "device")
        box = layout.box()
        there = ASSET.is_file()
        size = f"{ASSET.stat().st_size / _MEGABYTE:.1f} MB" if there else "missing: install the whole zip again"
        box.label(text=f"Body: {ASSET} ({size})", icon="CHECKMARK" if there else "ERROR")
        box.label(text=f"Furniture: {pack.offer()}")
        for licence in (*LICENCES, *pack.licences(pack.models())):
            box.label(text=f"{licence['licence']}: {licence['asset']}, from {licence['source']}")
        box.label(text="The add-on: GPL-3.0-or-later. The pictures you make are yours.")


class _Defaults:
    """What holds where the add-on runs without being installed."""

    workers, device = 1, "cpu"


def preferences_of(context: bpy.types.Context) -> Any:
    """The add-on's preferences."""
    installed = context.preferences.addons.get(ROOT)
    return installed.preferences if installed and installed.preferences else _Defaults
