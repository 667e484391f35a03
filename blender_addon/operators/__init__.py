"""The operators ``bpy.ops.wardsynth.*``: what the panel's buttons press, and what scripts call.

Thin: each reads its options or the scene's settings and calls the engine of the command line. ``task`` is work beside
the window, ``options`` what several operators take.
"""

from . import check, config_files, custom_content, generate, modal_job, preview
from .modal_job import WardSynthState, current_task, stop_task
from .preview import is_preview

CLASSES = (
    *modal_job.CLASSES,
    *preview.CLASSES,
    *generate.CLASSES,
    *check.CLASSES,
    *config_files.CLASSES,
    *custom_content.CLASSES,
)

__all__ = ["CLASSES", "WardSynthState", "current_task", "is_preview", "stop_task"]
