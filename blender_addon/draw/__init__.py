"""The drawing layer: ``sample(config, seed, index) -> SceneSpec``. Everything random is decided here.

Standard library and numpy only, no bpy; milliseconds an image. The way it flows:

- ``config``     every setting, and presets, files and ``--set`` resolved to values
- ``streams``    the random numbers of each aspect of an image, shares that hold at every prefix; ``grid`` of factors
- ``rooms``      a room of a kind, furnished from ``furniture``; ``own_room`` an artist's
- ``people``     who (``identity``, ``clothes``), where (``places``), how (``stances``), under what (``bedding``)
- ``own_models`` own characters and objects out of a ``library``
- ``shot``       how the image is taken: ``camera`` (what it sees by ``projection``), ``light``, ``sensor``
- ``studio``     objects alone, in no room
- ``scene``      all of it in order, as a ``spec``
"""

from .scene import sample, scene_and_view

__all__ = ["sample", "scene_and_view"]
