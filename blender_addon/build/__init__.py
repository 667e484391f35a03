"""The building layer: a SceneSpec becomes a Blender scene. bpy, and no randomness at all.

``scene.build_scene`` is the way in; ``people``, ``bed``, ``room`` and ``light`` build their part of it
from ``mesh`` and ``materials``. What comes out is native Blender data an artist can go on editing.
"""
