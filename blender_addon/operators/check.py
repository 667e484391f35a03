"""Check Dataset: whether a generated dataset is complete and its labels are consistent, and what it contains."""

# Blender reads property definitions from annotations:
# pyright: reportInvalidTypeForm=false
from __future__ import annotations

from pathlib import Path

import bpy
from bpy.props import StringProperty

from ..dataset_format import dataset, errors
from ..inspection import Inspection, inspect
from ..settings import settings_of
from .modal_job import JobOperator, Message, ModalJob, current_job
from .options import report_failure, report_outcome

_SHOWN_FINDINGS = 5


class WARDSYNTH_OT_check_dataset(JobOperator, bpy.types.Operator):
    """Verify that every image and label of the dataset is whole and consistent, and count what is in them"""

    bl_idname = "wardsynth.check_dataset"
    bl_label = "Check Dataset"

    folder: StringProperty(
        name="Folder", description="Check the dataset in this folder; empty: the panel's folder", subtype="DIR_PATH"
    )

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        """Check beside the window."""
        if job := current_job():
            return report_failure(self, f"{job.title} is still in progress; wait until it ends, or stop it")
        folder = self._folder(context)

        def work(job: ModalJob) -> Inspection:
            job.progress.total = len(dataset.frame_indices(folder))
            return inspect(folder, job.progress.step)

        return self.run_modal(context, ModalJob(self.bl_label, work, _summary))

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Check and wait; findings are an exception to the script that called."""
        try:
            inspection = inspect(self._folder(context))
        except errors.FormatError as error:
            return report_failure(self, str(error))
        return report_outcome(self, _summary(inspection))

    def _folder(self, context: bpy.types.Context) -> Path:
        return Path(bpy.path.abspath(self.folder)) if self.folder else settings_of(context).folder()


def _summary(inspection: Inspection) -> Message:
    lines = [*inspection.findings[:_SHOWN_FINDINGS], *inspection.lines()]
    if inspection.findings:
        lines.insert(0, f"{len(inspection.findings)} findings")
    return Message("\n".join(lines), is_error=bool(inspection.findings))


CLASSES = (WARDSYNTH_OT_check_dataset,)
