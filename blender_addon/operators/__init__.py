"""The operators ``bpy.ops.wardsynth.*``: what the panel's buttons press, and what scripts call.

Each reads its options or the scene's settings and calls the engine of the command line. ``modal_job`` runs a job beside
the window; ``options`` are shared by several operators.
"""

from . import check, config_files, custom_content, generate, modal_job, preview
from .custom_content import read_room_again
from .modal_job import WardSynthState, abandon_job, current_job
from .preview import is_preview

CLASSES = (
    *modal_job.CLASSES,
    *preview.CLASSES,
    *generate.CLASSES,
    *check.CLASSES,
    *config_files.CLASSES,
    *custom_content.CLASSES,
)

__all__ = ["CLASSES", "WardSynthState", "abandon_job", "current_job", "is_preview", "read_room_again"]
