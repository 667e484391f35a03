"""A Keras network as it is."""

from __future__ import annotations

import keras
import numpy as np

from ..network.decode import decode
from ..network.spec import DetectorSpec
from .base import Runtime


class KerasRuntime(Runtime):
    """``predict_on_batch`` and the decode, in batches of one size.

    Of one size, filled up where fewer wait: one compiled graph, and an image's numbers do not depend on how many
    came with it.
    """

    exact = True

    def __init__(self, network: keras.Model, spec: DetectorSpec, batch: int) -> None:
        self._network, self._spec, self.batch = network, spec, batch
        # Compiling with XLA takes longer than it saves on the CPU.
        network.jit_compile = False

    def predictions(self, pixels: np.ndarray, confidence: float, nms: float) -> tuple:
        """As ``Runtime.predictions``."""
        return decode(self._network.predict_on_batch(pixels), self._spec)
