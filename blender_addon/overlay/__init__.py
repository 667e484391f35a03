"""Shows labels: ``raster`` draws them into pixels; ``shapes`` lists what to draw and ``view`` draws it in Blender."""

from .raster import draw_labels

__all__ = ["draw_labels"]
