"""Seeded augmentation of training images, with their annotations.

``limits`` holds the settings. ``geometry`` places an image in the input, ``colour`` and ``degrade`` change its
appearance, ``paste`` covers parts of it, ``compose`` runs all of them on a ``view``. Every step is first
sampled as a small value that can describe itself, and then applied: the same numpy generator gives the same image.
"""

from .compose import Composition, Member, draw_composition, training_view
from .limits import NO_AUGMENTATION, Augmentation, is_chance
from .paste import can_be_pasted
from .view import View

__all__ = [
    "NO_AUGMENTATION",
    "Augmentation",
    "Composition",
    "Member",
    "View",
    "can_be_pasted",
    "draw_composition",
    "is_chance",
    "training_view",
]
