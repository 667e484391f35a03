"""Renders one image with its labels: sample the spec, build the scene, render, label, apply the camera's sensor."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Optional

import numpy as np

from .construct.scene import BuiltScene, build_scene, next_view, remove_scene
from .dataset_format import digests, record
from .draw import sample
from .draw.projection import image_edge
from .draw.spec import SceneSpec
from .label.darkness import with_darkness
from .label.eye_shine import eyes_on_camera
from .label.frame import Labels, label
from .render import cycles
from .render.image_file import decode, encode_grey16, encode_jpeg
from .render.sensor import Codec, Subject, develop

if TYPE_CHECKING:
    from bpy.types import Scene

_FARTHEST_M = 65.5  # the largest depth that 16 bits of millimetres hold


@dataclass(frozen=True)
class RenderedImage:
    """A finished image: its record, the bytes of its JPEG, and of the maps beside it by their file."""

    frame: record.Frame
    image: bytes
    maps: Mapping[str, bytes]


class ImageRenderer:
    """Renders images of the dataset (config, seed); an image does not depend on those rendered before it.

    The scene of the last image stays built as long as it has another view, and until ``close``.

    Args:
        config: the resolved config.
        device: "cpu", "cuda", "optix", "hip" or "metal".
        threads: CPU threads to render with, 0 for all.
    """

    def __init__(self, config: Mapping, seed: int, device: str = "cpu", threads: int = 0) -> None:
        self._config, self._seed = config, seed
        self._device, self._threads = device, threads
        self._built: Optional[BuiltScene] = None

    def render(self, index: int) -> RenderedImage:
        """Render image ``index``. Raises LabelError: a label check failed. DeviceError: there is no such device."""
        with _no_garbage_collection():
            return self._render(index)

    def _render(self, index: int) -> RenderedImage:
        config, spec = self._config, sample(self._config, self._seed, index)
        built = self._build(spec)
        try:
            cycles.prepare(built.scene, config, noise_seed(self._seed, index))
            cycles.use_device(built.scene, self._device)
            _limit_threads(built.scene, self._threads)
            light = cycles.light(built.scene, config)
            labels = label(built, config)
        except BaseException:
            self.close()
            raise
        if spec.shown.is_last:
            self.close()
        codec = Codec(encode_jpeg, decode)
        image = develop(light, spec.sensor, _subject(spec, labels), codec, config["render.jpeg_quality"])
        maps = _maps(labels)
        frame = labels.frame
        if config["labels.darkness"]:
            frame = with_darkness(frame, codec.decode(image), labels.instances)
        return RenderedImage(digests.sealed(frame, image, maps, config), image, maps)

    def close(self) -> None:
        """Leave Blender as it was."""
        built, self._built = self._built, None
        if built is not None:
            remove_scene(built.scene)

    def _build(self, spec: SceneSpec) -> BuiltScene:
        """The scene of ``spec``, with the camera in its place."""
        kept = self._built
        if kept is not None and kept.spec.shown.scene == spec.shown.scene:
            self._built = next_view(kept, spec)
        else:
            self.close()
            self._built = build_scene(spec)
        return self._built


def render_image(config: Mapping, seed: int, index: int, device: str = "cpu", threads: int = 0) -> RenderedImage:
    """Image ``index`` of the dataset (config, seed); arguments and errors are those of ``ImageRenderer``."""
    renderer = ImageRenderer(config, seed, device, threads)
    try:
        return renderer.render(index)
    finally:
        renderer.close()


def noise_seed(seed: int, index: int) -> int:
    """The seed of the sampling noise of an image."""
    return seed * 1_000_003 + index


def _subject(spec: SceneSpec, labels: Labels) -> Subject:
    """The people who move and the eyes that glow; people in bed lie still."""
    moving = (person.id for person in spec.people if person.use != "bed")
    people = tuple(labels.instances == number for number in moving)
    size = labels.instances.shape[1], labels.instances.shape[0]
    return Subject(people, eyes_on_camera(labels.frame), image_edge(spec.camera, size))


def _maps(labels: Labels) -> dict[str, bytes]:
    maps = {}
    if labels.frame.depth_file is not None and labels.depth is not None:
        millimetres = np.where(labels.depth < _FARTHEST_M, np.round(labels.depth * 1000.0), 0)
        maps[labels.frame.depth_file] = encode_grey16(millimetres)
    if labels.frame.mask_file is not None:
        maps[labels.frame.mask_file] = encode_grey16(labels.instances)
    return maps


@contextlib.contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Switch garbage collection off: meshes pass through Python as many small lists, which make it slow."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _limit_threads(scene: Scene, threads: int) -> None:
    scene.render.threads_mode = "FIXED" if threads else "AUTO"
    if threads:
        scene.render.threads = threads
