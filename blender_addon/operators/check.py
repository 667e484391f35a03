"""Check Dataset: whether what was generated is whole and its labels agree, and what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy
from bpy.props import StringProperty

from ..dataset_format import dataset, errors
from ..settings import settings_of
from .modal_job import Task, Watched, current_task
from .options import failed, finished

_MOST_LINES = 5


class WARDSYNTH_OT_check_dataset(Watched, bpy.types.Operator):
    """Read every image and label of the dataset: are they whole, do they agree, what is in them"""

    bl_idname = "wardsynth.check_dataset"
    bl_label = "Check Dataset"

    folder: StringProperty(name="Folder", description="The dataset; empty is the panel's", subtype="DIR_PATH")

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set:
        """Check beside the window."""
        if current_task() is not None:
            return failed(self, f"{current_task().title} is still under way")
        folder = self._folder(context)

        def work(task: Task) -> Any:
            from ..inspection import inspect

            task.total = len(dataset.frame_indices(folder))
            return inspect(folder, task.step)

        return self.watch(context, Task(self.bl_label, work, _summary))

    def execute(self, context: bpy.types.Context) -> set:
        """Check, and come back with what was found; findings are an exception to the script that called."""
        from ..inspection import inspect

        try:
            found = inspect(self._folder(context))
        except errors.FormatError as error:
            return failed(self, str(error))
        return finished(self, *_summary(found))

    def _folder(self, context: bpy.types.Context) -> Path:
        return Path(bpy.path.abspath(self.folder)) if self.folder else settings_of(context).folder()


def _summary(found: Any) -> tuple:
    lines = [*found.findings[:_MOST_LINES], *found.lines()]
    if found.findings:
        lines.insert(0, f"{len(found.findings)} findings")
    return "\n".join(lines), bool(found.findings)


CLASSES = (WARDSYNTH_OT_check_dataset,)
