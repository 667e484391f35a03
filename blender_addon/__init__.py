"""WardSynth: renders randomised patients, staff, visitors and rooms with exact labels.

One package with several entry points: the console script ``wardsynth``, ``python -m blender_addon``, and, installed in
Blender as the add-on ``wardsynth``, ``blender -b --addons wardsynth --python-expr "import wardsynth; wardsynth.main()"
-- generate ...``, ``blender -b --command wardsynth ...`` (4.2 and later) and the panel. Importing it needs no bpy.
"""

# ruff: noqa: E402
bl_info = {
    "name": "WardSynth",
    "author": "WardSynth contributors",
    "version": (0, 1, 0),
    "blender": (3, 4, 0),
    "location": "3D View > Sidebar > WardSynth",
    "description": "Labelled synthetic images of hospital patients, staff and rooms",
    "category": "Render",
}

if "main" in globals():  # Blender reloads this module, and no other, after a newer zip was installed over an older one
    import sys

    for _name in [name for name in sys.modules if name.startswith(f"{__name__}.")]:
        del sys.modules[_name]
        globals().pop(_name.removeprefix(f"{__name__}."), None)  # `from . import NAME` finds this before sys.modules

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
