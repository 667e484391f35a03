"""Draws the overlay in Blender's editors: in the viewport of a preview, over its rendered image, in image editors."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Callable, Sequence
from typing import Any

import blf
import bpy
import gpu
import numpy as np
from gpu_extras.batch import batch_for_shader
from numpy.typing import NDArray

from .. import compat
from ..dataset_format import record
from ..draw.projection import rays
from ..draw.spec import CameraSpec
from ..settings import home_of
from .shapes import Dot, Line, TextLabel, shapes_of

IMAGE = "WardSynth picture"  # the Blender image that holds the rendered image of the preview
_WIDTH, _DOT, _LETTERS = 1.6, 3.5, 10.0  # screen pixels
_MARGIN = 0.06  # of the viewport, around the image
_CIRCLE = np.linspace(0.0, 2 * np.pi, 17)
_NEAREST = 1e-3  # clip-space depth: what is behind the view is not drawn

PixelsToRegion = Callable[
    [NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]
]  # ((N, 2) image pixels, (N,) metres) -> (N, 2) of the region

_handlers: list[tuple[Any, Any]] = []  # (space type, handle); Blender gives handles no type


def add_handlers() -> None:
    """Start drawing in all viewports and image editors."""
    for space, draw in ((bpy.types.SpaceView3D, _draw_viewport), (bpy.types.SpaceImageEditor, _draw_editor)):
        _handlers.append((space, space.draw_handler_add(draw, (), "WINDOW", "POST_PIXEL")))


def remove_handlers() -> None:
    """Undo ``add_handlers``."""
    while _handlers:
        space, handler = _handlers.pop()
        space.draw_handler_remove(handler, "WINDOW")


def _draw_viewport() -> None:
    context = bpy.context
    if not context.scene.wardsynth.record or not context.space_data.overlay.show_overlays:
        return
    frame, settings = _frame(context.scene.wardsynth.record), home_of(context.scene).wardsynth
    image = bpy.data.images.get(IMAGE)
    if image is not None and settings.show_image:
        sidebar = next((region.width for region in context.area.regions if region.type == "UI"), 0)
        corner, size = _fitted(context.region.width - sidebar, context.region.height, frame)
        _draw_image(image, corner, size)
        _draw_shapes(frame, settings, _on_rectangle(frame, corner, size))
    else:
        _draw_shapes(frame, settings, _through_view(frame, context.region, context.region_data))


def _draw_editor() -> None:
    context = bpy.context
    image = context.space_data.image
    if image is None or image.name != IMAGE or not context.scene.wardsynth.record:
        return
    frame, view = _frame(context.scene.wardsynth.record), context.region.view2d
    low, high = (np.array(view.view_to_region(*corner, clip=False)) for corner in ((0.0, 0.0), (1.0, 1.0)))
    _draw_shapes(frame, home_of(context.scene).wardsynth, _on_rectangle(frame, low, high - low))


@functools.lru_cache(maxsize=4)
def _frame(text: str) -> record.Frame:
    return record.frame_from_json(json.loads(text), "the preview's record")


def _fitted(width: float, height: float, frame: record.Frame) -> tuple:
    """(lower left corner, size) in region pixels of the largest rectangle of the image's shape."""
    image, room = np.array([frame.width, frame.height], dtype=float), np.array([width, height])
    size = image * ((1.0 - 2 * _MARGIN) * room / image).min()
    return (room - size) / 2, size


def _on_rectangle(frame: record.Frame, corner: NDArray[np.float64], size: NDArray[np.float64]) -> PixelsToRegion:
    def place(pixels: NDArray[np.float64], _away: NDArray[np.float64]) -> NDArray[np.float64]:
        fraction = pixels / [frame.width, frame.height]
        return corner + np.stack([fraction[:, 0], 1.0 - fraction[:, 1]], axis=1) * size

    return place


def _through_view(frame: record.Frame, region: Any, view: Any) -> PixelsToRegion:
    """Follow the camera's rays from pixels into the room, and project from there into the viewport."""
    camera = _camera(frame)
    projection = np.array(view.perspective_matrix)

    def place(pixels: NDArray[np.float64], away: NDArray[np.float64]) -> NDArray[np.float64]:
        room = np.asarray(camera.location) + rays(camera, (frame.width, frame.height), pixels) * away[:, None]
        clip = np.concatenate([room, np.ones((len(room), 1))], axis=1) @ projection.T
        depth = np.where(clip[:, 3] > _NEAREST, clip[:, 3], np.nan)
        return (clip[:, :2] / depth[:, None] + 1.0) / 2.0 * [region.width, region.height]

    return place


