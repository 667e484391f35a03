"""What the user set once on the add-on's page of Blender's preferences; the page is ``panel.preferences_page``."""

from __future__ import annotations

from typing import Any

import bpy

ROOT = __package__.rpartition(".")[0]  # what the add-on is called where it is installed


class _Defaults:
    """What holds where the add-on runs without being installed."""

    workers, device = 1, "cpu"


def preferences_of(context: bpy.types.Context) -> Any:
    """The add-on's preferences."""
    installed = context.preferences.addons.get(ROOT)
    return installed.preferences if installed and installed.preferences else _Defaults
