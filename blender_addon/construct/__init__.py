"""The building layer: a SceneSpec becomes a Blender scene. bpy, and no randomness at all.

``scene.build_scene`` is the way in; ``room``, ``furniture``, ``people``, ``bedding``, ``lights`` and ``camera`` build
their part of it from ``mesh``, ``solids`` and ``materials``. What comes out is native Blender data an artist can go on
editing.
"""
