"""The operators ``bpy.ops.wardsynth.*``: called by the panel's buttons and by scripts.

Each reads its options or the settings and calls what the command line calls. ``modal_job`` runs a job beside the
window; ``options`` are shared by several operators.
"""

from . import check, config_files, custom_content, generate, help_pages, modal_job, preview, render_image
from .custom_content import read_room_again
from .modal_job import WardSynthState, abandon_job, current_job
from .preview import is_preview, remove_preview_before_save

CLASSES = (
    *modal_job.CLASSES,
    *preview.CLASSES,
    *render_image.CLASSES,
    *generate.CLASSES,
    *check.CLASSES,
    *config_files.CLASSES,
    *custom_content.CLASSES,
    *help_pages.CLASSES,
)

__all__ = [
    "CLASSES",
    "WardSynthState",
    "abandon_job",
    "current_job",
    "is_preview",
    "read_room_again",
    "remove_preview_before_save",
]
