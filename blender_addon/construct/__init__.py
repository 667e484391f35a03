"""The building layer: turns a SceneSpec into a Blender scene, deterministically.

The entry point is ``scene.build_scene``. ``room``, ``furniture``, ``people``, ``bedding``, ``lights`` and ``camera``
build their parts of the scene from ``mesh``, ``solids`` and the material modules (``basic_materials`` for nodes that
all use, ``room_materials``, ``furniture_materials``, ``people_materials``). The result is native Blender data that an
artist can edit.
"""
