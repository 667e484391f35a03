"""Shared by the panels of the tab: their place, labels and wrapped text."""

from __future__ import annotations

import textwrap

import bpy

_WIDEST = 200  # characters
_PIXELS_PER_LETTER = 6.2
_MARGIN, _ICON = 7, 5  # in characters: the width of the tabs and of an icon


class Tab:
    """A panel in the tab."""

    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "WardSynth"


def label_at_left(layout: bpy.types.UILayout) -> None:
    """Show each property's name at the left of its field, without the dot that animates it."""
    layout.use_property_split = True
    layout.use_property_decorate = False


def draw_text(layout: bpy.types.UILayout, context: bpy.types.Context, text: str, icon: str = "NONE") -> None:
    """Show ``text``, wrapped to the width of the sidebar."""
    scale = context.preferences.system.ui_scale
    margin = _MARGIN + (_ICON if icon != "NONE" else 0)
    letters = int(context.region.width / (_PIXELS_PER_LETTER * scale)) - margin if context.region else _WIDEST
    column = layout.column(align=True)
    column.scale_y = 0.8
    for line in text.splitlines():
        for piece in textwrap.wrap(line, max(letters, 12)) or [""]:
            column.label(text=piece, icon=icon)
            icon = "BLANK1" if icon != "NONE" else "NONE"
