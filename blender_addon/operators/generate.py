"""Generate Dataset: the job of the command line, beside the window; scripts wait for it."""

# Blender reads property definitions from annotations:
# pyright: reportInvalidTypeForm=false
from __future__ import annotations

from pathlib import Path

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, IntVectorProperty, StringProperty

from ..job import STOP_REQUESTED, Job, JobError, Outcome, Shard, run_job
from ..render.requirements import DEVICES
from ..settings import LARGEST_INTEGER, free_folder, preferences_of, settings_of
from .modal_job import EXPECTED, JobOperator, Message, ModalJob, current_job
from .options import SceneOptions, report_failure, report_outcome


class WARDSYNTH_OT_generate_dataset(SceneOptions, JobOperator, bpy.types.Operator):
    """Generate images and labels, coco.json and annotations.txt. Esc stops it, Resume completes it later"""

    bl_idname = "wardsynth.generate_dataset"
    bl_label = "Generate Dataset"

    out: StringProperty(
        name="Folder", description="Write the dataset into this new or empty folder", subtype="DIR_PATH"
    )
    count: IntProperty(name="Images", description="Number of images", default=Job.count, min=1, max=LARGEST_INTEGER)
    start: IntProperty(name="First Image", description="Number of the first image", min=0, max=LARGEST_INTEGER)
    shard: IntVectorProperty(
        name="Shard",
        description="(i, n): generate the i-th of n equal parts of the images, i from 1 to n",
        size=2,
        default=(1, 1),
        min=1,
    )
    resume: BoolProperty(
        name="Resume", description="Keep the finished images of an unfinished dataset and render the others"
    )
    workers: IntProperty(
        name="Workers",
        description="Number of processes that render; 0 uses the number in the preferences",
        min=0,
        max=256,
    )
    device: EnumProperty(
        name="Device",
        description="Render on this device",
        items=[
            ("preferences", "From Preferences", "Use the device chosen in the preferences"),
            *((name, name, "") for name in DEVICES),
        ],
    )
    verify: FloatProperty(
        name="Verify",
        description="Percentage of the images to render a second time and compare, in scripts that wait for the result",
        min=0.0,
        max=100.0,
    )

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        """Generate beside the window."""
        if running := current_job():
            return report_failure(self, f"{running.title} is still in progress; wait until it ends, or stop it")
        try:
            job = self._job(context)
        except EXPECTED as error:
            return report_failure(self, str(error))

        return self.run_modal(
            context,
            ModalJob(
                self.bl_label,
                lambda modal: run_job(job, modal.progress, modal.stop_requested),
                lambda outcome: _summary(job, outcome),
            ),
        )

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Generate and wait until it is done; a failure is an exception to the script that called."""
        try:
            job = self._job(context)
            outcome = run_job(job)
        except EXPECTED as error:
            return report_failure(self, str(error))
        return report_outcome(self, _summary(job, outcome))

    def _job(self, context: bpy.types.Context) -> Job:
        preferences = preferences_of(context)
        out = Path(bpy.path.abspath(self.out)) if self.out else settings_of(context).folder()
        if self.shard[0] > self.shard[1]:
            raise JobError(f"shard is {tuple(self.shard)}, expected (i, n) with i from 1 to n")
        return Job(
            out=out,
            config=self.resolved(context),
            seed=self.given(context, "seed"),
            start=self.given(context, "start"),
            count=self.given(context, "count"),
            shard=Shard(*self.shard),
            resume=self.given(context, "resume"),
            workers=self.workers or preferences.workers,
            device=preferences.device if self.device == "preferences" else self.device,
            verify=self.verify,
        )


def _summary(job: Job, outcome: Outcome) -> Message:
    there = outcome.written + outcome.kept
    if outcome.failed:
        index, reason = outcome.failed[0]
        others = f" and {len(outcome.failed) - 1} more" if len(outcome.failed) > 1 else ""
        return Message(
            f"image {index}{others} failed: {reason}. Tick Resume and press Generate Dataset to try again",
            is_error=True,
        )
    if outcome.stopped:
        requested = outcome.stopped == STOP_REQUESTED
        reason = "" if requested else f"{outcome.stopped}. "
        finished = f"{there} of {len(job.indices())} images are finished"
        text = f"stopped: {reason}{finished}. Tick Resume and press Generate Dataset to render the others"
        return Message(text, is_error=not requested)
    kept = f", {outcome.kept} were already there" if outcome.kept else ""
    return Message(f"{outcome.written} images rendered{kept}: {job.out}")


class WARDSYNTH_OT_new_folder(bpy.types.Operator):
    """Choose the next unused folder name"""

    bl_idname = "wardsynth.new_folder"
    bl_label = "Next Unused Folder"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Change the panel's folder."""
        settings = settings_of(context)
        settings.out, settings.resume = str(free_folder(settings.folder())), False
        return {"FINISHED"}


class WARDSYNTH_OT_open_folder(bpy.types.Operator):
    """Show the dataset's folder in the system's file browser"""

    bl_idname = "wardsynth.open_folder"
    bl_label = "Open Folder"

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Open it."""
        folder = settings_of(context).folder()
        if not folder.is_dir():
            return report_failure(self, f"{folder}: the folder does not exist yet; Generate Dataset creates it")
        bpy.ops.wm.path_open(filepath=str(folder))
        return {"FINISHED"}


CLASSES = (WARDSYNTH_OT_generate_dataset, WARDSYNTH_OT_new_folder, WARDSYNTH_OT_open_folder)
