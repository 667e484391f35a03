"""Draws the overlay in Blender's editors: in the viewport of a preview, over its rendered image, in image editors."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

import bpy
import gpu
import numpy as np
from bpy.types import Context, Image, Region, RegionView3D, Scene
from gpu_extras.batch import batch_for_shader
from numpy.typing import NDArray

from .. import compat
from ..dataset_format import record
from ..draw.projection import principal_point, rays
from ..draw.spec import CameraSpec
from ..settings import home_of
from . import markers
from .drawing import draw_lines, draw_segments, fill, size_of_lines
from .shapes import Dot, Polyline, TextLabel, image_edge, shapes_of

IMAGE = "WardSynth picture"  # the Blender image that holds the rendered image of the preview
RECORD_DIGEST = "wardsynth_record"  # its custom property: the digest of the record of its labels
_DOT, _GAP = 3.5, 6.0  # screen pixels: of a key point, and under a text
_FAR = 10_000.0  # screen pixels: outside of every region
_EDGE_RGB = (1.0, 0.85, 0.2)
_EDGE_NOTE = "Curved lens: the yellow line is the edge of its image; nothing outside is in the image"
_INSET = 200.0  # screen pixels: the width of the whole image in the corner
_INSET_OUTSIDE, _INSET_INSIDE = (0.02, 0.02, 0.02, 0.95), (0.28, 0.28, 0.28, 1.0)
_OUTSIDE = (0.0, 0.0, 0.0, 0.6)  # colour over the parts that the camera does not see
_MARGIN = 0.06  # of the viewport, around the image
_CIRCLE = np.linspace(0.0, 2 * np.pi, 17)
_NEAREST = 1e-3  # clip-space depth: nothing behind the view is drawn

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
    if not context.space_data.overlay.show_overlays:
        return
    if not context.scene.wardsynth.record:
        markers.draw_markers(context)
        return
    frame, settings = _frame(context.scene.wardsynth.record), home_of(context.scene).wardsynth
    image = bpy.data.images.get(IMAGE)
    if image is not None and settings.show_image and _belongs(image, context.scene):
        sidebar = next((region.width for region in context.area.regions if region.type == "UI"), 0)
        corner, size = _fitted(context.region.width - sidebar, context.region.height, frame)
        _draw_image(image, corner, size)
        _draw_shapes(frame, settings, _on_rectangle(frame, corner, size))
    else:
        place = _through_view(frame, context.region, context.region_data)
        _draw_image_edge(frame, place, context)
        _draw_shapes(frame, settings, place)


def _draw_editor() -> None:
    context = bpy.context
    image = context.space_data.image
    if image is None or image.name != IMAGE or not _belongs(image, context.scene):
        return
    frame, view = _frame(context.scene.wardsynth.record), context.region.view2d
    low, high = (np.array(view.view_to_region(*corner, clip=False)) for corner in ((0.0, 0.0), (1.0, 1.0)))
    _draw_shapes(frame, home_of(context.scene).wardsynth, _on_rectangle(frame, low, high - low))


def _belongs(image: Image, scene: Scene) -> bool:
    """Whether ``image`` was rendered from the preview ``scene``, so that its labels may be drawn over it."""
    return bool(scene.wardsynth.record) and image.get(RECORD_DIGEST) == record_digest(scene.wardsynth.record)


@functools.lru_cache(maxsize=4)
def record_digest(text: str) -> str:
    """The digest of the JSON of a record."""
    return hashlib.sha256(text.encode()).hexdigest()


@functools.lru_cache(maxsize=4)
def _frame(text: str) -> record.Frame:
    return record.frame_from_json(json.loads(text), "the preview's record")


def _fitted(width: float, height: float, frame: record.Frame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(lower left corner, size) in region pixels of the largest rectangle of the image's shape."""
    image, room = np.array([frame.width, frame.height], dtype=float), np.array([width, height])
    size = image * ((1.0 - 2 * _MARGIN) * room / image).min()
    return (room - size) / 2, size


def _on_rectangle(frame: record.Frame, corner: NDArray[np.float64], size: NDArray[np.float64]) -> PixelsToRegion:
    def place(pixels: NDArray[np.float64], _away: NDArray[np.float64]) -> NDArray[np.float64]:
        fraction = pixels / [frame.width, frame.height]
        return corner + np.stack([fraction[:, 0], 1.0 - fraction[:, 1]], axis=1) * size

    return place


def _through_view(frame: record.Frame, region: Region, view: RegionView3D) -> PixelsToRegion:
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


