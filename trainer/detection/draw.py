"""Ground truth and detections drawn on images, and a contact sheet of both side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Optional

from PIL import Image

from ..annotate import COLOURS, GROUND_TRUTH_COLOUR, IGNORE_COLOUR, caption, draw_box, fitted, sheet
from ..examples.annotations import scaled
from ..examples.example import Example, ExampleSet
from ..examples.images import load_image
from .detector import Detections
from .thresholds import SHOWN_CONFIDENCE


def draw_ground_truth(image: Image.Image, example: Example, classes: Sequence[str]) -> Image.Image:
    """Draw the labelled boxes on a copy of the image."""
    image = image.copy()
    objects = example.annotations
    for box, label, ignore in zip(objects.boxes, objects.labels, objects.ignore):
        colour = IGNORE_COLOUR if ignore else GROUND_TRUTH_COLOUR
        draw_box(image, box, colour, f"{classes[label]}{' (ignored)' if ignore else ''}")
    return image


def draw_detections(
    image: Image.Image,
    detections: Detections,
    classes: Sequence[str],
    track_ids: Optional[Sequence[Optional[int]]] = None,
) -> Image.Image:
    """Draw the detections on a copy of the image, the best one last.

    Args:
        track_ids: one per detection, None for one without a track; a track keeps its colour.
    """
    image = image.copy()
    tracks = track_ids or [None] * len(detections.labels)
    rows = zip(detections.boxes, detections.scores, detections.labels, tracks)
    for box, score, label, track in reversed(list(rows)):
        colour = COLOURS[(label if track is None else track) % len(COLOURS)]
        number = "" if track is None else f" #{track}"
        draw_box(image, box, colour, f"{classes[label]}{number} {score:.2f}")
    return image


def prediction_sheet(
    examples: ExampleSet, detections: Sequence[Detections], classes: Sequence[str], most: int = 8
) -> Image.Image:
    """Show the ground truth (green, left) beside the detections (right) of up to ``most`` images, two per row."""
    tiles = []
    for example, found in list(zip(examples.examples, detections))[:most]:
        image = fitted(load_image(example.path))
        scale = image.width / (example.width or image.width)
        tiles.append(
            caption(
                draw_ground_truth(image, replace(example, annotations=scaled(example.annotations, scale)), classes),
                f"ground truth {example.path.stem}",
            )
        )
        shown = found.above(SHOWN_CONFIDENCE)
        shown = Detections(shown.boxes * scale, shown.scores, shown.labels)
        tiles.append(caption(draw_detections(image, shown, classes), f"detected {example.path.stem}"))
    return sheet(tiles, columns=4 if len(tiles) > 2 else 2)
