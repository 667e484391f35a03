"""One stage ready to train: frozen, compiled for every side of its input, with its optimiser and its batches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import keras

from ..backend import use_xla
from ..feeding.batches import Batches
from ..feeding.mixing import Source
from ..feeding.stream import in_whole_batches
from ..feeding.target_rows import BatchTargets
from ..network.spec import ModelSpec
from ..network.tensors import ops
from ..tasks import task_named
from .checkpoint import Variables
from .config import FitConfig
from .freezing import freeze
from .optimizers import make_optimizer
from .stages import NOTHING, Stage
from .training_model import LossAccount, TrainingModel

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class CompiledStage:
    """A stage ready to train.

    Attributes:
        network: the network that learns, the same in all stages.
        trainings: the compiled model for each side of the input; they share network, optimiser and account.
        frozen: number of frozen convolutions.
    """

    stage: Stage
    network: keras.Model
    optimizer: keras.optimizers.Optimizer
    account: LossAccount
    trainings: dict[int, TrainingModel]
    batches: Batches
    frozen: int

    def step(self, pixels: np.ndarray, targets: BatchTargets) -> None:
        """Train on one batch."""
        self.trainings[pixels.shape[1]].train_on_batch(pixels, targets)

    @property
    def variables(self) -> Variables:
        """Everything a step changes."""
        return Variables(self.network, self.optimizer, self.account.state)

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step."""
        return float(ops.convert_to_numpy(self.optimizer.learning_rate))

    @property
    def means(self) -> dict[str, float]:
        """The loss and its terms, averaged over the steps of the epoch so far."""
        return self.account.means()


def compile_stage(
    stage: Stage, config: FitConfig, spec: ModelSpec, trained: keras.Model, batches: Batches
) -> CompiledStage:
    """Freeze and compile ``trained``, the network of all stages, with a fresh optimiser. Raises TrainerError."""
    frozen = freeze(trained, stage.freeze, spec.model, config.batch_norm == "keep")
    optimizer = make_optimizer(config, stage, len(batches) * stage.epochs)
    optimizer.build(trained.trainable_variables)
    learning = task_named(config.task).learning
    account = LossAccount(learning.terms[config.loss])
    trainings: dict[int, TrainingModel] = {}
    for side in batches.sizes:
        training = TrainingModel(trained, replace(spec, size=side), learning, config.loss, account)
        compile_model: Any = training.compile  # Keras declares jit_compile as text, the type of its default
        compile_model(optimizer=optimizer, jit_compile=use_xla(config.xla))
        trainings[side] = training
    return CompiledStage(stage, trained, optimizer, account, trainings, batches, frozen)


def open_batches(stage: Stage, config: FitConfig, spec: ModelSpec, sources: Sequence[Source]) -> Batches:
    """The training batches of ``stage`` from the ``sources``; they continue where the stage before ended.

    Raises:
        TrainerError: the sources cannot be mixed.
    """
    earlier = config.planned_stages[: stage.number - 1]
    task = task_named(config.task)
    return Batches(
        sources,
        spec.size,
        stage.batch,
        config.augment,
        config.seed,
        epochs=config.planned_stages[-1].last_epoch,
        class_balance=config.class_balance,
        images=config.epoch_images or None,
        first_epoch=stage.first_epoch - 1,
        images_before=sum(one.epochs * images_per_epoch(one, config, sources) for one in earlier),
        sizes=input_sides(config, spec),
        workers=None if config.workers < 0 else config.workers,
        cache_mb=config.cache_mb,
        make_targets=task.learning.targets,
        carried=task.carried(sources[0].examples.skeleton),
    )


def images_per_epoch(stage: Stage, config: FitConfig, sources: Sequence[Source]) -> int:
    """Number of images an epoch of ``stage`` shows: whole batches only."""
    images = config.epoch_images or sum(len(source.examples.examples) for source in sources)
    return in_whole_batches(images, stage.batch)


def input_sides(config: FitConfig, spec: ModelSpec) -> tuple[int, ...]:
    """The sides of the input: multiples of the coarsest stride within the fraction ``multi_scale`` of the size."""
    stride = math.ceil(spec.head.stride)
    spread = int(spec.size * config.multi_scale) // stride * stride
    smallest = max(stride, spec.size - spread)
    return tuple(range(smallest, spec.size + spread + 1, stride))


def describe_stage(compiled: CompiledStage) -> str:
    """One line about a stage: its epochs, optimiser, learning rate, batch, and what is frozen."""
    stage = compiled.stage
    frozen = f", {stage.freeze} frozen ({compiled.frozen} convolutions)" if stage.freeze != NOTHING else ""
    return (
        f"stage {stage.number}: epochs {stage.first_epoch} to {stage.last_epoch}, {stage.optimizer} at "
        f"{stage.learning_rate:g}, batch {compiled.batches.batch}{frozen}"
    )
