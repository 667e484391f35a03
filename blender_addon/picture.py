"""Making one picture: draw, build, render, label, develop. The engine behind every door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .build.scene import build_scene, remove_scene
from .dataset_format import digests, record
from .draw import sample
from .draw.spec import SceneSpec
from .label.frame import Labels, label
from .label.gaze import eyes_on_camera
from .render import cycles
from .render.image_file import decode, encode_grey16, encode_jpeg
from .render.sensor import Codec, Subject, develop

_FARTHEST_M = 65.5  # what 16 bits of millimetres hold


@dataclass(frozen=True)
class Picture:
    """A finished picture: its record, the bytes of its JPEG, and of the maps beside it by their file."""

    frame: record.Frame
    image: bytes
    maps: Mapping[str, bytes]


def make_picture(config: Mapping, seed: int, index: int, device: str = "cpu", threads: int = 0) -> Picture:
    """Picture ``index`` of the dataset (config, seed), from nothing; leaves Blender as it was.

    Args:
        config: the resolved config.
        device: "cpu", "cuda", "optix", "hip" or "metal".
        threads: CPU threads to render with, 0 for all.

    Raises:
        LabelError: a label check failed. DeviceError: there is no such device.
    """
    spec = sample(config, seed, index)
    built = build_scene(spec)
    try:
        cycles.prepare(built.scene, config, noise_seed(seed, index))
        cycles.use_device(built.scene, device)
        _limit_threads(built.scene, threads)
        light = cycles.light(built.scene, config)
        labels = label(built, config)
    finally:
        remove_scene(built.scene)
    codec = Codec(encode_jpeg, decode)
    image = develop(light, spec.sensor, _subject(spec, labels), codec, config["render.jpeg_quality"])
    maps = _maps(labels)
    return Picture(digests.sealed(labels.frame, image, maps, config), image, maps)


def noise_seed(seed: int, index: int) -> int:
    """The seed of the sampling noise of a picture."""
    return seed * 1_000_003 + index


def _subject(spec: SceneSpec, labels: Labels) -> Subject:
    """Who moves and whose eyes glow; who lies in a bed lies still."""
    moving = (person.id for person in spec.people if person.use != "bed")
    return Subject(tuple(labels.instances == number for number in moving), eyes_on_camera(labels.frame))


def _maps(labels: Labels) -> dict:
    maps = {}
    if labels.frame.depth_file is not None:
        millimetres = np.where(labels.depth < _FARTHEST_M, np.round(labels.depth * 1000.0), 0)
        maps[labels.frame.depth_file] = encode_grey16(millimetres)
    if labels.frame.mask_file is not None:
        maps[labels.frame.mask_file] = encode_grey16(labels.instances)
    return maps


def _limit_threads(scene: Any, threads: int) -> None:
    scene.render.threads_mode = "FIXED" if threads else "AUTO"
    if threads:
        scene.render.threads = threads
