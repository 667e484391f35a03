"""The add-on's page in Blender's preferences: workers, device, asset pack, licences."""

# Blender reads property definitions from annotations:
# pyright: reportInvalidTypeForm=false
from __future__ import annotations

import bpy
from bpy.props import EnumProperty, IntProperty

from ..body.model import ASSET
from ..draw.furniture import pack
from ..job import LICENCES, usable_cores
from ..render.requirements import DEVICES
from ..settings.preferences import ROOT
from .base import draw_text

_MEGABYTE = 1e6


class WardSynthPreferences(bpy.types.AddonPreferences):
    """Workers and device for rendering, and the licences of the assets."""

    bl_idname = ROOT

    workers: IntProperty(
        name="Workers",
        description="Number of processes that render in parallel; each runs its own Blender and needs about 0.7 GB",
        default=max(1, min(usable_cores() // 2, 4)),
        min=1,
        max=256,
    )
    device: EnumProperty(
        name="Device",
        description="Render on this device; Generate Dataset refuses a device that this machine lacks",
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
        size = f"{ASSET.stat().st_size / _MEGABYTE:.1f} MB" if there else "missing; install the add-on's zip again"
        draw_text(box, context, f"Body: {ASSET} ({size})", "CHECKMARK" if there else "ERROR")
        draw_text(box, context, f"Furniture: {pack.offer()}", "OUTLINER_COLLECTION")
        for licence in (*LICENCES, *pack.licences(pack.models())):
            draw_text(box, context, f"{licence['licence']}: {licence['asset']}, from {licence['source']}", "DOT")
        draw_text(box, context, "The add-on: GPL-3.0-or-later. The images you generate are yours.", "DOT")
