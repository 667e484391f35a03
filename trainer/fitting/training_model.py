"""The Keras model that is fitted: the network, its loss term by term, and the account of an epoch."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np
from keras import ops

from ..errors import TrainingDiverged
from ..loss.terms import TERMS, loss_terms
from ..network.spec import DetectorSpec


class DetectorTraining(keras.Model):
    """Wraps ``network`` for training; only the plain network inside is ever saved.

    The loss is the sum of the terms of ``loss`` (see ``terms.TERMS``) divided by the number of images in the
    batch. The terms are not Keras metrics, which are read back at every step, but go into ``account``.
    """

    def __init__(self, network: keras.Model, spec: DetectorSpec, loss: str, account: TermAccount) -> None:
        super().__init__(name=f"training_at_{spec.size}")
        self.network, self.spec, self.loss_name = network, spec, loss
        self.account_state = account.state  # tracked here: a step may change it

    def call(self, pixels: Any, training: bool = False) -> Any:
        """(B, side, side, 3) uint8 -> the network's raw heads."""
        return self.network(ops.cast(pixels, "float32") / 255.0, training=training)

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Any:
        """The loss of a batch, noting every term."""
        images = ops.cast(ops.shape(x)[0], "float32")
        terms = loss_terms(y_pred, y["truths"], self.spec, self.loss_name)
        values = ops.stack([terms[name] / images for name in TERMS[self.loss_name]])
        note_terms(self.account_state, values)
        return ops.sum(values)

    def compute_metrics(self, *_: Any, **__: Any) -> dict:
        """Nothing: reading numbers back would make the next step wait."""
        return {}


_SUM, _STEPS, _BAD_STEP, _BAD_VALUE = range(4)


def note_terms(state: keras.Variable, values: Any) -> None:
    """Add the terms of one step to ``TermAccount.state``, in the graph."""
    steps = state[_STEPS] + 1
    first_bad = ops.logical_and(ops.logical_not(ops.isfinite(values)), ops.equal(state[_BAD_STEP], 0))
    state.assign(
        ops.stack(
            [
                state[_SUM] + values,
                steps,
                ops.where(first_bad, steps, state[_BAD_STEP]),
                ops.where(first_bad, values, state[_BAD_VALUE]),
            ]
        )
    )


class TermAccount:
    """What the loss terms of an epoch came to, kept on the device; all trainings of a run share one.

    ``state`` is a (4, terms) float32 variable: sums, steps, the first step that was not finite (0: none), its value.
    """

    def __init__(self, loss: str) -> None:
        self.names = TERMS[loss]
        self.state = keras.Variable(np.zeros((4, len(self.names))), trainable=False, dtype="float32", name="terms")

    def clear(self) -> None:
        """Begin an epoch."""
        self.state.assign(np.zeros(self.state.shape))

    def means(self) -> dict:
        """The mean of every term over the steps so far, and ``loss``, their sum."""
        state = ops.convert_to_numpy(self.state)
        means = {name: float(total / steps) for name, total, steps in zip(self.names, state[_SUM], state[_STEPS])}
        return {"loss": sum(means.values()), **means}

    def check(self, epoch: int) -> None:
        """Raise TrainingDiverged, naming the first term that was not finite, if there was one."""
        state = ops.convert_to_numpy(self.state)
        steps = np.where(state[_BAD_STEP] > 0, state[_BAD_STEP], math.inf)
        term = int(steps.argmin())
        if math.isfinite(steps[term]):
            raise TrainingDiverged(
                f"the loss term {self.names[term]!r} became {state[_BAD_VALUE, term]} in epoch {epoch}, "
                f"step {int(steps[term])}; try a lower learning_rate or a longer warmup"
            )
