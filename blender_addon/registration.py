"""Adding the add-on's classes and its command to Blender, and taking them away again."""

from __future__ import annotations

import bpy

from . import cli, compat, operators, panel

_CLASSES = (
    operators.WardSynthSettings,
    operators.WARDSYNTH_OT_preview,
    operators.WARDSYNTH_OT_generate_dataset,
    panel.WARDSYNTH_PT_main,
)
_command = None


def register() -> None:
    """Register classes, the settings of each scene, and the 4.2+ command."""
    global _command
    for item in _CLASSES:
        bpy.utils.register_class(item)
    bpy.types.Scene.wardsynth = bpy.props.PointerProperty(type=operators.WardSynthSettings)
    _command = compat.register_command("wardsynth", cli.run)


def unregister() -> None:
    """Undo ``register``."""
    compat.unregister_command(_command)
    del bpy.types.Scene.wardsynth
    for item in reversed(_CLASSES):
        bpy.utils.unregister_class(item)
