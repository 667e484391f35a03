"""The WardSynth tab in the 3D viewport's sidebar, in the order in which people work. It holds no logic."""

from . import buttons, knob_sections, main, preferences_page

CLASSES = (*main.CLASSES, *knob_sections.CLASSES, *buttons.CLASSES, preferences_page.WardSynthPreferences)

__all__ = ["CLASSES"]
