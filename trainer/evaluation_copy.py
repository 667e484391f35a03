"""The network as it is scored and saved, beside the one that is trained."""

from __future__ import annotations

from pathlib import Path

import keras

from .detect import Detector
from .model_files import save_detector
from .spec import DetectorSpec


class EvaluationCopy:
    """Plain float32, of fixed input size, everything trainable: whatever the training does, this is what is saved."""

    def __init__(self, network: keras.Model, spec: DetectorSpec) -> None:
        self.network, self.spec = network, spec
        self.detector = Detector(network, spec)

    def update(self, trained: keras.Model, optimizer: keras.optimizers.Optimizer, averaged: bool) -> None:
        """Take over the weights of ``trained``, or where ``averaged`` their moving average in the ``optimizer``."""
        weights = trained.get_weights()
        if averaged:
            optimizer.finalize_variable_values(trained.trainable_variables)
            averages = trained.get_weights()
            trained.set_weights(weights)
            weights = averages
        self.network.set_weights(weights)

    def save(self, path: Path) -> None:
        """Write it as a ``.keras`` file."""
        save_detector(self.network, self.spec, path)
