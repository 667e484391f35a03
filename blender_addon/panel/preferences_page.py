"""The add-on's page in Blender's preferences: workers, device, asset pack, licences."""

# Blender reads property definitions from annotations:
# pyright: reportInvalidTypeForm=false
from __future__ import annotations

import bpy
from bpy.props import EnumProperty, IntProperty

from ..body.model import ASSET
from ..dataset_format import cores
from ..draw.furniture import pack
from ..guides import GUIDES
from ..job import LICENCES
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
        default=max(1, min(cores.usable_cores() // 2, 4)),
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
        row = layout.row(align=True)
        for page, title, _ in GUIDES:
            row.operator("wardsynth.open_guide", text=title, icon="HELP").page = page
        box = layout.box()
        there = ASSET.is_file()
        size = f"{ASSET.stat().st_size / _MEGABYTE:.1f} MB" if there else "missing; install the add-on's zip again"
        draw_text(box, context, f"Body: {ASSET} ({size})", "CHECKMARK" if there else "ERROR")
        models = pack.models()
        draw_text(box, context, _pack_text(len(models)), "OUTLINER_COLLECTION")
        box.operator("wardsynth.install_pack", icon="IMPORT")
        for licence in (*LICENCES, *pack.licences(models)):
            draw_text(box, context, f"{licence['licence']}: {licence['asset']}, from {licence['source']}", "DOT")
        draw_text(box, context, "The add-on: GPL-3.0-or-later. The images you generate are yours.", "DOT")


def _pack_text(models: int) -> str:
    if models:
        return f"Furniture: the asset pack with {models} models is installed."
    return (
        "Furniture: simple built-in shapes, as no asset pack is installed. To get about 60 detailed models, "
        "install an add-on zip that includes the pack, or choose the folder of a pack with the button below."
    )
