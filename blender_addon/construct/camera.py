"""Building the camera: its lens, its pose and the render size."""

from __future__ import annotations

import math
from collections.abc import Sequence

import bpy
import numpy as np
from bpy.types import Object, Scene
from mathutils import Matrix

from .. import compat
from ..draw.projection import camera_axes, principal_point, widest_angle
from ..draw.spec import CameraSpec

_WIDEST_FILM = 4.5  # half image widths: labels are computed this far beyond the image
_CLIP_START = 0.02  # metres
_SENSOR_MM = 36.0  # arbitrary: the lens is given by angles


def build_camera(scene: Scene, spec: CameraSpec, size: Sequence[int]) -> Object:
    """Give ``scene`` the camera of ``spec`` and renders of ``size`` (width, height) pixels; returns the camera object.

    Blender's panoramic lenses cannot be shifted. So where the optical axis is off the image's centre, the film is made
    larger on the far sides and only the part of it that is the image is rendered (a render border).
    """
    beyond = [round(2 * abs(point - side / 2)) for point, side in zip(principal_point(spec, size), size)]
    film = [side + more for side, more in zip(size, beyond)]
    camera = _camera(spec, film[0] / size[0])
    scene.collection.objects.link(camera)
    scene.camera = camera
    render = scene.render
    render.resolution_x, render.resolution_y = film
    render.resolution_percentage = 100
    render.use_border = render.use_crop_to_border = any(beyond)
    # The image's corner on the film; a quarter pixel inwards, so that rounding finds the pixel.
    left, top = (side / 2 - point for side, point in zip(film, principal_point(spec, size)))
    render.border_min_x, render.border_max_x = (left + 0.25) / film[0], (left + size[0] + 0.25) / film[0]
    render.border_min_y = (film[1] - top - size[1] + 0.25) / film[1]
    render.border_max_y = (film[1] - top + 0.25) / film[1]
    return camera


def _camera(spec: CameraSpec, film: float) -> Object:
    """The camera object; its film is ``film`` times as wide as the image."""
    data = bpy.data.cameras.new("camera")
    data.sensor_fit, data.sensor_width = "HORIZONTAL", _SENSOR_MM * film
    if spec.polynomial:
        half = _SENSOR_MM / 2
        in_mm = [value / half**power for power, value in enumerate(spec.polynomial, start=1)]
        compat.set_polynomial_lens(data, in_mm, fov=2 * widest_angle(spec, _WIDEST_FILM))
    else:
        data.lens = _SENSOR_MM / 2 / math.tan(math.radians(spec.horizontal_fov) / 2)
    data.clip_start = _CLIP_START
    if spec.clip:
        data.clip_start, data.clip_end = spec.clip
    item = bpy.data.objects.new("camera", data)
    right, down, forward = camera_axes(spec)
    turn = np.eye(4)
    turn[:3, :3] = np.stack([right, -down, -forward], axis=1)
    turn[:3, 3] = spec.location
    item.matrix_world = Matrix(turn.tolist())
    return item
