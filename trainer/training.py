"""The Keras model that is fitted: the network, its loss term by term, and what watches over it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Optional

import keras

from .batches import Batches
from .config import FitConfig
from .errors import TrainingDiverged
from .loss import TERMS, loss_terms
from .spec import DetectorSpec


class DetectorTraining(keras.Model):
    """Wraps ``network`` for ``fit``; only the plain network inside is ever saved.

    The loss is darknet's sum divided by the number of pictures in the batch; each term is a metric.
    """

    def __init__(self, network: keras.Model, spec: DetectorSpec) -> None:
        super().__init__(name="training")
        self.network, self.spec = network, spec
        self.term_means = {name: keras.metrics.Mean(name=name) for name in TERMS}

    def call(self, pixels: Any, training: bool = False) -> Any:
        """The network's raw heads."""
        return self.network(pixels, training=training)

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Any:
        """The loss of a batch, noting every term."""
        pictures = keras.ops.cast(keras.ops.shape(x)[0], "float32")
        terms = loss_terms(y_pred, y["targets"], y["truths"], self.spec)
        total = 0.0
        for name in TERMS:
            term = terms[name] / pictures
            self.term_means[name].update_state(term)
            total = total + term
        return total


class StopWhenNotFinite(keras.callbacks.Callback):
    """Stops at the first step whose loss is not a finite number, naming the term."""

    def on_epoch_begin(self, epoch: int, logs: Optional[dict] = None) -> None:
        """Keep the epoch for the message."""
        self.epoch = epoch + 1

    def on_train_batch_end(self, batch: int, logs: Optional[dict] = None) -> None:
        """Raise TrainingDiverged where a term is no finite number."""
        for name, value in (logs or {}).items():
            if name != "loss" and not math.isfinite(value):
                raise TrainingDiverged(
                    f"the loss term {name!r} became {value} in epoch {self.epoch}, step {batch + 1}; "
                    "try a lower learning_rate or a longer warmup"
                )


class EachEpoch(keras.callbacks.Callback):
    """Calls ``work(epoch, logs)`` after every epoch, epochs counted from 1; what it adds to ``logs`` is logged."""

    def __init__(self, work: Callable[[int, dict], None]) -> None:
        super().__init__()
        self.work = work

    def on_epoch_end(self, epoch: int, logs: Optional[dict] = None) -> None:
        """Hand over."""
        self.work(epoch + 1, logs if logs is not None else {})


class EachBatch(keras.callbacks.Callback):
    """Calls ``work()`` after every step."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self.work = work

    def on_train_batch_end(self, batch: int, logs: Optional[dict] = None) -> None:
        """Hand over."""
        self.work()


def run_epochs(training: keras.Model, batches: Batches, epochs: int, callbacks: list) -> None:
    """Train for ``epochs``, telling the ``callbacks`` as ``keras.Model.fit`` would.

    ``fit`` itself feeds a PyDataset through ``tf.data``'s generator, which makes the allocator return memory to
    the system after every operation: 0.1 to 0.2 s a step lost on the CPU.
    """
    told = keras.callbacks.CallbackList(callbacks, model=training, epochs=epochs, steps=len(batches))
    told.on_train_begin()
    try:
        for epoch in range(epochs):
            told.on_epoch_begin(epoch)
            steps = []
            for step, (pixels, answers) in enumerate(prepared_ahead(batches)):
                told.on_train_batch_begin(step)
                steps.append(training.train_on_batch(pixels, answers, return_dict=True))
                told.on_train_batch_end(step, steps[-1])
            batches.on_epoch_end()
            told.on_epoch_end(epoch, {name: sum(one[name] for one in steps) / len(steps) for name in steps[0]})
    finally:
        told.on_train_end()  # closes the logs, also when interrupted


def prepared_ahead(batches: Batches) -> Iterator[tuple]:
    """The batches of an epoch; the next is prepared in a thread while one is trained on."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        coming = pool.submit(batches.__getitem__, 0)
        for index in range(1, len(batches)):
            batch, coming = coming.result(), pool.submit(batches.__getitem__, index)
            yield batch
        yield coming.result()


def make_optimizer(config: FitConfig, steps: int) -> keras.optimizers.Optimizer:
    """The optimiser of ``config`` for a training of ``steps`` steps: linear warm-up, then a cosine."""
    warmup = round(config.warmup * steps)
    rate = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0 if warmup else config.learning_rate,
        decay_steps=max(1, steps - warmup),
        alpha=config.final_rate,
        warmup_target=config.learning_rate if warmup else None,
        warmup_steps=warmup,
    )
    common = {
        "learning_rate": rate,
        "global_clipnorm": config.clip_norm or None,
        "weight_decay": config.weight_decay or None,
        "use_ema": config.ema > 0,
        "ema_momentum": config.ema or 0.99,
    }
    if config.optimizer == "sgd":
        optimizer = keras.optimizers.SGD(momentum=config.momentum, nesterov=True, **common)
    else:
        optimizer = keras.optimizers.Adam(**common)
    if config.weight_decay:
        # Kernels only: shrinking a batch normalisation or a bias regularises nothing.
        optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    return optimizer
