"""The exact maps that labels are made from: rendered apart from the image, from the sharp geometry.

One ray through the middle of every pixel, no filter, no light, no bounce, no denoising: what anti-aliasing,
noise, defocus or motion blur do to the image never touches a label, every Blender gives the same map, and
whatever Cycles can render (posed, clothed, simulated; any camera) is labelled exactly. Every surface is
replaced by one without a shader, which makes such a render many times cheaper than the image.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from .. import compat
from .image_file import read_linear

_PIXEL_CENTRE = 0.01  # the smallest filter width Cycles takes: rays go through pixel centres
_FAR = 1e9  # Cycles gives 1e10 metres where nothing is


class LabelMapRenderer:
    """The maps of one scene; made by ``label_map_renderer``."""

    def __init__(self, scene: Any) -> None:
        self._scene = scene

    def instance_and_depth_map(self) -> tuple:
        """The pass index of what each pixel's centre shows, (H, W) int, 0 where none, and its depth.

        The depth is (H, W) float metres, infinite where nothing is; row 0 of both is at the top.
        Depth runs along the optical axis for a pinhole camera, from the camera's centre for others.
        """
        maps = self._render(("index", "depth"))
        depth = np.where(maps["depth"] < _FAR, maps["depth"], np.inf)
        return np.round(maps["index"]).astype(np.int64), depth

    def _render(self, passes: Sequence[str]) -> dict:
        with tempfile.TemporaryDirectory(prefix="wardsynth-") as folder:
            compat.add_pass_outputs(self._scene, Path(folder), passes)
            try:
                bpy.ops.render.render(write_still=False, scene=self._scene.name)
            finally:
                compat.remove_compositing(self._scene)
            return {name: read_linear(next(Path(folder).glob(f"{name}*")))[..., 0] for name in passes}


@contextmanager
def label_map_renderer(scene: Any) -> Iterator[LabelMapRenderer]:
    """Set ``scene`` up for exact maps; all settings are put back at the end."""
    cycles, layer = scene.cycles, scene.view_layers[0]
    wanted = {
        cycles: {
            "samples": 1,
            "use_denoising": False,
            "pixel_filter_type": "BOX",
            "filter_width": _PIXEL_CENTRE,
            "max_bounces": 0,
        },
        layer: {"use_pass_object_index": True, "use_pass_z": True, "material_override": _shaderless()},
        scene.camera.data.dof: {"use_dof": False},
        scene.render: {"use_motion_blur": False, "film_transparent": False},
    }
    kept = [(owner, {name: getattr(owner, name) for name in values}) for owner, values in wanted.items()]
    try:
        for owner, values in wanted.items():
            _set(owner, values)
        yield LabelMapRenderer(scene)
    finally:
        for owner, values in kept:
            _set(owner, values)
        bpy.data.materials.remove(wanted[layer]["material_override"])


def _set(owner: Any, values: dict) -> None:
    for name, value in values.items():
        setattr(owner, name, value)


def _shaderless() -> Any:
    material = bpy.data.materials.new("WardSynth without shader")
    material.use_nodes = True
    material.node_tree.nodes.clear()
    return material
