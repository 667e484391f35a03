"""Truths and detections drawn on pictures, and the sheets of training and evaluation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from .assign import IGNORE, TRUTH
from .detect import Detections
from .examples import Example, ExampleSet
from .marks import COLOURS, IGNORE_COLOUR, TRUTH_COLOUR, caption, draw_box, fitted, sheet
from .pictures import load_picture

SHOWN_CONFIDENCE = 0.25


def draw_truth(picture: Image.Image, example: Example, classes: Sequence[str]) -> Image.Image:
    """A copy of the picture with the labelled boxes."""
    picture = picture.copy()
    for box, label, ignore in zip(example.boxes, example.labels, example.ignore):
        colour = IGNORE_COLOUR if ignore else TRUTH_COLOUR
        draw_box(picture, box, colour, f"{classes[label]}{' (ignored)' if ignore else ''}")
    return picture


def draw_detections(picture: Image.Image, detections: Detections, classes: Sequence[str]) -> Image.Image:
    """A copy of the picture with the detections, the best drawn last."""
    picture = picture.copy()
    for box, score, label in reversed(list(zip(detections.boxes, detections.scores, detections.labels))):
        draw_box(picture, box, COLOURS[label % len(COLOURS)], f"{classes[label]} {score:.2f}")
    return picture


def prediction_sheet(
    examples: ExampleSet, detections: Sequence[Detections], classes: Sequence[str], most: int = 8
) -> Image.Image:
    """Truth (green, left) beside predictions (right) for up to ``most`` pictures, two pictures a row."""
    tiles = []
    for example, found in list(zip(examples.examples, detections))[:most]:
        picture = fitted(load_picture(example.path))
        scale = picture.width / example.width
        tiles.append(caption(draw_truth(picture, scaled(example, scale), classes), f"truth {example.path.stem}"))
        shown = found.above(SHOWN_CONFIDENCE)
        shown = Detections(shown.boxes * scale, shown.scores, shown.labels)
        tiles.append(caption(draw_detections(picture, shown, classes), f"predicted {example.path.stem}"))
    return sheet(tiles, columns=4 if len(tiles) > 2 else 2)


def batch_sheet(batch: tuple, most: int = 16) -> Image.Image:
    """A training batch as the network sees it, (B, side, side, 3) uint8, with its truths."""
    pixels, answers = batch
    tiles = []
    for picture, truths in list(zip(pixels, answers["truths"]))[:most]:
        image = fitted(Image.fromarray(picture))
        for x, y, width, height, kind, _ in truths:
            if kind in (TRUTH, IGNORE):
                box = np.array([x - width / 2, y - height / 2, width, height]) * image.width
                draw_box(image, box, TRUTH_COLOUR if kind == TRUTH else IGNORE_COLOUR)
        tiles.append(image)
    return sheet(tiles)


def scaled(example: Example, scale: float) -> Example:
    """The example's boxes for a picture ``scale`` times as large."""
    return Example(**{**vars(example), "boxes": example.boxes * scale})
