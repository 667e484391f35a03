"""Render Image: the image of the preview, exactly as Generate Dataset renders it, shown with its labels."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import bpy

from ..construct import datablocks
from ..construct.library import LibraryError
from ..dataset_format import dataset
from ..job import Job, Outcome, run_job
from ..label.checks import LabelError
from ..overlay.view import IMAGE, RECORD_DIGEST, record_digest
from ..settings import preferences_of, settings_of
from .modal_job import EXPECTED, JobOperator, Message, ModalJob, current_job, redraw, show_message
from .options import report_failure
from .preview import build_preview, is_preview, panel_state

_REPLACED = "image {index} was rendered, but the preview shows another image by now; press Render Image again"


class WARDSYNTH_OT_render_preview(JobOperator, bpy.types.Operator):
    """Render the previewed image exactly as Generate Dataset does, and show it with its labels"""

    bl_idname = "wardsynth.render_preview"
    bl_label = "Render Image"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether this window shows a preview."""
        return is_preview(context.scene)

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        """Let a worker process render it."""
        if job := current_job():
            return report_failure(self, f"{job.title} is still in progress; wait until it ends, or stop it")
        return self._render(context, self.run_modal)

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Render it and wait for it."""
        return self._render(context, _run_now)

    def _render(self, context: bpy.types.Context, run: Callable[[bpy.types.Context, ModalJob], set[str]]) -> set[str]:
        try:
            _update_preview(context)
        except (*EXPECTED, LibraryError, LabelError) as error:
            return report_failure(self, str(error))
        shown = context.scene.wardsynth
        record = json.loads(shown.record)
        folder = tempfile.TemporaryDirectory(prefix="wardsynth-")
        job = Job(
            out=Path(folder.name) / "image",
            config=json.loads(shown.preview_config),
            seed=record["seed"],
            start=record["index"],
            count=1,
            device=preferences_of(context).device,
        )
        digest = record_digest(shown.record)

        def work(modal: ModalJob) -> Outcome:
            return run_job(job, modal.progress, modal.stop_requested)

        def finish(outcome: Outcome) -> Message:
            with folder:
                return _show_outcome(job, outcome, digest)

        return run(context, ModalJob(self.bl_label, work, finish))


def _update_preview(context: bpy.types.Context) -> None:
    """Rebuild the preview if the panel has changed since, so that image, labels and scene belong together."""
    if context.scene.wardsynth.panel_state != panel_state(context):
        settings = settings_of(context)
        build_preview(context, settings.config(), settings.seed, settings.index)


def _show_outcome(job: Job, outcome: Outcome, digest: str) -> Message:
    if outcome.failed:
        return Message(outcome.failed[0].reason, is_error=True)
    if not outcome.written:
        return Message("stopped")
    if not any(record_digest(scene.wardsynth.record) == digest for scene in bpy.data.scenes):
        return Message(_REPLACED.format(index=job.start))
    _load_image(job.out / dataset.image_file(job.start), job, digest)
    return Message(f"image {job.start} of seed {job.seed}, rendered")


def _run_now(_context: bpy.types.Context, job: ModalJob) -> set[str]:
    job.start()
    job.wait()
    show_message(job.outcome())
    return {"FINISHED"}


def _load_image(path: Path, job: Job, digest: str) -> None:
    """Load the image into Blender and pack it; it replaces the last one."""
    old = bpy.data.images.get(IMAGE)
    if old is not None:
        bpy.data.images.remove(old)
    with datablocks.marking_new_datablocks():
        image = bpy.data.images.load(str(path))
        image.name = IMAGE
        image.pack()
        image.filepath_raw = ""
        image["wardsynth_picture"] = f"{job.seed}/{job.start}"
        image[RECORD_DIGEST] = digest
    redraw()


CLASSES = (WARDSYNTH_OT_render_preview,)
