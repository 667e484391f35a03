"""The scene's properties that the panel shows and the operators read, made from the settings of ``draw.config``."""

from .groups import CLASSES, FROM_FILE, LARGEST_INTEGER, WardSynthSettings, free_folder, home_of, settings_of
from .preferences import preferences_of

__all__ = [
    "CLASSES",
    "FROM_FILE",
    "LARGEST_INTEGER",
    "WardSynthSettings",
    "free_folder",
    "home_of",
    "preferences_of",
    "settings_of",
]
