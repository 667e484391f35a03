"""Keras networks, run by Keras."""

from __future__ import annotations

import keras
import numpy as np

from ..network.decode import decode
from ..network.spec import ModelSpec
from .base import Predictions, Runtime


class KerasRuntime(Runtime):
    """``predict_on_batch`` and the decoding, in batches of one size.

    Smaller batches are padded: one compiled graph serves all, and an image's numbers do not depend on how many
    images share its batch.
    """

    exact = True

    def __init__(self, network: keras.Model, spec: ModelSpec, batch: int) -> None:
        self._network, self._spec, self.batch = network, spec, batch
        # Compiling with XLA takes longer than it saves on the CPU.
        network.jit_compile = False

    def predictions(self, pixels: np.ndarray, confidence: float, nms: float) -> Predictions:
        """Implement ``Runtime.predictions``."""
        return Predictions(*decode(self._network.predict_on_batch(pixels), self._spec))
