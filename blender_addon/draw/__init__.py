"""The drawing layer: ``sample(config, seed, index) -> SceneSpec``. Everything random is decided here.

Standard library and numpy only, no bpy; milliseconds an image. The way it flows:
``config`` resolves the knobs, ``streams`` gives each aspect its random numbers, ``room``, ``camera``,
``people`` and ``light`` draw their part, ``scene`` puts the ``spec`` together.
"""

from .scene import sample

__all__ = ["sample"]
