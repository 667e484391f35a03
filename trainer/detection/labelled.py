"""What a detector finds in labelled images, as they are or made worse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Optional

import numpy as np
from PIL import Image

from ..examples.example import Example, ExampleSet
from ..examples.images import load_image
from ..progress import Progress
from .detector import Detections, Detector
from .thresholds import EVALUATION_CONFIDENCE

Change = Callable[[np.ndarray], np.ndarray]


def detect_examples(
    detector: Detector,
    examples: ExampleSet,
    show: bool = True,
    lowest: float = EVALUATION_CONFIDENCE,
    change: Optional[Change] = None,
    label: str = "evaluating",
) -> list:
    """The ``Detections`` of every example, in order, in the pixels of its image and the classes of the examples.

    Args:
        lowest: detections of a lower confidence are left out; COCO's evaluation wants nearly all.
        change: what is done to an image, (H, W, 3) uint8, before it is looked at; it may change its size.
    """
    labels = np.array([examples.classes.index(name) for name in detector.spec.classes])
    images = (load_image(example.path) for example in examples.examples)
    if change is not None:
        images = (Image.fromarray(change(np.asarray(image))) for image in images)
    with Progress(len(examples.examples), label, "images", show) as progress:
        sizes: list = []
        found = []
        for detections in detector.detect(_noting_sizes(images, sizes), lowest):
            placed = _on(detections, sizes[len(found)], examples.examples[len(found)])
            found.append(replace(placed, labels=labels[placed.labels]))
            progress.advance()
    return found


def _noting_sizes(images: Iterable[Image.Image], sizes: list) -> Iterator[Image.Image]:
    for image in images:
        sizes.append(image.size)
        yield image


def _on(detections: Detections, seen: tuple, example: Example) -> Detections:
    """What was found in an image of the size ``seen``, in the pixels of the example's own."""
    if seen == (example.width, example.height):
        return detections
    scale = np.array([example.width / seen[0], example.height / seen[1]] * 2)
    return replace(detections, boxes=detections.boxes * scale)
