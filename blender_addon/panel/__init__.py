"""The WardSynth tab in the 3D viewport's sidebar, in the order in which people work. It holds no logic."""

from . import buttons, knob_sections, main

CLASSES = (*main.CLASSES, *knob_sections.CLASSES, *buttons.CLASSES)

__all__ = ["CLASSES"]
