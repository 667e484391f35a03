"""The interface between a detector and the runtime that runs its network."""

from __future__ import annotations

import abc
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BATCH = 8  # images per forward pass, unless something asks for another number


class Predictions(NamedTuple):
    """Every prediction of a batch, before suppression.

    Attributes:
        boxes: (B, P, 4) float32 ``[x1, y1, x2, y2]`` in pixels of the network's input.
        scores: (B, P, classes) float32, objectness times class probability.
    """

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]


class Runtime(abc.ABC):
    """Runs a network: input pixels to boxes and scores.

    Attributes:
        batch: the maximum number of images per call.
        exact: whether every call needs exactly ``batch`` images; the caller pads smaller batches with grey.
        suppresses: whether it returns only what is left after its own suppression.
    """

    batch: int = BATCH
    exact: bool = False
    suppresses: bool = False

    @abc.abstractmethod
    def predictions(self, pixels: np.ndarray, confidence: float, nms: float) -> Predictions:
        """Run the network on one batch.

        Args:
            pixels: (B, size, size, 3) float32 RGB in 0..1, letterboxed.
            confidence, nms: thresholds; only a file that suppresses by itself uses them.
        """


class Narrowed(Runtime):
    """Another runtime, restricted to some of its classes: the columns of its scores."""

    def __init__(self, whole: Runtime, columns: Sequence[int]) -> None:
        self._whole, self._columns = whole, list(columns)
        self.batch, self.exact, self.suppresses = whole.batch, whole.exact, whole.suppresses

    def predictions(self, pixels: np.ndarray, confidence: float, nms: float) -> Predictions:
        """Implement ``Runtime.predictions``."""
        boxes, scores = self._whole.predictions(pixels, confidence, nms)
        return Predictions(boxes, scores[..., self._columns])
