"""The WardSynth tab in the 3D viewport's sidebar."""

from __future__ import annotations

import bpy


class WARDSYNTH_PT_main(bpy.types.Panel):
    """Choose a preset, look at pictures, generate the dataset."""

    bl_label = "WardSynth"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "WardSynth"

    def draw(self, context: bpy.types.Context) -> None:
        """Draw the settings and the two buttons."""
        settings = context.scene.wardsynth
        layout = self.layout
        layout.use_property_split = True
        for name in ("preset", "seed", "index"):
            layout.prop(settings, name)
        preview = layout.operator("wardsynth.preview", icon="HIDE_OFF")
        layout.separator()
        for name in ("out", "count"):
            layout.prop(settings, name)
        generate = layout.operator("wardsynth.generate_dataset", icon="RENDER_STILL")
        for name in ("preset", "seed"):
            setattr(preview, name, getattr(settings, name))
            setattr(generate, name, getattr(settings, name))
        preview.index = settings.index
        generate.out, generate.count = settings.out, settings.count
