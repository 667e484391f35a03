"""The optimiser of a stage: update rule, learning-rate schedule, weight decay, clipping, averaging of the weights."""

from __future__ import annotations

from typing import Any

import keras

from ..network.tensors import Tensor, ops
from .config import FitConfig
from .stages import Stage

# The moving average follows the weights closely at first and reaches its full momentum over this many steps, as in
# YOLOX (arXiv 2107.08430): without the ramp a short training would average its random start.
AVERAGE_RAMP_STEPS = 2000


def make_optimizer(config: FitConfig, stage: Stage, batches: int) -> keras.optimizers.Optimizer:
    """The optimiser of ``stage``, which lasts ``batches`` batches: linear warm-up, then a cosine."""
    rule: Any = _averaging(_RULES[stage.optimizer])  # the rules differ in their arguments
    optimizer = rule(
        learning_rate=learning_rates(stage, max(1, batches // config.accumulate)),
        global_clipnorm=config.clip_norm or None,
        # AdamW insists on a number.
        weight_decay=config.weight_decay or (0.0 if stage.optimizer == "adamw" else None),
        use_ema=config.ema > 0,
        ema_momentum=config.ema,
        gradient_accumulation_steps=config.accumulate if config.accumulate > 1 else None,
        **({"momentum": config.momentum, "nesterov": config.momentum > 0} if stage.optimizer == "sgd" else {}),
    )
    if config.weight_decay:
        # Kernels only: shrinking a batch normalisation or a bias regularises nothing.
        optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    # float16 cannot represent small gradients; bfloat16 can.
    return keras.optimizers.LossScaleOptimizer(optimizer) if config.precision == "mixed_float16" else optimizer


def learning_rates(stage: Stage, steps: int) -> keras.optimizers.schedules.LearningRateSchedule:
    """Linear from 0 to the stage's learning rate in its warm-up, then a cosine to ``final_rate`` of it."""
    warmup = round(stage.warmup * steps)
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0 if warmup else stage.learning_rate,
        decay_steps=max(1, steps - warmup),
        alpha=stage.final_rate,
        warmup_target=stage.learning_rate if warmup else None,
        warmup_steps=warmup,
    )


_RULES: dict[str, type[keras.optimizers.Optimizer]] = {
    "sgd": keras.optimizers.SGD,
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
}


def _averaging(rule: Any) -> type[keras.optimizers.Optimizer]:  # Any: a base class that is computed
    """The optimiser class ``rule`` with a ramp of the momentum of its moving average."""

    class Averaging(rule):
        """Keras's optimiser; its ``ema_momentum`` depends on the step."""

        @property
        def ema_momentum(self) -> Tensor:
            """The fraction of the average that is kept at this step."""
            done = ops.cast(self.iterations, "float32") + 1
            return self._full_momentum * (1 - ops.exp(-done / AVERAGE_RAMP_STEPS))

        @ema_momentum.setter
        def ema_momentum(self, value: float) -> None:
            self._full_momentum = value

    return Averaging
