"""Generate Dataset: the job of the command line, beside the window or, in scripts, in its place."""

from __future__ import annotations

from pathlib import Path

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, IntVectorProperty, StringProperty

from ..job import ASKED, Job, JobError, Outcome, run_job
from ..render.requirements import DEVICES
from ..settings import LIMIT, free_folder, preferences_of, settings_of
from .modal_job import EXPECTED, Task, Watched, current_task
from .options import SceneOptions, failed, finished


class WARDSYNTH_OT_generate_dataset(SceneOptions, Watched, bpy.types.Operator):
    """Generate the dataset: images, records, coco.json and annotations.txt. Esc stops, Resume goes on"""

    bl_idname = "wardsynth.generate_dataset"
    bl_label = "Generate Dataset"

    out: StringProperty(name="Folder", description="The dataset folder, new or empty", subtype="DIR_PATH")
    count: IntProperty(name="Pictures", description="How many images", default=Job.count, min=1, max=LIMIT)
    start: IntProperty(name="First", description="The first image", min=0, max=LIMIT)
    shard: IntVectorProperty(
        name="Shard", description="(i, n): the i-th of n parts, i from 1", size=2, default=(1, 1), min=1
    )
    resume: BoolProperty(name="Resume", description="Go on with a dataset that was begun")
    workers: IntProperty(name="Workers", description="Processes; 0 is as the preferences say", min=0, max=256)
    device: EnumProperty(
        name="Device",
        description="What Cycles renders on",
        items=[("preferences", "As the preferences say", ""), *((name, name, "") for name in DEVICES)],
    )
    verify: FloatProperty(
        name="Verify",
        description="Per cent of the images that are made once more and compared; only where a script waits",
        min=0.0,
        max=100.0,
    )

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set:
        """Generate beside the window."""
        if current_task() is not None:
            return failed(self, f"{current_task().title} is still under way")
        try:
            job = self._job(context)
        except EXPECTED as error:
            return failed(self, str(error))

        task = Task(
            self.bl_label,
            lambda task: run_job(job, task, task.stopping),
            lambda outcome: _summary(job, outcome),
        )
        return self.watch(context, task)

    def execute(self, context: bpy.types.Context) -> set:
        """Generate, and come back when it is done; a failure is an exception to the script that called."""
        try:
            job = self._job(context)
            outcome = run_job(job)
        except EXPECTED as error:
            return failed(self, str(error))
        return finished(self, *_summary(job, outcome))

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
            shard=tuple(self.shard),
            resume=self.given(context, "resume"),
            workers=self.workers or preferences.workers,
            device=preferences.device if self.device == "preferences" else self.device,
            verify=self.verify,
        )


def _summary(job: Job, outcome: Outcome) -> tuple:
    """(what the panel says, whether it is bad news)."""
    there = outcome.made + outcome.kept
    if outcome.failed:
        index, reason = outcome.failed[0]
        others = f" and {len(outcome.failed) - 1} more" if len(outcome.failed) > 1 else ""
        return f"image {index}{others} failed: {reason}. Resume tries again", True
    if outcome.stopped:
        asked = outcome.stopped == ASKED
        why = "" if asked else f"{outcome.stopped}. "
        return f"stopped: {why}{there} of {len(job.indices())} images are whole. Tick Resume to go on", not asked
    kept = f", {outcome.kept} were there" if outcome.kept else ""
    return f"{outcome.made} images made{kept}: {job.out}", False


class WARDSYNTH_OT_new_folder(bpy.types.Operator):
    """Choose the next folder name under which nothing is"""

    bl_idname = "wardsynth.new_folder"
    bl_label = "Next Free Folder"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    def execute(self, context: bpy.types.Context) -> set:
        """Change the panel's folder."""
        settings = settings_of(context)
        settings.out, settings.resume = str(free_folder(settings.folder())), False
        return {"FINISHED"}


class WARDSYNTH_OT_open_folder(bpy.types.Operator):
    """Show the dataset's folder in the system's file browser"""

    bl_idname = "wardsynth.open_folder"
    bl_label = "Open Folder"

    def execute(self, context: bpy.types.Context) -> set:
        """Open it."""
        folder = settings_of(context).folder()
        if not folder.is_dir():
            return failed(self, f"{folder}: nothing is there yet")
        bpy.ops.wm.path_open(filepath=str(folder))
        return {"FINISHED"}


CLASSES = (WARDSYNTH_OT_generate_dataset, WARDSYNTH_OT_new_folder, WARDSYNTH_OT_open_folder)
