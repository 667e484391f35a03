"""Detections in labelled images, unchanged or degraded."""

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
) -> list[Detections]:
    """Detect objects in every example, in order; boxes in pixels of its image, labels in the examples' classes.

    Args:
        lowest: leave out detections of a lower confidence; COCO's evaluation needs nearly all.
        change: applied to each image, (H, W, 3) uint8, before detection; it may change the image's size.
    """
    labels = np.array([examples.classes.index(name) for name in detector.spec.classes])
    images = (load_image(example.path) for example in examples.examples)
    if change is not None:
        images = (Image.fromarray(change(np.asarray(image))) for image in images)
    with Progress(len(examples.examples), label, "images", show) as progress:
        sizes: list[tuple[int, int]] = []
        results: list[Detections] = []
        for detections in detector.detect(_noting_sizes(images, sizes), lowest):
            rescaled = _rescaled(detections, sizes[len(results)], examples.examples[len(results)])
            results.append(replace(rescaled, labels=labels[rescaled.labels]))
            progress.advance()
    return results


def _noting_sizes(images: Iterable[Image.Image], sizes: list[tuple[int, int]]) -> Iterator[Image.Image]:
    for image in images:
        sizes.append(image.size)
        yield image


def _rescaled(detections: Detections, size: tuple[int, int], example: Example) -> Detections:
    """Map detections in an image of ``size`` to the pixels of the example's image."""
    if example.width is None or example.height is None or size == (example.width, example.height):
        return detections
    scale = np.array([example.width / size[0], example.height / size[1]] * 2)
    return replace(detections, boxes=detections.boxes * scale)
