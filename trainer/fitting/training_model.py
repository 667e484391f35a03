"""The Keras model that is trained: the network, its loss term by term, and the loss account of an epoch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Optional

import keras
import numpy as np

from ..errors import TrainingDiverged
from ..network.spec import ModelSpec
from ..network.tensors import Tensor, ops
from ..tasks import Learning


class TrainingModel(keras.Model):
    """Wraps ``network`` for training; only the plain network inside is ever saved.

    The loss is the sum of the terms of ``loss`` (see ``Learning.terms``) divided by the number of images in the
    batch. The terms go into ``account``: Keras metrics would be read back at every step.
    """

    def __init__(
        self, network: keras.Model, spec: ModelSpec, learning: Learning, loss: str, account: LossAccount
    ) -> None:
        super().__init__(name=f"training_at_{spec.size}")
        self.network, self.spec, self.learning, self.loss_name = network, spec, learning, loss
        self.account_state = account.state  # an attribute, so that Keras lets a step change it

    def call(self, pixels: Tensor, training: bool = False) -> Tensor:
        """(B, side, side, 3) uint8 -> the raw outputs of the network."""
        return self.network(ops.cast(pixels, "float32") / 255.0, training=training)

    def compute_loss(
        self,
        x: Tensor = None,
        y: Any = None,  # Any: Keras declares targets of any structure; here ``Batch.targets``
        y_pred: Tensor = None,
        sample_weight: Optional[Tensor] = None,
        training: bool = True,
    ) -> Tensor:
        """The loss of a batch; adds every term to the account."""
        images = ops.cast(ops.shape(x)[0], "float32")
        terms = self.learning.loss_terms(y_pred, y, self.spec, self.loss_name)
        values = ops.stack([terms[name] / images for name in self.learning.terms[self.loss_name]])
        note_terms(self.account_state, values)
        return ops.sum(values)

    def compute_metrics(self, *_: object, **__: object) -> dict[str, float]:
        """No metrics: reading numbers back would make the next step wait."""
        return {}


_SUM, _STEPS, _BAD_STEP, _BAD_VALUE = range(4)


def note_terms(account: keras.Variable, values: Tensor) -> None:
    """Add the terms of one step to ``LossAccount.state``, in the graph."""
    state: Tensor = account
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


class LossAccount:
    """Sums of the loss terms over an epoch, kept on the device; all trainings of a run share one account.

    ``state`` is a (4, terms) float32 variable: sums, steps, the first step that was not finite (0: none), its value.
    """

    def __init__(self, terms: Sequence[str]) -> None:
        self.names = tuple(terms)
        self.state = keras.Variable(np.zeros((4, len(self.names))), trainable=False, dtype="float32", name="terms")

    def clear(self) -> None:
        """Set everything to zero, at the start of an epoch."""
        self.state.assign(np.zeros(self.state.shape))

    def means(self) -> dict[str, float]:
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
