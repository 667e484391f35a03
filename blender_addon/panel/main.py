"""The first panel: the preset, what it contains, and config files."""

from __future__ import annotations

import json

import bpy

from ..draw import config as draw_settings
from ..settings import FROM_FILE, settings_of
from .base import Tab, draw_text


class WARDSYNTH_PT_main(Tab, bpy.types.Panel):
    """Choose what the images show."""

    bl_label = "WardSynth"

    def draw_header_preset(self, _context: bpy.types.Context) -> None:
        """Draw the link to the guide."""
        self.layout.operator("wardsynth.open_guide", text="", icon="HELP", emboss=False).page = "addon"

    def draw(self, context: bpy.types.Context) -> None:
        """Draw the preset."""
        settings, layout = settings_of(context), self.layout
        layout.prop(settings, "preset", text="")
        if settings.preset != FROM_FILE:
            draw_text(layout, context, draw_settings.preset(settings.preset)["description"])
        changed = settings.changed()
        row = layout.row(align=True)
        row.operator("wardsynth.load_config", text="Load", icon="FILE_FOLDER")
        row.operator("wardsynth.save_config", text="Save", icon="FILE_TICK")
        if changed:
            layout.operator("wardsynth.reset", text=f"Undo {len(changed)} Changes", icon="LOOP_BACK")


class WARDSYNTH_PT_contains(Tab, bpy.types.Panel):
    """The settings of the preset that differ from the defaults."""

    bl_label = "Settings of the Preset"
    bl_parent_id = "WARDSYNTH_PT_main"
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether a preset is chosen."""
        return settings_of(context).preset != FROM_FILE

    def draw(self, context: bpy.types.Context) -> None:
        """Draw its settings."""
        for key, value in draw_settings.preset(settings_of(context).preset)["config"].items():
            draw_text(self.layout, context, f"{key}: {_readable(value)}")


def _readable(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {weight:g}" for name, weight in value.items() if weight)
    return json.dumps(value)


CLASSES = (WARDSYNTH_PT_main, WARDSYNTH_PT_contains)