def _draw_image_edge(frame: record.Frame, place: PixelsToRegion, context: Context) -> None:
    """Draw the edge of a curved lens's image and darken what lies outside; the viewport itself is a pinhole."""
    camera = _camera(frame)
    if not camera.polynomial or context.region_data.view_perspective != "CAMERA":
        return
    pixels = image_edge(camera, (frame.width, frame.height))
    edge = place(pixels, np.ones(len(pixels)))
    centre = place(np.array([principal_point(camera, (frame.width, frame.height))]), np.ones(1))[0]
    beyond = centre + _FAR * (edge - centre) / np.linalg.norm(edge - centre, axis=1, keepdims=True)
    gpu.state.blend_set("ALPHA")
    for a, b, c, d in zip(edge[:-1], edge[1:], beyond[1:], beyond[:-1]):
        if np.isfinite([a, b, c, d]).all():
            fill(a, np.array([b, c, d]), _OUTSIDE)
    segments = np.stack([edge[:-1], edge[1:]], axis=1)
    draw_segments(segments[np.isfinite(segments).all(axis=(1, 2))], _EDGE_RGB)
    inside = (edge >= 0).all(axis=1) & (edge <= (context.region.width, context.region.height)).all(axis=1)
    if not inside.all():  # wider than the viewport
        _draw_inset(frame, pixels, context)
    draw_lines(12, 44, (_EDGE_NOTE,), _EDGE_RGB)
    gpu.state.blend_set("NONE")


def _draw_inset(frame: record.Frame, edge: NDArray[np.float64], context: Context) -> None:
    """Draw the whole image small in the corner: the part that the lens fills, and the labels in it."""
    size = np.array([1.0, frame.height / frame.width]) * _INSET * context.preferences.system.ui_scale
    corner = np.array([12.0, 76.0])
    place = _on_rectangle(frame, corner, size)
    border = corner + np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]) * size
    fill(border[:4].mean(axis=0), border, _INSET_OUTSIDE)
    outline = place(edge, np.ones(len(edge)))
    fill(outline.mean(axis=0), outline, _INSET_INSIDE)
    draw_segments(np.stack([outline[:-1], outline[1:]], axis=1), _EDGE_RGB)
    settings = home_of(context.scene).wardsynth
    shapes = shapes_of(frame, settings.show_boxes, settings.show_points, names=False, things=settings.show_things)
    for line in shapes.lines:
        _draw_line(line, place)


def _draw_shapes(frame: record.Frame, settings: bpy.types.PropertyGroup, place: PixelsToRegion) -> None:
    shapes = shapes_of(frame, settings.show_boxes, settings.show_points, settings.show_names, settings.show_things)
    gpu.state.blend_set("ALPHA")
    for line in shapes.lines:
        _draw_line(line, place)
    for dot in shapes.dots:
        _draw_dot(dot, place)
    _draw_texts(shapes.texts, place)
    gpu.state.blend_set("NONE")


def _draw_line(line: Polyline, place: PixelsToRegion) -> None:
    path = place(line.points, line.away)
    segments = np.stack([path[:-1], path[1:]], axis=1) if line.dash[1] == 0 else _dashed(path, line.dash)
    draw_segments(segments[np.isfinite(segments).all(axis=(1, 2))], line.rgb)


def _dashed(path: NDArray[np.float64], dash: Sequence[float]) -> NDArray[np.float64]:
    """The (N, 2, 2) pieces of ``path`` that are drawn."""
    step = np.linalg.norm(np.diff(path, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(np.nan_to_num(step))])
    starts = np.arange(0.0, along[-1], sum(dash))
    ends = np.minimum(starts + dash[0], along[-1])
    return np.stack(
        [np.stack([np.interp(at, along, axis) for axis in path.T], axis=1) for at in (starts, ends)], axis=1
    )


def _draw_dot(dot: Dot, place: PixelsToRegion) -> None:
    middle = place(dot.point[None], np.array([dot.away]))[0]
    if not np.isfinite(middle).all():
        return
    rim = middle + _DOT * np.stack([np.cos(_CIRCLE), np.sin(_CIRCLE)], axis=1)
    fill(middle, rim, (*(dot.rgb if dot.filled else (0.0, 0.0, 0.0)), 1.0))
    draw_segments(np.stack([rim[:-1], rim[1:]], axis=1), dot.rgb)


def _draw_texts(texts: Sequence[TextLabel], place: PixelsToRegion) -> None:
    """Draw the texts, each moved up until it covers none drawn before."""
    drawn: list[tuple[float, float, float, float]] = []  # left, bottom, right, top
    for text in texts:
        x, y = place(text.point[None], np.array([text.away]))[0]
        if np.isfinite([x, y]).all():
            width, height = size_of_lines(text.lines)
            y += _GAP
            while hit := next(
                (b for b in drawn if x < b[2] and b[0] < x + width and y < b[3] and b[1] < y + height), None
            ):
                y = hit[3]
            drawn.append((x, y, x + width, y + height))
            draw_lines(x, y, text.lines, text.rgb)


def _draw_image(image: Image, corner: NDArray[np.float64], size: NDArray[np.float64]) -> None:
    """Draw ``image`` as its file shows it."""
    shader = gpu.shader.from_builtin(compat.shader_name("IMAGE"))
    low, high = corner, corner + size
    corners = [(low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1])]
    uv = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    batch = batch_for_shader(shader, "TRI_FAN", {"pos": corners, "texCoord": uv})
    shader.bind()
    shader.uniform_sampler("image", gpu.texture.from_image(image))
    batch.draw(shader)
