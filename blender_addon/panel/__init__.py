"""The WardSynth tab in the 3D viewport's sidebar, in the order of work. It holds no logic."""

from . import buttons, main, preferences_page, setting_sections

CLASSES = (*main.CLASSES, *setting_sections.CLASSES, *buttons.CLASSES, preferences_page.WardSynthPreferences)

__all__ = ["CLASSES"]
