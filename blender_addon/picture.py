"""Making one picture: draw, build, render, label. The engine behind every door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .build.scene import build_scene, remove_scene
from .dataset_format import record
from .draw import sample
from .label.frame import frame_of
from .render import cycles


@dataclass(frozen=True)
class Picture:
    """A finished picture: its record, and the bytes of its JPEG."""

    frame: record.Frame
    image: bytes


def make_picture(config: Mapping, seed: int, index: int, device: str = "cpu", threads: int = 0) -> Picture:
    """Image ``index`` of the dataset (config, seed), from nothing; leaves Blender as it was.

    Args:
        config: the resolved config.
        device: "cpu", "cuda", "optix", "hip" or "metal".
        threads: CPU threads to render with, 0 for all.

    Raises:
        LabelError: a label check failed. DeviceError: there is no such device.
    """
    built = build_scene(sample(config, seed, index))
    try:
        cycles.prepare(built.scene, config, noise_seed=seed * 1_000_003 + index)
        cycles.use_device(built.scene, device)
        _limit_threads(built.scene, threads)
        image = cycles.colour(built.scene, config)
        frame = frame_of(built, cycles.instance_map(built.scene), config)
    finally:
        remove_scene(built)
    return Picture(frame, image)


def _limit_threads(scene: Any, threads: int) -> None:
    scene.render.threads_mode = "FIXED" if threads else "AUTO"
    if threads:
        scene.render.threads = threads
