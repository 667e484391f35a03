"""The network as it is scored and saved, beside the one that is trained."""

from __future__ import annotations

from pathlib import Path

import keras

from ..detection.detector import Detector
from ..models.files import save_detector
from ..network.spec import DetectorSpec


class EvaluationCopy:
    """Plain float32, of fixed input size, everything trainable: whatever the training does, this is what is saved."""

    def __init__(self, network: keras.Model, spec: DetectorSpec, keep_start: float = 0.0) -> None:
        """Make the copy out of ``network``, whose weights now are ``keep_start`` of those it will ever have."""
        self.network, self.spec = network, spec
        self.detector = Detector(network, spec)
        self._kept = [keep_start * weight for weight in network.get_weights()] if keep_start else None
        self._keep_start = keep_start

    def update(self, trained: keras.Model, optimizer: keras.optimizers.Optimizer, averaged: bool) -> None:
        """Take over the weights of ``trained``, or where ``averaged`` their moving average in the ``optimizer``."""
        weights = trained.get_weights()
        if averaged:
            optimizer.finalize_variable_values(trained.trainable_variables)
            averages = trained.get_weights()
            trained.set_weights(weights)
            weights = averages
        if self._kept is not None:
            weights = [kept + (1 - self._keep_start) * new for kept, new in zip(self._kept, weights)]
        self.network.set_weights(weights)

    def save(self, path: Path) -> None:
        """Write it as a ``.keras`` file."""
        save_detector(self.network, self.spec, path)
