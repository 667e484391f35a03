"""The add-on's preferences; their page is ``panel.preferences_page``."""

from __future__ import annotations

from typing import Any

import bpy

ROOT = __name__.rsplit(".", 2)[0]  # the module name under which the add-on is installed


class _Defaults:
    """The preferences where the add-on runs without being installed."""

    workers, device = 1, "cpu"


def preferences_of(context: bpy.types.Context) -> Any:
    """The add-on's preferences."""
    installed = context.preferences.addons.get(ROOT)
    return installed.preferences if installed and installed.preferences else _Defaults
