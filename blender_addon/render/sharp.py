"""The exact maps that labels are made from: rendered apart from the picture, from the sharp geometry.

One ray through the middle of every pixel, no filter, no light, no bounce, no denoising: what anti-aliasing,
noise, defocus or motion blur do to the picture never touches a label, every Blender gives the same map, and
whatever Cycles can render (posed, clothed, simulated; any camera) is labelled exactly. Every surface is
replaced by one without a shader, which makes such a render many times cheaper than the picture.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Optional

import bpy
import numpy as np

from .. import compat

_PIXEL_CENTRE = 0.01  # the smallest filter width Cycles takes: rays go through pixel centres
_LARGEST = 60_000  # cells along a film's side; Blender stops at 65536
_FILM_SETTINGS = (
    "resolution_x", "resolution_y", "use_border", "use_crop_to_border",
    "border_min_x", "border_max_x", "border_min_y", "border_max_y",
)  # fmt: skip
_FAR = 1e9  # Cycles gives 1e10 metres where nothing is


class SharpPasses:
    """The maps of one scene; made by ``sharp_passes``."""

    def __init__(self, scene: Any) -> None:
        self._scene = scene

    def instance_map(self, objects: Optional[Sequence[Any]] = None) -> np.ndarray:
        """The pass index of what each pixel's centre shows: (H, W) int, 0 where none, row 0 at the top.

        With ``objects``, as if nothing else were in the scene.
        """
        with self._alone(objects):
            return np.round(self._render(("index",))["index"]).astype(np.int64)

    def instance_and_depth_map(self) -> tuple:
        """``instance_map`` and (H, W) float depth in metres, infinite where nothing is.

        Depth runs along the optical axis for a pinhole camera, from the camera's centre for others.
        """
        maps = self._render(("index", "depth"))
        depth = np.where(maps["depth"] < _FAR, maps["depth"], np.inf)
        return np.round(maps["index"]).astype(np.int64), depth

    def silhouette_around(self, objects: Sequence[Any], region: Sequence[float], rays: int, film: int) -> tuple:
        """Points inside the silhouette of ``objects`` alone, also beyond the frame of the picture.

        Args:
            region: ``[x1, y1, x2, y2]`` in the picture's pixels, inside the film.
            rays: about how many to send, on a square grid over the region.
            film: how many times as wide and high as the picture the film is, around the same middle.

        Returns:
            (N, 2) pixels (x, y) of the rays that meet the objects, and the grid's spacing in pixels.
        """
        render, camera = self._scene.render, self._scene.camera.data
        whole, size, axis = _film(render)
        low, high = np.asarray(region[:2]), np.asarray(region[2:])
        reach = film * size + 2 * np.abs(axis - size / 2)
        pitch = float(np.clip(np.sqrt(np.prod(high - low) / rays), reach.max() / _LARGEST, None))
        cells = np.round(reach / pitch).astype(int)
        origin = axis - cells * pitch / 2  # the film's own corner in the picture's pixels
        first = np.clip(np.floor((low - origin) / pitch), 0, cells - 1).astype(int)
        last = np.clip(np.ceil((high - origin) / pitch), first + 1, cells).astype(int)
        kept = {name: getattr(render, name) for name in _FILM_SETTINGS}, camera.sensor_width
        try:
            render.resolution_x, render.resolution_y = cells.tolist()
            camera.sensor_width = kept[1] * cells[0] * pitch / whole[0]
            render.use_border = render.use_crop_to_border = True
            # A quarter of a cell inwards, so that rounding finds the cell; Blender's rows begin at the bottom.
            render.border_min_x, render.border_max_x = ((first[0] + 0.25) / cells[0], (last[0] + 0.25) / cells[0])
            render.border_min_y = (cells[1] - last[1] + 0.25) / cells[1]
            render.border_max_y = (cells[1] - first[1] + 0.25) / cells[1]
            found = np.argwhere(self.instance_map(objects) > 0)[:, ::-1]
        finally:
            _set(render, kept[0])
            camera.sensor_width = kept[1]
        return origin + (first + found + 0.5) * pitch, pitch

    @contextmanager
    def _alone(self, objects: Optional[Sequence[Any]]) -> Iterator[None]:
        kept = {item.name for item in (self._scene.objects if objects is None else objects)}
        others = [i for i in self._scene.objects if i.type == "MESH" and i.name not in kept and not i.hide_render]
        try:
            for item in others:
                item.hide_render = True
            yield
        finally:
            for item in others:
                item.hide_render = False

    def _render(self, passes: Sequence[str]) -> dict:
        with tempfile.TemporaryDirectory(prefix="wardsynth-") as folder:
            compat.add_pass_outputs(self._scene, Path(folder), passes)
            try:
                bpy.ops.render.render(write_still=False, scene=self._scene.name)
            finally:
                compat.remove_compositing(self._scene)
            return {name: _read_exr(next(Path(folder).glob(f"{name}*"))) for name in passes}


@contextmanager
def sharp_passes(scene: Any) -> Iterator[SharpPasses]:
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
        yield SharpPasses(scene)
    finally:
        for owner, values in kept:
            _set(owner, values)
        bpy.data.materials.remove(wanted[layer]["material_override"])


def _film(render: Any) -> tuple:
    """The film's size in pixels, that of the picture on it, and where the lens's axis meets the picture (x, y)."""
    film = np.array([render.resolution_x, render.resolution_y], dtype=np.float64)
    if not render.use_border:
        return film, film, film / 2
    low = np.floor([render.border_min_x * film[0], (1.0 - render.border_max_y) * film[1] + 0.5])
    size = np.round([
        (render.border_max_x - render.border_min_x) * film[0], (render.border_max_y - render.border_min_y) * film[1]
    ])  # fmt: skip
    return film, size, film / 2 - low


def _set(owner: Any, values: dict) -> None:
    for name, value in values.items():
        setattr(owner, name, value)


def _shaderless() -> Any:
    material = bpy.data.materials.new("WardSynth without shader")
    material.use_nodes = True
    material.node_tree.nodes.clear()
    return material


def _read_exr(path: Path) -> np.ndarray:
    image = bpy.data.images.load(str(path))
    try:
        image.colorspace_settings.name = "Non-Color"
        width, height = image.size
        pixels = np.empty(width * height * image.channels, dtype=np.float32)
        image.pixels.foreach_get(pixels)
    finally:
        bpy.data.images.remove(image)
    return pixels.reshape(height, width, -1)[::-1, :, 0].copy()  # Blender's first row is the lowest
