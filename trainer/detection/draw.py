"""Truths and detections drawn on images, and the sheet of both side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from PIL import Image

from ..annotate import COLOURS, GROUND_TRUTH_COLOUR, IGNORE_COLOUR, caption, draw_box, fitted, sheet
from ..examples.example import Example, ExampleSet
from ..examples.images import load_image
from .detector import Detections
from .thresholds import SHOWN_CONFIDENCE


def draw_ground_truth(image: Image.Image, example: Example, classes: Sequence[str]) -> Image.Image:
    """A copy of the image with the labelled boxes."""
    image = image.copy()
    for box, label, ignore in zip(example.boxes, example.labels, example.ignore):
        colour = IGNORE_COLOUR if ignore else GROUND_TRUTH_COLOUR
        draw_box(image, box, colour, f"{classes[label]}{' (ignored)' if ignore else ''}")
    return image


def draw_detections(
    image: Image.Image, detections: Detections, classes: Sequence[str], ids: Optional[Sequence] = None
) -> Image.Image:
    """A copy of the image with the detections, the best drawn last.

    Args:
        ids: of the tracks, which then choose the colour; None where a detection has none.
    """
    image = image.copy()
    tracks = ids or [None] * len(detections.labels)
    rows = zip(detections.boxes, detections.scores, detections.labels, tracks)
    for box, score, label, track in reversed(list(rows)):
        colour = COLOURS[(label if track is None else track) % len(COLOURS)]
        number = "" if track is None else f" #{track}"
        draw_box(image, box, colour, f"{classes[label]}{number} {score:.2f}")
    return image


def prediction_sheet(
    examples: ExampleSet, detections: Sequence[Detections], classes: Sequence[str], most: int = 8
) -> Image.Image:
    """Truth (green, left) beside predictions (right) for up to ``most`` images, two images a row."""
    tiles = []
    for example, found in list(zip(examples.examples, detections))[:most]:
        image = fitted(load_image(example.path))
        scale = image.width / example.width
        tiles.append(caption(draw_ground_truth(image, scaled(example, scale), classes), f"truth {example.path.stem}"))
        shown = found.above(SHOWN_CONFIDENCE)
        shown = Detections(shown.boxes * scale, shown.scores, shown.labels)
        tiles.append(caption(draw_detections(image, shown, classes), f"predicted {example.path.stem}"))
    return sheet(tiles, columns=4 if len(tiles) > 2 else 2)


def scaled(example: Example, scale: float) -> Example:
    """The example's boxes for an image ``scale`` times as large."""
    return Example(**{**vars(example), "boxes": example.boxes * scale})
