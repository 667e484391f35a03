"""The folding sections of sliders, one for each section of ``draw.config`` and, inside, one for each set of shares."""

from __future__ import annotations

from typing import Any

import bpy

from ..draw import config as draw_settings
from ..settings import settings_of
from ..settings.sliders import identifiers, label_of
from .base import Tab, label_at_left

_ELSEWHERE = ("own", "pictures", "labels")  # sections that other panels draw
PARENT = "WARDSYNTH_PT_drawn"


class WARDSYNTH_PT_drawn(Tab, bpy.types.Panel):
    """Everything that is drawn at random, and its shares."""

    bl_label = "What Is Drawn"
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012

    def draw(self, context: bpy.types.Context) -> None:
        """The sections draw themselves."""


def draw_section(layout: Any, context: bpy.types.Context, section: str) -> None:
    """Draw the settings of ``section`` that are no shares."""
    label_at_left(layout)
    group = settings_of(context).knobs
    for setting in draw_settings.SECTIONS[section]:
        if not isinstance(setting.kind, draw_settings.Weights):
            for identifier, _ in identifiers(setting):
                layout.prop(group, identifier)


def shares_panels(section: str, parent: str) -> list:
    """A folding panel for each setting of shares in ``section``."""
    return [
        _panel(
            f"WARDSYNTH_PT_{setting.key.replace('.', '_')}",
            label_of(setting),
            parent,
            _shares_drawer(setting),
            setting.text,
        )
        for setting in draw_settings.SECTIONS[section]
        if isinstance(setting.kind, draw_settings.Weights)
    ]


def _shares_drawer(setting: draw_settings.Setting) -> Any:
    def draw(self: Any, context: bpy.types.Context) -> None:
        layout = self.layout
        label_at_left(layout)
        column = layout.column(align=True)
        for identifier, _ in identifiers(setting):
            column.prop(settings_of(context).knobs, identifier, slider=True)

    return draw


def _section_drawer(section: str) -> Any:
    def draw(self: Any, context: bpy.types.Context) -> None:
        draw_section(self.layout, context, section)

    return draw


def _panel(name: str, title: str, parent: str, draw: Any, text: str) -> type:
    values = {"bl_label": title, "bl_parent_id": parent, "bl_options": {"DEFAULT_CLOSED"}, "draw": draw}
    return type(name, (Tab, bpy.types.Panel), {**values, "bl_idname": name, "__doc__": text})


def _sections() -> list:
    found = []
    for section in draw_settings.SECTIONS:
        if section not in _ELSEWHERE:
            name = f"WARDSYNTH_PT_section_{section}"
            found.append(_panel(name, section.capitalize(), PARENT, _section_drawer(section), f"{section} of images"))
            found += shares_panels(section, name)
    return found


CLASSES = (WARDSYNTH_PT_drawn, *_sections())
