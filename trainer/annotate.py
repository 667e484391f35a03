"""Boxes, labels and key points drawn on images, and sheets of images. By Pillow; legible at 416 pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Optional

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image, ImageDraw, ImageFont

from shared_format.boxes import xywh_to_xyxy
from shared_format.keypoints import EDGES, NOT_IN_IMAGE, VISIBLE

Colour = tuple[int, int, int]

GROUND_TRUTH_COLOUR: Colour = (60, 220, 90)
IGNORE_COLOUR: Colour = (170, 170, 170)
# The colour of each class in turn; legible on grey rooms and beside the green of the ground truth.
COLOURS: tuple[Colour, ...] = (
    (255, 120, 30),
    (70, 150, 255),
    (240, 70, 160),
    (250, 210, 50),
    (150, 100, 255),
    (40, 210, 210),
)
TILE = 416
_GAP = 6
_PAPER = (245, 245, 245)


def draw_box(image: Image.Image, box: ArrayLike, colour: Colour, label: str = "") -> None:
    """Draw one ``[x, y, width, height]`` box with its label, in place."""
    draw = ImageDraw.Draw(image)
    x1, y1, x2, y2 = (round(float(side)) for side in xywh_to_xyxy(np.asarray(box)))
    width = max(2, round(max(image.size) / 300))
    draw.rectangle((x1, y1, max(x1, x2 - 1), max(y1, y2 - 1)), outline=colour, width=width)
    if label:
        _draw_label(draw, label, x1, y1, colour, image.size)


def _draw_label(
    draw: ImageDraw.ImageDraw, label: str, x: float, y: float, colour: Colour, size: tuple[int, int]
) -> None:
    """The label on a patch above the box, or inside it where the image ends; never off the image."""
    font = _font(max(12, round(max(size) / 32)))
    left, top, right, bottom = draw.textbbox((0, 0), label, font=font)
    width, height = right - left + 6, bottom - top + 4
    x = max(0, min(x, size[0] - width))
    y = y - height if y >= height else max(0, y)
    draw.rectangle((x, y, x + width, y + height), fill=colour)
    draw.text((x + 3 - left, y + 2 - top), label, fill=(0, 0, 0), font=font)


def draw_keypoints(
    image: Image.Image,
    keypoints: Sequence[Sequence[float]],
    colour: Colour,
    edges: Sequence[tuple[int, int]] = EDGES,
) -> None:
    """Draw key points ``[x, y, v]`` in place: the ``edges`` between them, visible ones filled, hidden ones hollow."""
    draw = ImageDraw.Draw(image)
    radius = max(2.5, max(image.size) / 140)
    for first, second in edges:
        a, b = keypoints[first], keypoints[second]
        if a[2] != NOT_IN_IMAGE and b[2] != NOT_IN_IMAGE:
            draw.line((a[0], a[1], b[0], b[1]), fill=colour, width=max(1, round(radius / 2)))
    for x, y, visibility in keypoints:
        if visibility != NOT_IN_IMAGE:
            spot = (x - radius, y - radius, x + radius, y + radius)
            draw.ellipse(spot, outline=colour, width=1, fill=colour if visibility == VISIBLE else (20, 20, 20))


def sheet(tiles: Sequence[Image.Image], columns: Optional[int] = None, tile: int = TILE) -> Image.Image:
    """The images in a grid, each fitted into ``tile`` pixels; the cells are no larger than the largest of them."""
    shown = [image.copy() for image in tiles]
    for image in shown:
        image.thumbnail((tile, tile))
    columns = columns or math.ceil(math.sqrt(len(shown)))
    rows = math.ceil(len(shown) / columns)
    width, height = (max(image.size[axis] for image in shown) for axis in (0, 1))
    page = Image.new("RGB", (columns * (width + _GAP) + _GAP, rows * (height + _GAP) + _GAP), _PAPER)
    for index, image in enumerate(shown):
        row, column = divmod(index, columns)
        x = column * (width + _GAP) + _GAP + (width - image.width) // 2
        y = row * (height + _GAP) + _GAP + (height - image.height) // 2
        page.paste(image, (x, y))
    return page


def caption(image: Image.Image, text: str) -> Image.Image:
    """The image with ``text`` in its lower left corner, in place."""
    draw = ImageDraw.Draw(image)
    font = _font(13)
    left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
    y = image.height - (bottom - top) - 6
    draw.rectangle((0, y, right - left + 8, image.height), fill=(0, 0, 0))
    draw.text((4 - left, y + 3 - top), text, fill=(255, 255, 255), font=font)
    return image


def fitted(image: Image.Image, side: int = TILE) -> Image.Image:
    """A copy whose longer side is ``side`` pixels, so that marks drawn on it keep their size on a sheet."""
    scale = side / max(image.size)
    return image.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
