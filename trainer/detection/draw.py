"""Truths and detections drawn on pictures, and the sheet of both side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from PIL import Image

from ..examples.example import Example, ExampleSet
from ..examples.pictures import load_picture
from ..marks import COLOURS, IGNORE_COLOUR, TRUTH_COLOUR, caption, draw_box, fitted, sheet
from .detector import Detections
from .thresholds import SHOWN_CONFIDENCE


def draw_truth(picture: Image.Image, example: Example, classes: Sequence[str]) -> Image.Image:
    """A copy of the picture with the labelled boxes."""
    picture = picture.copy()
    for box, label, ignore in zip(example.boxes, example.labels, example.ignore):
        colour = IGNORE_COLOUR if ignore else TRUTH_COLOUR
        draw_box(picture, box, colour, f"{classes[label]}{' (ignored)' if ignore else ''}")
    return picture


def draw_detections(
    picture: Image.Image, detections: Detections, classes: Sequence[str], ids: Optional[Sequence] = None
) -> Image.Image:
    """A copy of the picture with the detections, the best drawn last.

    Args:
        ids: of the tracks, which then choose the colour; None where a detection has none.
    """
    picture = picture.copy()
    tracks = ids or [None] * len(detections.labels)
    rows = zip(detections.boxes, detections.scores, detections.labels, tracks)
    for box, score, label, track in reversed(list(rows)):
        colour = COLOURS[(label if track is None else track) % len(COLOURS)]
        number = "" if track is None else f" #{track}"
        draw_box(picture, box, colour, f"{classes[label]}{number} {score:.2f}")
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


def scaled(example: Example, scale: float) -> Example:
    """The example's boxes for a picture ``scale`` times as large."""
    return Example(**{**vars(example), "boxes": example.boxes * scale})
