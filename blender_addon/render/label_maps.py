"""Exact maps for labels, rendered apart from the image from the sharp geometry.

One ray through the centre of every pixel, without filter, light, bounces or denoising: anti-aliasing, noise, defocus
and motion blur of the image never touch a label, every Blender gives the same maps, and whatever Cycles can render
(posed, clothed, simulated; any camera) is labelled exactly. Every surface has a material without a shader, which makes
such a render many times cheaper than the image; where there are see-through surfaces, those have stencils.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from bpy.types import Material, NodeTree, Object, Scene
from numpy.typing import NDArray

from .. import compat
from ..see_through import (
    displaced_objects,
    drawn_objects,
    holed_objects,
    nodes_of,
    open_holdouts,
    see_through_objects,
    stencil,
)
from .image_file import read_linear

_PIXEL_CENTRE = 0.01  # the smallest filter width of Cycles: rays go through pixel centres
_FAR = 1e9  # Cycles gives 1e10 metres where a ray hits nothing
_SOLID = 0.5  # opacity from which on a pixel shows the surface
_LAYERS = 256  # transparent surfaces that a ray may pass
_SAME_DEPTH = 1e-5  # of the depth: a ray through a hole ends farther away
HOLE = 100_000  # added to the pass index where a holdout of the object hides what is behind it


class LabelMapRenderer:
    """Renders the maps of one scene; created by ``label_map_renderer``.

    ``see_through`` are the names of the objects that the camera sees through in places, or that a material displaces:
    their image is not that of their mesh. ``holed`` are the stencils of materials with holdouts.
    """

    def __init__(self, scene: Scene, see_through: frozenset[str], holed: Sequence[Object] = ()) -> None:
        self._scene = scene
        self._holed = holed
        self.see_through = see_through

    def instance_and_depth_map(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The pass index that each pixel's centre shows, (H, W) int, 0 for none, and its depth.

        The index of an object is ``HOLE`` higher where a holdout of it is in front.
        The depth is (H, W) float metres, infinite where nothing is; row 0 of both is at the top.
        Depth runs along the optical axis for a pinhole camera, from the camera's centre for others.
        """
        maps = self._render(("index", "depth"))
        index = np.round(maps["index"]).astype(np.int64)
        if self._holed:
            with self._open_holdouts():
                behind = self._render(("depth",))["depth"]
            index[behind > maps["depth"] * (1.0 + _SAME_DEPTH)] += HOLE
        return index, np.where(maps["depth"] < _FAR, maps["depth"], np.inf)

    def mask_without_others(self, objects: Sequence[Object]) -> NDArray[np.bool_]:
        """(H, W): where ``objects`` would be seen if nothing else were in the scene."""
        shown = {item.name for item in objects}
        others = [item for item in self._scene.objects if item.name not in shown and not item.hide_render]
        try:
            for item in others:
                item.hide_render = True
            index = self.instance_and_depth_map()[0]
            return (index > 0) & (index < HOLE)
        finally:
            for item in others:
                item.hide_render = False

    @contextmanager
    def _open_holdouts(self) -> Iterator[None]:
        """Let the camera see through holdouts for a while."""
        try:
            for material in self._holed:
                open_holdouts(material, is_open=True)
            yield
        finally:
            for material in self._holed:
                open_holdouts(material, is_open=False)

    def _render(self, passes: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        with tempfile.TemporaryDirectory(prefix="wardsynth-") as folder:
            compat.add_pass_outputs(self._scene, Path(folder), passes)
            try:
                bpy.ops.render.render(write_still=False, scene=self._scene.name)
            finally:
                compat.remove_compositing(self._scene)
            return {name: read_linear(next(Path(folder).glob(f"{name}*")))[..., 0] for name in passes}


@contextmanager
def label_map_renderer(scene: Scene) -> Iterator[LabelMapRenderer]:
    """Set ``scene`` up for exact maps; all settings are restored at the end."""
    cycles, layer = scene.cycles, scene.view_layers[0]
    drawn = drawn_objects(scene)
    holed = holed_objects(drawn)
    see_through = frozenset(item.name for item in (*see_through_objects(drawn), *displaced_objects(drawn), *holed))
    shaderless = _shaderless()
    wanted = {
        cycles: {
            "samples": 1,
            "use_denoising": False,
            "pixel_filter_type": "BOX",
            "filter_width": _PIXEL_CENTRE,
            "max_bounces": 0,
        },
        layer: {"use_pass_object_index": True, "use_pass_z": True},
        scene.camera.data.dof: {"use_dof": False},
        scene.render: {"use_motion_blur": False, "film_transparent": False},
    }
    if see_through:
        wanted[cycles].update(transparent_max_bounces=_LAYERS, min_transparent_bounces=_LAYERS)
        wanted[layer]["pass_alpha_threshold"] = _SOLID
    else:
        wanted[layer]["material_override"] = shaderless
    kept = [(owner, {name: getattr(owner, name) for name in values}) for owner, values in wanted.items()]
    try:
        for owner, values in wanted.items():
            _set(owner, values)
        with _without_holdouts(scene), _stencils(scene, see_through, shaderless) as stencils:
            yield LabelMapRenderer(scene, see_through, stencils if holed else ())
    finally:
        for owner, values in kept:
            _set(owner, values)
        bpy.data.materials.remove(shaderless)


@contextmanager
def _without_holdouts(scene: Scene) -> Iterator[None]:
    """Let objects that are holdouts be surfaces for a while: in the image they hide what is behind them."""
    holdouts = [item for item in scene.objects if item.is_holdout]
    try:
        for item in holdouts:
            item.is_holdout = False
        yield
    finally:
        for item in holdouts:
            item.is_holdout = True


@contextmanager
def _stencils(scene: Scene, see_through: frozenset[str], shaderless: Material) -> Iterator[list[Material]]:
    """Where ``see_through`` names objects, give these stencils of their materials and all others ``shaderless``.

    Yields the stencils.
    """
    drawn = drawn_objects(scene) if see_through else []
    slots = [slot for item in drawn for slot in item.material_slots]
    before = [(slot, slot.link, slot.material) for slot in slots]
    stencils = {}
    for item in drawn:
        for slot in item.material_slots:
            material = slot.material
            if item.name in see_through and material is not None and material.name not in stencils:
                stencils[material.name] = stencil(material) if material.use_nodes else shaderless
            slot.link = "OBJECT"
            named = stencils.get(material.name) if item.name in see_through and material is not None else None
            slot.material = named or shaderless
    try:
        yield [made for made in stencils.values() if made != shaderless]
    finally:
        for slot, link, material in before:
            slot.material = material if link == "OBJECT" else None
            slot.link = link
        groups = {node.node_tree for made in stencils.values() for node in _groups(made)}
        bpy.data.batch_remove([*(made for made in stencils.values() if made != shaderless), *groups])


def _groups(material: Material) -> list[NodeTree]:
    tree = material.node_tree
    return [node for node in nodes_of(tree) if node.type == "GROUP" and node.node_tree is not None] if tree else []


def _set(owner: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(owner, name, value)


def _shaderless() -> Material:
    material = bpy.data.materials.new("WardSynth without shader")
    material.use_nodes = True
    material.node_tree.nodes.clear()
    return material
