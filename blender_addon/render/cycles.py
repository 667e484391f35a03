"""Rendering the light of an image with Cycles; the maps for labels are in ``label_maps``."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import bpy
import numpy as np
from bpy.types import Scene

from .. import compat
from ..see_through import drawn_objects, see_through_objects
from .image_file import read_linear

_BOUNCES_IN_GLASS = 10  # enough for both faces of five panes
_TRANSPARENT_LAYERS = 64  # enough for leaves, hair cards and nets behind one another


class DeviceError(ValueError):
    """This machine lacks the requested Cycles device; the message is one line for the user."""


def prepare(scene: Scene, config: Mapping, noise_seed: int) -> None:
    """Set ``scene`` up for rendering; ``noise_seed`` chooses the sampling noise."""
    render, cycles = scene.render, scene.cycles
    render.engine = "CYCLES"
    cycles.seed = noise_seed % (2**31)
    cycles.use_adaptive_sampling = False
    if can_denoise():
        cycles.denoiser = "OPENIMAGEDENOISE"
        cycles.denoising_prefilter = "FAST"
        cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 3, 2, 1
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_indirect = 4.0
    if see_through_objects(drawn_objects(scene)):
        cycles.max_bounces = cycles.transmission_bounces = _BOUNCES_IN_GLASS
        cycles.transparent_max_bounces = _TRANSPARENT_LAYERS
    compat.prefer_speed(cycles)
    scene.view_settings.view_transform = "Filmic"
    scene.view_settings.look = compat.filmic_look("Medium High Contrast")
    scene.display_settings.display_device = "sRGB"
    render.use_persistent_data = True
    render.use_file_extension = False
    render.dither_intensity = 0.0
    render.use_stamp = False
    for name in dir(render):  # no date, file name or host inside the file
        if name.startswith("use_stamp_"):
            setattr(render, name, False)


def light(scene: Scene, config: Mapping) -> np.ndarray:
    """Render the light that falls on the sensor: (H, W, 3) float32, linear RGB, row 0 at the top."""
    scene.cycles.samples = config["render.samples"]
    scene.cycles.use_denoising = config["render.denoise"] and can_denoise()
    scene.cycles.pixel_filter_type = "BLACKMAN_HARRIS"
    scene.cycles.filter_width = 1.5
    with tempfile.TemporaryDirectory(prefix="wardsynth-") as folder:
        path = Path(folder) / "light.exr"
        compat.set_image_format(scene.render.image_settings, "OPEN_EXR")
        scene.render.image_settings.color_depth = "32"
        scene.render.filepath = str(path)
        bpy.ops.render.render(write_still=True, scene=scene.name)
        return read_linear(path)


def can_denoise() -> bool:
    """Whether this Blender was built with OpenImageDenoise; Debian's is not."""
    import _cycles  # the engine's module, the only place that reports it

    return bool(_cycles.with_openimagedenoise)


def use_device(scene: Scene, device: str) -> None:
    """Render on "cpu", or on the GPUs of "cuda", "optix", "hip" or "metal".

    Raises:
        DeviceError: this machine has no such device.
    """
    if device == "cpu":
        scene.cycles.device = "CPU"
        return
    preferences = bpy.context.preferences.addons["cycles"].preferences
    try:
        preferences.compute_device_type = device.upper()
    except TypeError as error:
        raise DeviceError(f"--device {device}: this Blender was built without it; use cpu") from error
    getattr(preferences, "refresh_devices", preferences.get_devices)()
    usable = [item for item in preferences.devices if item.type == device.upper()]
    if not usable:
        raise DeviceError(f"--device {device}: no such device on this machine; use cpu")
    for item in preferences.devices:
        item.use = item in usable
    scene.cycles.device = "GPU"
