"""A network and its spec as one thing that finds objects in pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import keras
import numpy as np
from PIL import Image

from shared_format.boxes import clip_corners, xywh_from_corners

from .decode import decode
from .letterbox import Affine, letterbox, warp
from .nms import best_detections
from .spec import DetectorSpec

EVALUATION_CONFIDENCE = 0.001
NMS_THRESHOLD = 0.45
MAX_DETECTIONS = 100


@dataclass(frozen=True)
class Detections:
    """What was found in one picture, best first.

    Attributes:
        boxes: (N, 4) float64 ``[x, y, width, height]`` in source pixels, inside the picture.
        scores: (N,) float64 0..1. labels: (N,) int64 index into the classes.
    """

    boxes: np.ndarray
    scores: np.ndarray
    labels: np.ndarray

    def above(self, confidence: float) -> Detections:
        """Those with a score above ``confidence``."""
        return self.where(self.scores > confidence)

    def where(self, keep: np.ndarray) -> Detections:
        """Those that ``keep``, (N,) bool, holds."""
        return Detections(self.boxes[keep], self.scores[keep], self.labels[keep])


class Detector:
    """Finds the classes of ``spec`` in pictures of any size."""

    # Every forward pass has this many pictures, filled up with grey where fewer wait: one compiled graph, and
    # a picture's numbers do not depend on how many came with it.
    BATCH = 8

    def __init__(self, network: keras.Model, spec: DetectorSpec) -> None:
        self.network, self.spec = network, spec
        # Compiling with XLA takes longer than it saves on the CPU.
        network.jit_compile = False

    def detect(
        self,
        pictures: Iterable[Image.Image],
        confidence: float = EVALUATION_CONFIDENCE,
        nms: float = NMS_THRESHOLD,
        limit: int = MAX_DETECTIONS,
    ) -> Iterator[Detections]:
        """Yield the detections of each upright RGB picture in turn; a batch is read ahead."""
        waiting: list = []
        for picture in pictures:
            waiting.append(picture)
            if len(waiting) == self.BATCH:
                yield from self._detect_batch(waiting, confidence, nms, limit)
                waiting = []
        if waiting:
            yield from self._detect_batch(waiting, confidence, nms, limit)

    def _detect_batch(self, pictures: Sequence, confidence: float, nms: float, limit: int) -> Iterator[Detections]:
        size = self.spec.size
        maps = [letterbox(*picture.size, size) for picture in pictures]
        pixels = np.full((self.BATCH, size, size, 3), 0.5, dtype=np.float32)
        for row, (picture, affine) in enumerate(zip(pictures, maps)):
            pixels[row] = warp(picture, affine, size)
        boxes, scores = decode(self.network.predict_on_batch(pixels), self.spec)
        for row, (picture, affine) in enumerate(zip(pictures, maps)):
            found = best_detections(boxes[row], scores[row], confidence, nms, limit)
            yield source_detections(*found, affine, picture.size)


def source_detections(
    boxes: np.ndarray, scores: np.ndarray, labels: np.ndarray, affine: Affine, picture_size: tuple
) -> Detections:
    """Detections in input pixels -> source pixels, cut to the picture; what lies outside it is dropped."""
    corners = clip_corners(affine.inverse(boxes), *picture_size)
    inside = (corners[:, 2:] > corners[:, :2]).all(axis=1)
    return Detections(
        xywh_from_corners(corners[inside]), scores[inside].astype(np.float64), labels[inside].astype(np.int64)
    )
