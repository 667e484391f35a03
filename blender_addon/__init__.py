"""WardSynth: randomised patients, staff, visitors and rooms, rendered, with labels that are computed.

One package, several doors: the console script ``wardsynth``, ``python -m blender_addon``, and, installed
in Blender as the add-on ``wardsynth``, ``blender -b --addons wardsynth --python-expr
"import wardsynth; wardsynth.main()" -- generate ...``, ``blender -b --command wardsynth ...`` (4.2 on)
and the panel. Importing it does not import bpy.
"""

# ruff: noqa: E402
bl_info = {
    "name": "WardSynth",
    "author": "WardSynth contributors",
    "version": (0, 1, 0),
    "blender": (3, 4, 0),
    "location": "3D View > Sidebar > WardSynth",
    "description": "Labelled images of patients who do not exist",
    "category": "Render",
}

from .cli import main
from .version import VERSION as __version__

__all__ = ["__version__", "main", "register", "unregister"]


def register() -> None:
    """Called by Blender when the add-on is enabled."""
    from . import registration

    registration.register()


def unregister() -> None:
    """Called by Blender when the add-on is disabled."""
    from . import registration

    registration.unregister()
