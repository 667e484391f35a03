"""The add-on's page in Blender's preferences: workers, device, asset pack, licences."""

from __future__ import annotations

import os

import bpy
from bpy.props import EnumProperty, IntProperty

from ..body.model import ASSET
from ..draw.furniture import pack
from ..job import LICENCES
from ..render.requirements import DEVICES
from ..settings.preferences import ROOT
from .base import draw_text

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

    def draw(self, context: bpy.types.Context) -> None:
        """Draw the page."""
        layout = self.layout
        layout.use_property_split = True
        layout.prop(self, "workers")
        layout.prop(self, "device")
        box = layout.box()
        there = ASSET.is_file()
        size = f"{ASSET.stat().st_size / _MEGABYTE:.1f} MB" if there else "missing: install the whole zip again"
        draw_text(box, context, f"Body: {ASSET} ({size})", "CHECKMARK" if there else "ERROR")
        draw_text(box, context, f"Furniture: {pack.offer()}", "OUTLINER_COLLECTION")
        for licence in (*LICENCES, *pack.licences(pack.models())):
            draw_text(box, context, f"{licence['licence']}: {licence['asset']}, from {licence['source']}", "DOT")
        draw_text(box, context, "The add-on: GPL-3.0-or-later. The images you make are yours.", "DOT")
