"""The two copies of a network in a training: the one that is trained, and the one that is scored and saved."""

from __future__ import annotations

from pathlib import Path

import keras

from ..models.files import save_model
from ..network.spec import ModelSpec
from ..tasks import task_named
from .config import FitConfig

_FULL_PRECISION = "float32"


def trained_copy(network: keras.Model, spec: ModelSpec, config: FitConfig) -> keras.Model:
    """A copy of ``network`` to train: in the precision of ``config``, for inputs of any side if the sides vary."""
    learning = task_named(spec.task).learning
    copy = learning.build(spec, config.batch_norm_momentum, any_size=config.multi_scale > 0)
    copy.set_weights(network.get_weights())
    use_precision(copy, config.precision)
    return copy


def use_precision(network: keras.Model, precision: str) -> None:
    """Let ``network`` compute in ``precision``, one of ``config.PRECISIONS``.

    Weights stay float32, and so do the heads: their outputs go through exponentials and logarithms.
    """
    for layer in network.layers:
        layer.dtype_policy = _FULL_PRECISION if layer.name in network.output_names else precision


class EvaluationCopy:
    """The network that is scored and saved: plain float32, of fixed input size, trainable throughout."""

    def __init__(self, network: keras.Model, spec: ModelSpec, keep_start: float = 0.0) -> None:
        """Wrap ``network``; the fraction ``keep_start`` of its present weights stays in all later ones."""
        self.network, self.spec = network, spec
        self.predictor = task_named(spec.task).predicting.predictor(network, spec)
        self._kept = [keep_start * weight for weight in network.get_weights()] if keep_start else None
        self._keep_start = keep_start

    def update(self, trained: keras.Model, optimizer: keras.optimizers.Optimizer, averaged: bool) -> None:
        """Copy the weights of ``trained``, or if ``averaged`` their moving average in the ``optimizer``."""
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
        """Write the network as a ``.keras`` file."""
        save_model(self.network, self.spec, path)
