"""Primitives of the overlay, drawn in pixels of a region: line segments, filled shapes, text on a dark background."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import blf
import bpy
import gpu
import numpy as np
from gpu_extras.batch import batch_for_shader
from numpy.typing import NDArray

from .. import compat

_WIDTH, _LETTERS = 1.6, 12.0  # screen pixels
_LEADING, _PADDING = 1.3, 4.0  # line spacing; pixels around text
_GROUND = (0.0, 0.0, 0.0, 0.8)  # behind text


def draw_segments(segments: NDArray[np.float64], rgb: Sequence[float]) -> None:
    """Draw (N, 2, 2) line segments."""
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


def fill(middle: NDArray[np.float64], rim: NDArray[np.float64], rgba: Sequence[float]) -> None:
    """Fill the fan from ``middle`` to the polyline ``rim``."""
    shader = gpu.shader.from_builtin(compat.shader_name("UNIFORM_COLOR"))
    corners = [point.tolist() for pair in itertools.pairwise(rim) for point in (middle, *pair)]
    batch = batch_for_shader(shader, "TRIS", {"pos": corners})
    shader.bind()
    shader.uniform_float("color", rgba)
    batch.draw(shader)


def size_of_lines(lines: Sequence[str]) -> tuple[float, float]:
    """Width and height of ``draw_lines``, its ground included, in pixels."""
    height = _LETTERS * bpy.context.preferences.system.ui_scale
    blf.size(0, height)
    return max(blf.dimensions(0, line)[0] for line in lines) + 2 * _PADDING, _LEADING * height * len(lines) + _PADDING


def draw_lines(x: float, y: float, lines: Sequence[str], rgb: Sequence[float]) -> None:
    """Draw lines of text on a dark ground, whose lower left corner is (x, y) in pixels of the region."""
    width, height = size_of_lines(lines)
    corners = np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)])
    fill(corners[:4].mean(axis=0), corners, _GROUND)
    blf.color(0, *rgb, 1.0)
    step = (height - _PADDING) / len(lines)
    for number, line in enumerate(reversed(lines)):
        blf.position(0, x + _PADDING, y + _PADDING + step * number, 0)
        blf.draw(0, line)
