"""Seeded augmentation of training images, with their boxes.

``limits`` says how far it may go. ``geometry`` places an image in the input, ``colour`` and ``degrade`` change how
it looks, ``paste`` and ``cutout`` put something over it, ``compose`` puts it all together; what they hand on is a
``view``. Every step is drawn first, as a small value that can say in words what it is, and then done: the same numpy
generator gives the same image.
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
