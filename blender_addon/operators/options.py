"""What several operators take, as the command line does; what is not given is as the panel shows it."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.props import IntProperty, IntVectorProperty, StringProperty

from ..draw import config as draw_settings
from ..settings import LIMIT, settings_of
from .modal_job import in_panel_words, say

_LARGEST = draw_settings.BY_KEY["render.size"].kind.limits[1]
_MOST_SAMPLES = draw_settings.BY_KEY["render.samples"].kind.limits[1]


class SceneOptions:
    """The scene options of the command line as properties of an operator."""

    preset: StringProperty(name="Preset", description="What to draw, instead of what the panel shows")
    config: StringProperty(
        name="Config", description="A config file or a dataset's dataset.json, over the preset", subtype="FILE_PATH"
    )
    set: StringProperty(name="Set", description="Settings as KEY=VALUE, one a line, over the rest")
    size: IntVectorProperty(name="Size", description="Width and height in pixels", size=2, min=0, max=_LARGEST)
    samples: IntProperty(name="Samples", description="Cycles samples a pixel", min=0, max=_MOST_SAMPLES)
    seed: IntProperty(name="Seed", description="The dataset's seed", min=0, max=LIMIT)

    def resolved(self, context: bpy.types.Context) -> dict:
        """The resolved config: a preset or file if one is given, else the panel's; then the single settings.

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
            return draw_settings.resolve(self.preset or None, file, pairs)
        return draw_settings.resolve_values(settings_of(context).config(), "panel", pairs)

    def given(self, context: bpy.types.Context, name: str) -> Any:
        """The option ``name`` if it was given, else the panel's setting of that name."""
        return getattr(self if self.properties.is_property_set(name) else settings_of(context), name)


def failed(operator: bpy.types.Operator, message: str) -> set:
    """Report why ``operator`` cannot; the panel shows it too."""
    operator.report({"ERROR"}, in_panel_words(message))
    say(message, failed=True)
    return {"CANCELLED"}


def finished(operator: bpy.types.Operator, message: str, bad: bool) -> set:
    """Report how the work of ``operator`` ended to the script that waited; bad news is an exception to it."""
    if bad:
        return failed(operator, message)
    operator.report({"INFO"}, message)
    return {"FINISHED"}
