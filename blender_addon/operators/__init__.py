"""The operators ``bpy.ops.wardsynth.*``: what the panel's buttons press, and what scripts call.

Thin: each reads its options or the scene's settings and calls the engine of the command line. ``task`` is work beside
the window, ``options`` what several operators take.
"""

from . import check, config_files, generate, own, preview, task
from .preview import is_preview
from .task import WardSynthState, current_task, stop_task

CLASSES = (*task.CLASSES, *preview.CLASSES, *generate.CLASSES, *check.CLASSES, *config_files.CLASSES, *own.CLASSES)

__all__ = ["CLASSES", "WardSynthState", "current_task", "is_preview", "stop_task"]
