"""Adding the add-on's classes and its command to Blender, and taking them away again."""

from __future__ import annotations

import bpy

from . import cli, compat, operators, panel, settings
from .overlay import view

_CLASSES = (*settings.CLASSES, *operators.CLASSES, *panel.CLASSES)
_command = None


def register() -> None:
    """Register classes, the settings of each scene, the session's state, and the 4.2+ command."""
    global _command
    for item in _CLASSES:
        bpy.utils.register_class(item)
    bpy.types.Scene.wardsynth = bpy.props.PointerProperty(type=settings.WardSynthSettings)
    bpy.types.WindowManager.wardsynth = bpy.props.PointerProperty(type=operators.WardSynthState)
    view.add_handlers()
    _command = compat.register_command("wardsynth", cli.run)


def unregister() -> None:
    """Undo ``register``; what is under way is stopped."""
    global _command
    operators.stop_task()
    view.remove_handlers()
    compat.unregister_command(_command)
    _command = None
    del bpy.types.WindowManager.wardsynth
    del bpy.types.Scene.wardsynth
    for item in reversed(_CLASSES):
        bpy.utils.unregister_class(item)
