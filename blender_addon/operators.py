"""The operators ``bpy.ops.wardsynth.*`` and the settings they share with the panel."""

from __future__ import annotations

from pathlib import Path

import bpy
from bpy.props import BoolProperty, EnumProperty, IntProperty, StringProperty

from .draw import config as knobs
from .draw import sample


def _preset_items(_self: object, _context: object) -> list:
    return [(name, name, knobs.preset(name)["description"]) for name in knobs.preset_names()]


class WardSynthSettings(bpy.types.PropertyGroup):
    """What the panel shows."""

    preset: EnumProperty(name="Preset", description="What to draw", items=_preset_items)
    out: StringProperty(name="Folder", description="Where the dataset goes", subtype="DIR_PATH", default="//wardsynth")
    count: IntProperty(name="Pictures", description="How many pictures", default=10, min=1)
    seed: IntProperty(name="Seed", description="The dataset's seed", default=0, min=0)
    index: IntProperty(name="Picture", description="Which picture of the dataset Preview builds", default=0, min=0)


class WARDSYNTH_OT_preview(bpy.types.Operator):
    """Build picture INDEX of the dataset in a scene of its own and look through its camera."""

    bl_idname = "wardsynth.preview"
    bl_label = "Preview"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012 - Blender wants a set

    index: IntProperty(name="Picture", default=0, min=0)
    seed: IntProperty(name="Seed", default=0, min=0)
    preset: StringProperty(name="Preset", default=knobs.DEFAULT_PRESET)

    def execute(self, context: bpy.types.Context) -> set:
        """Draw the spec and build it."""
        from .body.model import AssetMissingError
        from .build.scene import build_scene
        from .render import cycles

        try:
            config = knobs.resolve(self.preset)
            built = build_scene(sample(config, self.seed, self.index))
        except (knobs.ConfigError, AssetMissingError) as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        cycles.prepare(built.scene, config, self.index)
        for area in context.screen.areas if context.screen else ():
            if area.type == "VIEW_3D":
                area.spaces.active.region_3d.view_perspective = "CAMERA"
        return {"FINISHED"}


class WARDSYNTH_OT_generate_dataset(bpy.types.Operator):
    """Generate a dataset: pictures, records, coco.json and annotations.txt."""

    bl_idname = "wardsynth.generate_dataset"
    bl_label = "Generate Dataset"

    out: StringProperty(name="Folder", subtype="DIR_PATH")
    count: IntProperty(name="Pictures", default=10, min=1)
    seed: IntProperty(name="Seed", default=0, min=0)
    start: IntProperty(name="Start", default=0, min=0)
    preset: StringProperty(name="Preset", default=knobs.DEFAULT_PRESET)
    resume: BoolProperty(name="Resume", default=False)

    def execute(self, _context: bpy.types.Context) -> set:
        """Run the same job as the command line."""
        from .job import Job, JobError, run_job

        try:
            config = knobs.resolve(self.preset)
            out = Path(bpy.path.abspath(self.out))
            outcome = run_job(Job(out, config, self.seed, self.start, self.count, resume=self.resume))
        except (knobs.ConfigError, JobError) as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        if outcome.failed:
            index, reason = outcome.failed[0]
            self.report({"ERROR"}, f"{len(outcome.failed)} pictures failed; picture {index}: {reason}")
            return {"CANCELLED"}
        self.report({"INFO"}, f"{outcome.made} pictures made: {out}")
        return {"FINISHED"}
