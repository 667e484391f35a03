"""The folding sections of sliders, one per section of ``draw.config``, and inside one per setting of weights."""

from __future__ import annotations

from collections.abc import Callable

import bpy

from ..draw import config as draw_settings
from ..settings import settings_of
from ..settings.sliders import label_of, sliders_of
from .base import Tab

_OTHER_PANELS = ("own", "pictures", "labels")  # sections that other panels show
PARENT = "WARDSYNTH_PT_drawn"
_Draw = Callable[[bpy.types.Panel, bpy.types.Context], None]  # the method that lays a panel out


class WARDSYNTH_PT_drawn(Tab, bpy.types.Panel):
    """The settings of everything that is sampled at random."""

    bl_label = "Image Content"
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012

    def draw(self, context: bpy.types.Context) -> None:
        """The sections draw themselves."""


def draw_section(layout: bpy.types.UILayout, context: bpy.types.Context, section: str) -> None:
    """Show the settings of ``section`` other than weights."""
    layout.use_property_decorate = False
    group = settings_of(context).knobs
    for setting in draw_settings.SECTIONS[section]:
        if not isinstance(setting.kind, draw_settings.Weights):
            for slider in sliders_of(setting):
                _draw_setting(layout, group, setting, slider.identifier)


def _draw_setting(
    layout: bpy.types.UILayout, group: bpy.types.PropertyGroup, setting: draw_settings.Setting, identifier: str
) -> None:
    """Draw a setting with its name above its field: beside it, names are cut off in the default sidebar."""
    if isinstance(setting.kind, draw_settings.Switch):
        layout.prop(group, identifier)
        return
    column = layout.column(align=True)
    column.label(text=label_of(setting))
    column.row(align=True).prop(group, identifier, text="")


def weights_panels(section: str, parent: str) -> list[type]:
    """One folding panel per setting of weights in ``section``."""
    return [
        _panel(
            f"WARDSYNTH_PT_{setting.key.replace('.', '_')}",
            label_of(setting),
            parent,
            _weights_drawer(setting),
            setting.text,
        )
        for setting in draw_settings.SECTIONS[section]
        if isinstance(setting.kind, draw_settings.Weights)
    ]


def _weights_drawer(setting: draw_settings.Setting) -> _Draw:
    def draw(self: bpy.types.Panel, context: bpy.types.Context) -> None:
        column = self.layout.column(align=True)
        column.use_property_decorate = False
        for slider in sliders_of(setting):
            column.prop(settings_of(context).knobs, slider.identifier, slider=True)

    return draw


def _section_drawer(section: str) -> _Draw:
    def draw(self: bpy.types.Panel, context: bpy.types.Context) -> None:
        draw_section(self.layout, context, section)

    return draw


def _panel(name: str, title: str, parent: str, draw: _Draw, text: str) -> type:
    values = {"bl_label": title, "bl_parent_id": parent, "bl_options": {"DEFAULT_CLOSED"}, "draw": draw}
    return type(name, (Tab, bpy.types.Panel), {**values, "bl_idname": name, "__doc__": text})


def _sections() -> list[type]:
    panels = []
    for section in draw_settings.SECTIONS:
        if section not in _OTHER_PANELS:
            name = f"WARDSYNTH_PT_section_{section}"
            panels.append(
                _panel(name, section.capitalize(), PARENT, _section_drawer(section), f"Settings of {section}")
            )
            panels += weights_panels(section, name)
    return panels


CLASSES = (WARDSYNTH_PT_drawn, *_sections())
