"""Registers the add-on's classes and its command with Blender, and unregisters them."""

from __future__ import annotations

import bpy

from . import cli, compat, operators, panel, settings
from .overlay import view

_CLASSES = (*settings.CLASSES, *operators.CLASSES, *panel.CLASSES)
_command = None


def register() -> None:
    """Register the classes, the settings of each scene, the session's state, and the command (4.2 and later)."""
    global _command
    for item in _CLASSES:
        bpy.utils.register_class(item)
    bpy.types.Scene.wardsynth = bpy.props.PointerProperty(type=settings.WardSynthSettings)
    bpy.types.WindowManager.wardsynth = bpy.props.PointerProperty(type=operators.WardSynthState)
    view.add_handlers()
    bpy.app.handlers.save_pre.append(operators.remove_preview_before_save)
    bpy.app.handlers.save_post.append(operators.read_room_again)
    _command = compat.register_command("wardsynth", cli.run)


def unregister() -> None:
    """Undo ``register``; a job in progress is stopped."""
    global _command
    operators.abandon_job()
    bpy.app.handlers.save_pre.remove(operators.remove_preview_before_save)
    bpy.app.handlers.save_post.remove(operators.read_room_again)
    view.remove_handlers()
    compat.unregister_command(_command)
    _command = None
    del bpy.types.WindowManager.wardsynth
    del bpy.types.Scene.wardsynth
    for item in reversed(_CLASSES):
        bpy.utils.unregister_class(item)
