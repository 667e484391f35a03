"""The options that operators share with the command line; those that are not given have the panel's values."""

# Blender reads property definitions from annotations:
# pyright: reportInvalidTypeForm=false
from __future__ import annotations

from typing import Any

import bpy
from bpy.props import IntProperty, IntVectorProperty, StringProperty

from ..construct.room_content import require_unchanged_room
from ..draw import config as draw_settings
from ..memory import find_image_memory_problem
from ..settings import LARGEST_INTEGER, settings_of
from .modal_job import Message, in_panel_terms, show_message

_LARGEST = draw_settings.upper_limit("render.size")
_MOST_SAMPLES = draw_settings.upper_limit("render.samples")


class SceneOptions:
    """The scene options of the command line as properties of an operator."""

    properties: bpy.types.OperatorProperties  # of the operator

    preset: StringProperty(
        name="Preset", description="Generate what this preset describes instead of the panel's settings"
    )
    config: StringProperty(
        name="Config",
        description="Read settings from this config file or dataset.json, on top of the preset",
        subtype="FILE_PATH",
    )
    set: StringProperty(name="Set", description="Change settings: KEY=VALUE, one per line, on top of the others")
    size: IntVectorProperty(
        name="Size",
        description="Width and height of the images in pixels; 0 keeps the panel's",
        size=2,
        min=0,
        max=_LARGEST,
    )
    samples: IntProperty(
        name="Samples", description="Cycles samples per pixel; 0 keeps the panel's", min=0, max=_MOST_SAMPLES
    )
    seed: IntProperty(name="Seed", description="Random seed of the dataset", min=0, max=LARGEST_INTEGER)

    def resolved(self, context: bpy.types.Context) -> dict[str, Any]:  # Any: of the type of each setting
        """The resolved config: of a preset or file if one is given, else the panel's; then the single settings.

        Raises:
            ConfigError: one line for the user.
        """
        pairs = self.set.splitlines()
        if any(self.size):
            pairs.append(f"render.size={list(self.size)}")
        if self.samples:
            pairs.append(f"render.samples={self.samples}")
        if self.preset or self.config:
            file = bpy.path.abspath(self.config) if self.config else None
            config = draw_settings.resolve(self.preset or None, file, pairs)
        else:
            config = draw_settings.resolve_values(settings_of(context).config(), "panel", pairs)
        require_unchanged_room(config)
        if problem := find_image_memory_problem(config["render.size"]):
            raise draw_settings.ConfigError(problem)
        return config

    def given(self, context: bpy.types.Context, name: str) -> Any:  # Any: of the type of that option
        """The option ``name`` if it was given, else the panel's setting of that name."""
        return getattr(self if self.properties.is_property_set(name) else settings_of(context), name)


def report_failure(operator: bpy.types.Operator, text: str) -> set[str]:
    """Report why ``operator`` cannot do its work, in a pop-up and in the panel; an exception to a script."""
    operator.report({"ERROR"}, in_panel_terms(text))
    show_message(Message(text, is_error=True))
    return {"CANCELLED"}


def report_outcome(operator: bpy.types.Operator, message: Message) -> set[str]:
    """Report how the work of ``operator`` ended to the script that waited for it."""
    if message.is_error:
        return report_failure(operator, message.text)
    operator.report({"INFO"}, message.text)
    return {"FINISHED"}