def _camera(frame: record.Frame) -> CameraSpec:
    values: dict[str, Any] = {  # Any: of the type of each field
        key: tuple(value) if isinstance(value, list) else value for key, value in frame.spec["camera"].items()
    }
    return CameraSpec(**values)


def _draw_shapes(frame: record.Frame, settings: Any, place: PixelsToRegion) -> None:
    shapes = shapes_of(frame, settings.show_boxes, settings.show_points, settings.show_names, settings.show_things)
    gpu.state.blend_set("ALPHA")
    for line in shapes.lines:
        _draw_line(line, place)
    for dot in shapes.dots:
        _draw_dot(dot, place)
    for text in shapes.texts:
        _draw_text(text, place)
    gpu.state.blend_set("NONE")


def _draw_line(line: Line, place: PixelsToRegion) -> None:
    path = place(line.points, line.away)
    segments = np.stack([path[:-1], path[1:]], axis=1) if line.dash[1] == 0 else _dashed(path, line.dash)
    _draw_segments(segments[np.isfinite(segments).all(axis=(1, 2))], line.rgb)


def _dashed(path: NDArray[np.float64], dash: Sequence[float]) -> NDArray[np.float64]:
    """The (N, 2, 2) pieces of ``path`` that are drawn."""
    step = np.linalg.norm(np.diff(path, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(np.nan_to_num(step))])
    starts = np.arange(0.0, along[-1], sum(dash))
    ends = np.minimum(starts + dash[0], along[-1])
    return np.stack(
        [np.stack([np.interp(at, along, axis) for axis in path.T], axis=1) for at in (starts, ends)], axis=1
    )


def _draw_segments(segments: NDArray[np.float64], rgb: tuple[float, ...]) -> None:
    if not len(segments):
        return
    shader = gpu.shader.from_builtin(compat.shader_name("POLYLINE_UNIFORM_COLOR"))
    points = np.concatenate([segments.reshape(-1, 2), np.zeros((2 * len(segments), 1))], axis=1)
    batch = batch_for_shader(shader, "LINES", {"pos": points.tolist()})
    shader.bind()
    shader.uniform_float("viewportSize", gpu.state.viewport_get()[2:])
    shader.uniform_float("lineWidth", _WIDTH * bpy.context.preferences.system.ui_scale)
    shader.uniform_float("color", (*rgb, 1.0))
    batch.draw(shader)


def _draw_dot(dot: Dot, place: PixelsToRegion) -> None:
    middle = place(dot.point[None], np.array([dot.away]))[0]
    if not np.isfinite(middle).all():
        return
    rim = middle + _DOT * np.stack([np.cos(_CIRCLE), np.sin(_CIRCLE)], axis=1)
    _fill(middle, rim, dot.rgb if dot.filled else (0.0, 0.0, 0.0))
    _draw_segments(np.stack([rim[:-1], rim[1:]], axis=1), dot.rgb)


def _fill(middle: NDArray[np.float64], rim: NDArray[np.float64], rgb: tuple[float, ...]) -> None:
    shader = gpu.shader.from_builtin(compat.shader_name("UNIFORM_COLOR"))
    corners = [point.tolist() for pair in itertools.pairwise(rim) for point in (middle, *pair)]
    batch = batch_for_shader(shader, "TRIS", {"pos": corners})
    shader.bind()
    shader.uniform_float("color", (*rgb, 1.0))
    batch.draw(shader)


def _draw_text(text: TextLabel, place: PixelsToRegion) -> None:
    x, y = place(text.point[None], np.array([text.away]))[0]
    if not np.isfinite([x, y]).all():
        return
    height = _LETTERS * bpy.context.preferences.system.ui_scale
    blf.size(0, height)
    blf.enable(0, blf.SHADOW)
    blf.shadow(0, 3, 0.0, 0.0, 0.0, 1.0)
    blf.color(0, *text.rgb, 1.0)
    for number, line in enumerate(reversed(text.lines)):
        blf.position(0, x + 2, y + 4 + 1.2 * height * number, 0)
        blf.draw(0, line)
    blf.disable(0, blf.SHADOW)


def _draw_image(image: Any, corner: NDArray[np.float64], size: NDArray[np.float64]) -> None:
    """Draw ``image`` as its file shows it."""
    shader = gpu.shader.from_builtin(compat.shader_name("IMAGE"))
    low, high = corner, corner + size
    corners = [(low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1])]
    uv = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    batch = batch_for_shader(shader, "TRI_FAN", {"pos": corners, "texCoord": uv})
    shader.bind()
    shader.uniform_sampler("image", gpu.texture.from_image(image))
    batch.draw(shader)
