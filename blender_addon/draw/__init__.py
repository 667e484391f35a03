"""The drawing layer: ``sample(config, seed, index) -> SceneSpec``. All random decisions are made here.

Standard library and numpy only, no bpy; milliseconds per image. The modules in the order in which data flows:

- ``config``         every setting; presets, files and ``--set`` pairs resolved to values
- ``streams``        the random numbers of each aspect of an image, attributes balanced; ``grid`` of factors
- ``rooms``          a room of a kind, with pieces of ``furniture``; ``custom_room`` an artist's room
- ``people``         their identity (``identity``, ``clothes``, ``attachments``), their place (``placement``), their
                     posture (``postures``), their cover (``bedding``)
- ``custom_models``  custom characters and objects from the files of a ``library``
- ``camera_choice``  how the image is taken: ``camera`` (with the geometry of ``projection``), ``light``, ``sensor``
- ``studio``         objects alone, without a room
- ``scene``          all of it in order, as a ``spec``
"""

from .scene import sample, scene_and_view

__all__ = ["sample", "scene_and_view"]
