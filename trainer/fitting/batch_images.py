"""The images of a run: what the network was shown, and what it says of the validation's images."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from PIL import Image

from ..annotate import GROUND_TRUTH_COLOUR, IGNORE_COLOUR, draw_box, fitted, sheet
from ..detection.draw import prediction_sheet
from ..feeding.batches import Batches
from ..feeding.target_rows import GROUND_TRUTH, IGNORE
from .validation import DEFAULT_NAME

BATCHES_SHOWN = 3


def first_batch_sheets(batches: Batches) -> Iterator[tuple[str, Image.Image]]:
    """``train_batch_1`` .. with the first batches as the network will see them."""
    for step in range(min(BATCHES_SHOWN, len(batches))):
        yield f"train_batch_{step + 1}", batch_sheet(batches.load(0, step))


def prediction_sheets(sets: Sequence, found: dict) -> Iterator[tuple[str, Image.Image]]:
    """``validation``, or ``validation_NAME`` of a named set: truth beside what was ``found`` (detections by name)."""
    for one in sets:
        name = "validation" if one.name == DEFAULT_NAME else f"validation_{one.name}"
        yield name, prediction_sheet(one.examples, found[one.name], one.examples.classes)


def batch_sheet(batch: tuple, most: int = 16) -> Image.Image:
    """A training batch as the network sees it, (B, side, side, 3) uint8, with its truths."""
    pixels, answers = batch
    tiles = []
    for array, ground_truths in list(zip(pixels, answers["truths"]))[:most]:
        image = fitted(Image.fromarray(array))
        for x, y, width, height, kind, _ in ground_truths:
            if kind in (GROUND_TRUTH, IGNORE):
                box = np.array([x - width / 2, y - height / 2, width, height]) * image.width
                draw_box(image, box, GROUND_TRUTH_COLOUR if kind == GROUND_TRUTH else IGNORE_COLOUR)
        tiles.append(image)
    return sheet(tiles)
