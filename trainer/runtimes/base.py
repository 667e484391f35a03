"""What a detector wants of the network behind it."""

from __future__ import annotations

import abc
from collections.abc import Sequence

import numpy as np

BATCH = 8  # images of one forward pass, where nothing asks for another number


class Runtime(abc.ABC):
    """A network somewhere: pixels in, boxes and scores out.

    Attributes:
        batch: the most images of one call.
        exact: every call needs just so many; fewer are filled up with grey.
    """

    batch: int = BATCH
    exact: bool = False

    @abc.abstractmethod
    def predictions(self, pixels: np.ndarray, confidence: float, nms: float) -> tuple:
        """Look at a batch.

        Args:
            pixels: (B, size, size, 3) float32 RGB in 0..1, letterboxed.
            confidence, nms: thresholds, of use only to a file that suppresses by itself.

        Returns:
            (B, P, 4) float32 ``[x1, y1, x2, y2]`` in pixels of the input, and (B, P, classes) float32 scores.
        """


class Narrowed(Runtime):
    """Some of the classes of another runtime: their columns of the scores."""

    def __init__(self, whole: Runtime, columns: Sequence[int]) -> None:
        self._whole, self._columns = whole, list(columns)
        self.batch, self.exact = whole.batch, whole.exact

    def predictions(self, pixels: np.ndarray, confidence: float, nms: float) -> tuple:
        """As ``Runtime.predictions``."""
        boxes, scores = self._whole.predictions(pixels, confidence, nms)
        return boxes, scores[..., self._columns]
