"""A network and its spec as one detector: it finds objects in images of any size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Optional

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared_format.boxes import clip_xyxy, xyxy_to_xywh

from ..errors import TrainerError
from ..examples.letterbox import FILL, Affine, letterboxed
from ..network.spec import ModelSpec
from ..runtimes import BATCH, Predictions, Runtime
from .nms import best_detections
from .thresholds import EVALUATION_CONFIDENCE, MAX_DETECTIONS, Suppression

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Detections:
    """The detections of one image, best first.

    Attributes:
        boxes: (N, 4) float64 ``[x, y, width, height]`` in source pixels, inside the image.
        scores: (N,) float64 0..1. labels: (N,) int64 index into the classes.
    """

    boxes: NDArray[np.float64]
    scores: NDArray[np.float64]
    labels: NDArray[np.int64]

    def above(self, confidence: float) -> Detections:
        """Select the detections with a score above ``confidence``."""
        return self.where(self.scores > confidence)

    def where(self, keep: NDArray[np.bool_] | NDArray[np.intp]) -> Detections:
        """Select detections by ``keep``, a mask or indices."""
        return Detections(self.boxes[keep], self.scores[keep], self.labels[keep])


class Detector:
    """Detects objects of the classes of ``spec`` in images of any size.

    Args:
        network: a Keras network, or the runtime of an exported file.
        batch: images per forward pass, if the network leaves the choice; use 1 for live images.
        nms: how boxes that overlap are reduced.

    Raises:
        TrainerError: an exported file suppresses by itself, which is never soft.
    """

    def __init__(
        self,
        network: keras.Model | Runtime,
        spec: ModelSpec,
        batch: Optional[int] = None,
        nms: Optional[Suppression] = None,
    ) -> None:
        self.network, self.spec, self.nms = network, spec, nms or Suppression()
        if isinstance(network, Runtime):
            self.runtime = network
        else:
            from ..runtimes.keras_runtime import KerasRuntime  # an exported file runs without Keras

            self.runtime = KerasRuntime(network, spec, batch or BATCH)
        if self.nms.soft and self.runtime.suppresses:
            raise TrainerError(
                f"{spec.model}: --suppression soft: this file drops boxes by itself, so that none is left to soften; "
                "export it with --output boxes"
            )
        self.batch = min(batch or BATCH, self.runtime.batch)

    def detect(
        self,
        images: Iterable[Image.Image],
        confidence: float = EVALUATION_CONFIDENCE,
        limit: int = MAX_DETECTIONS,
    ) -> Iterator[Detections]:
        """Yield the detections of each upright RGB image in turn; reads one batch ahead."""
        waiting: list[Image.Image] = []
        for image in images:
            waiting.append(image)
            if len(waiting) == self.batch:
                yield from self.detect_batch(waiting, confidence, limit)
                waiting = []
        if waiting:
            yield from self.detect_batch(waiting, confidence, limit)

    def detect_batch(
        self,
        images: Sequence[Image.Image],
        confidence: float = EVALUATION_CONFIDENCE,
        limit: int = MAX_DETECTIONS,
    ) -> list[Detections]:
        """Detect objects in up to ``batch`` upright RGB images, in one forward pass."""
        inputs = [letterboxed(image, self.spec.size) for image in images]
        boxes, scores = self.predictions([pixels for pixels, _ in inputs], confidence)
        return [
            source_detections(
                *best_detections(boxes[row], scores[row], confidence, self.nms, limit), affine, image.size
            )
            for row, ((_, affine), image) in enumerate(zip(inputs, images))
        ]

    def predictions(self, inputs: Sequence[NDArray[np.float32]], confidence: float) -> Predictions:
        """Run ``Runtime.predictions`` on up to ``batch`` letterboxed images, (size, size, 3) each.

        Raises:
            TrainerError: a score is not a number; it would pass for "no detections".
        """
        size = self.spec.size
        rows = self.runtime.batch if self.runtime.exact else len(inputs)
        pixels = np.full((rows, size, size, 3), FILL, dtype=np.float32)
        pixels[: len(inputs)] = np.stack(inputs)
        predictions = self.runtime.predictions(pixels, confidence, self.nms.iou)
        if np.isnan(predictions.scores).any():
            raise TrainerError(
                f"{self.spec.model}: the network's scores are not numbers (NaN); its weights are damaged or diverged "
                "in training"
            )
        return predictions


def source_detections(
    boxes: np.ndarray, scores: np.ndarray, labels: np.ndarray, affine: Affine, image_size: tuple[int, int]
) -> Detections:
    """Map detections from input pixels to source pixels, clipped to the image; boxes outside it are dropped."""
    corners = clip_xyxy(affine.inverse(boxes), *image_size)
    inside = (corners[:, 2:] > corners[:, :2]).all(axis=1)
    return Detections(xyxy_to_xywh(corners[inside]), scores[inside].astype(np.float64), labels[inside].astype(np.int64))
