"""Labels drawn on their images: boxes of the three kinds, masks and skeletons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from shared_format import masks
from shared_format.errors import FormatError
from shared_format.record import Instance

from ..annotate import COLOURS, IGNORE_COLOUR, Colour, caption, draw_box, draw_keypoints, fitted, sheet
from ..errors import ImageError
from ..examples.images import load_image
from ..formats.label_set import LabelledImage, LabelSet
from ..formats.skeletons import COCO_SKELETON, Skeleton

# Outermost first: where two boxes lie on each other, the inner kind stays visible.
BOX_COLOURS = {"amodal": (80, 160, 255), "covered": (255, 150, 40), "visible": (70, 230, 100)}
LEGEND = "blue: amodal box, orange: covered, green: visible; joints filled where visible, hollow where hidden"
_TINT = 0.45  # opacity of the mask's colour


def label_sheet(labels: LabelSet, count: int) -> Image.Image:
    """A sheet of ``count`` images, evenly spread over the set, with their labels."""
    chosen = np.unique(np.linspace(0, len(labels.images) - 1, min(count, len(labels.images))).round().astype(int))
    wanted = set(chosen.tolist())
    tiles = [
        labelled_tile(one, labels.skeleton or COCO_SKELETON)
        for position, one in enumerate(labels.images)
        if position in wanted
    ]
    return sheet([tile for tile in tiles if tile is not None] or [Image.new("RGB", (64, 64))])


def labelled_tile(labelled: LabelledImage, skeleton: Skeleton = COCO_SKELETON) -> Image.Image | None:
    """One image with its labels, its longer side a tile's; None where it cannot be decoded."""
    try:
        image = load_image(labelled.image)
    except ImageError:
        return None  # reported as a separate finding
    frame = labelled.frame
    for number, instance in enumerate(frame.instances):
        _tint(image, instance, COLOURS[number % len(COLOURS)])
    tile = fitted(image)
    scale = tile.width / image.width
    for number, instance in enumerate(frame.instances):
        _mark(tile, instance, scale, COLOURS[number % len(COLOURS)], skeleton)
    return caption(tile, f"{frame.index:06d} {labelled.image.name}")


def _tint(image: Image.Image, instance: Instance, colour: Colour) -> None:
    """Lay the mask's colour over the image, in place."""
    if instance.mask is None or instance.ignore:
        return
    if instance.mask["size"] != [image.height, image.width]:
        return  # reported as a separate finding
    try:
        mask = masks.decode(instance.mask)
    except FormatError:
        return  # also reported separately
    opacity = Image.fromarray((mask * round(255 * _TINT)).astype(np.uint8))
    image.paste(Image.new("RGB", image.size, colour), mask=opacity)


def _mark(tile: Image.Image, instance: Instance, scale: float, colour: Colour, skeleton: Skeleton) -> None:
    drawn = {}
    for policy, box_colour in BOX_COLOURS.items():
        box = instance.box(policy)
        if box is not None:
            drawn[policy] = [side * scale for side in box]
            draw_box(tile, drawn[policy], IGNORE_COLOUR if instance.ignore else box_colour)
    if instance.keypoints is not None:
        draw_keypoints(tile, [[x * scale, y * scale, v] for x, y, v in instance.keypoints], colour, skeleton.edges)
    if drawn:
        known = [str(instance.attributes[key]) for key in ("posture", "cover") if key in instance.attributes]
        words = [instance.category, *known, *(["(ignored)"] if instance.ignore else [])]
        _name(tile, next(iter(drawn.values())), " ".join(words), colour)


def _name(tile: Image.Image, box: Sequence[float], text: str, colour: Colour) -> None:
    """The instance's name below its box, or where the image ends, small."""
    draw = ImageDraw.Draw(tile)
    left, top, right, bottom = draw.textbbox((0, 0), text)
    x = max(0, min(box[0], tile.width - (right - left) - 4))
    y = max(0, min(box[1] + box[3] + 1, tile.height - 24 - (bottom - top)))
    draw.rectangle((x, y, x + right - left + 4, y + bottom - top + 4), fill=(0, 0, 0))
    draw.text((x + 2 - left, y + 2 - top), text, fill=colour)
