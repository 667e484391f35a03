"""Deprecated name of ``images``: programs that import ``trainer.examples.pictures`` still find its functions."""

from .images import QUARTER_TURNS, checked, opened, upright_rgb
from .images import image_size as picture_size
from .images import load_image as load_picture

__all__ = ["QUARTER_TURNS", "checked", "load_picture", "opened", "picture_size", "upright_rgb"]
