"""The panels with buttons: custom content, output, preview, generate."""

from __future__ import annotations

import bpy

from .. import compat
from ..operators import current_job, is_preview
from ..render.cycles import can_denoise
from ..settings import settings_of
from .base import Tab, draw_text, label_at_left
from .setting_sections import draw_section, weights_panels

_TALL = 1.5  # scale of the most used buttons


class WARDSYNTH_PT_own(Tab, bpy.types.Panel):
    """Custom characters, objects and rooms."""

    bl_label = "Custom Content"
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012

    def draw(self, context: bpy.types.Context) -> None:
        """Draw what to add, the markers, and the settings of custom content."""
        settings, layout = settings_of(context), self.layout
        label_at_left(layout)
        layout.prop(settings, "own_collection")
        layout.prop(settings, "own_kind")
        if settings.own_kind == "object":
            layout.prop(settings, "own_category")
        layout.operator("wardsynth.add_own", icon="ADD")
        layout.label(text="Add Marker:")
        grid = layout.grid_flow(row_major=True, columns=2, align=True)
        for kind in ("lie", "sit", "stand", "camera"):
            grid.operator("wardsynth.add_marker", text=kind.capitalize()).kind = kind
        layout.operator("wardsynth.use_room", icon="HOME")
        if settings.knobs.room_own:
            layout.operator("wardsynth.forget_room", icon="X")
        draw_section(layout, context, "own")


class WARDSYNTH_PT_output(Tab, bpy.types.Panel):
    """Where the dataset goes and how many images it has."""

    bl_label = "Output"

    def draw(self, context: bpy.types.Context) -> None:
        """Draw folder, count and seed."""
        settings, layout = settings_of(context), self.layout
        label_at_left(layout)
        row = layout.row(align=True)
        row.prop(settings, "out")
        row.operator("wardsynth.new_folder", text="", icon="ADD")
        column = layout.column(align=True)
        for name in ("count", "seed"):
            column.prop(settings, name)
        layout.prop(settings, "resume")


class WARDSYNTH_PT_formats(Tab, bpy.types.Panel):
    """Size and quality of the images, and what their records hold."""

    bl_label = "Size and Formats"
    bl_parent_id = "WARDSYNTH_PT_output"
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012

    def draw(self, context: bpy.types.Context) -> None:
        """Draw the settings of the files."""
        label_at_left(self.layout)
        self.layout.prop(settings_of(context), "start")
        draw_section(self.layout, context, "pictures")
        draw_section(self.layout, context, "labels")


class WARDSYNTH_PT_preview(Tab, bpy.types.Panel):
    """Look at images before they are rendered."""

    bl_label = "Preview"

    def draw(self, context: bpy.types.Context) -> None:
        """Draw the buttons."""
        settings, layout = settings_of(context), self.layout
        row = layout.row(align=True)
        row.prop(settings, "index")
        row.operator("wardsynth.step", text="", icon="TRIA_RIGHT")
        row.operator("wardsynth.surprise", text="", icon="QUESTION")
        row = layout.row()
        row.scale_y = _TALL
        row.operator("wardsynth.preview", icon="HIDE_OFF")
        if is_preview(context.scene):
            layout.operator("wardsynth.render_preview", icon="RENDER_STILL")
            layout.operator("wardsynth.remove_preview", icon="LOOP_BACK")
            layout.prop(settings, "save_preview")


class WARDSYNTH_PT_overlay(Tab, bpy.types.Panel):
    """What the overlay shows."""

    bl_label = "Overlay"
    bl_parent_id = "WARDSYNTH_PT_preview"
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012

    def draw(self, context: bpy.types.Context) -> None:
        """Draw the switches."""
        settings, layout = settings_of(context), self.layout
        layout.row().prop(settings, "show_boxes")
        row = layout.row(align=True)
        for name in ("show_points", "show_names"):
            row.prop(settings, name, toggle=True)
        row = layout.row(align=True)
        for name in ("show_things", "show_image"):
            row.prop(settings, name, toggle=True)


class WARDSYNTH_PT_generate(Tab, bpy.types.Panel):
    """Generate the dataset and check it."""

    bl_label = "Generate"

    def draw(self, context: bpy.types.Context) -> None:
        """Draw the button or, during a job, its progress."""
        layout, state, job = self.layout, context.window_manager.wardsynth, current_job()
        row = layout.row()
        row.scale_y = _TALL
        if job is None:
            row.operator("wardsynth.generate_dataset", icon="RENDER_ANIMATION")
        else:
            row.operator("wardsynth.stop", text="Stop (Esc)", icon="CANCEL")
            compat.draw_progress(layout, state.progress, job.title, state, "progress")
            draw_text(layout, context, job.text())
        row = layout.row(align=True)
        row.operator("wardsynth.check_dataset", icon="CHECKMARK")
        row.operator("wardsynth.open_folder", text="", icon="FILE_FOLDER")
        if job is None and state.message:
            draw_text(layout, context, state.message, "ERROR" if state.failed else "INFO")
        if job is None:
            self._draw_denoiser(context)

    def _draw_denoiser(self, context: bpy.types.Context) -> None:
        """Draw a hint if this Blender was built without the denoiser."""
        if settings_of(context).knobs.render_denoise and not can_denoise():
            box = self.layout.box()
            draw_text(box, context, "This Blender has no denoiser: images with few samples are grainy.", "INFO")
            box.operator("wardsynth.more_samples")


CLASSES = (
    WARDSYNTH_PT_own,
    *weights_panels("own", "WARDSYNTH_PT_own"),
    WARDSYNTH_PT_output,
    WARDSYNTH_PT_formats,
    WARDSYNTH_PT_preview,
    WARDSYNTH_PT_overlay,
    WARDSYNTH_PT_generate,
)
