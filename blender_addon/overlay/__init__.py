"""Showing labels: ``raster`` draws them into pixels; ``shapes`` says what is drawn, ``view`` draws it in Blender."""

from .raster import draw_labels

__all__ = ["draw_labels"]
