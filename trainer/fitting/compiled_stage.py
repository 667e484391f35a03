"""One stage made ready: the network as it is trained, compiled for every side of its input, and its optimiser."""

from __future__ import annotations

from dataclasses import dataclass, replace

import keras

from ..backend import use_xla
from ..feeding.batches import Batches
from ..network.build import build_network
from ..network.spec import DetectorSpec
from .checkpoint import Variables
from .config import FitConfig
from .freezing import freeze
from .optimizers import make_optimizer
from .precision import use_precision
from .stage_settings import NOTHING
from .stages import Stage, plan_stages
from .training_model import DetectorTraining, TermAccount


@dataclass(frozen=True)
class StageRun:
    """What the loop needs of a stage.

    Attributes:
        trainings: the compiled model of each side of the input; they share network, optimiser and account.
    """

    stage: Stage
    network: keras.Model
    optimizer: keras.optimizers.Optimizer
    account: TermAccount
    trainings: dict
    batches: Batches
    frozen: int

    def step(self, pixels: object, answers: dict) -> None:
        """One batch through the network and back."""
        self.trainings[pixels.shape[1]].train_on_batch(pixels, answers)

    @property
    def variables(self) -> Variables:
        """All that a step changes."""
        return Variables(self.network, self.optimizer, self.account.state)

    @property
    def learning_rate(self) -> float:
        """At the step that comes next."""
        return float(keras.ops.convert_to_numpy(self.optimizer.learning_rate))

    @property
    def means(self) -> dict:
        """The loss and its terms over the steps of the epoch so far."""
        return self.account.means()


def begin_stage(
    stage: Stage, config: FitConfig, spec: DetectorSpec, trained: keras.Model, batches: Batches
) -> StageRun:
    """Freeze, and compile ``trained``, the network of all stages, with a fresh optimiser. Raises TrainerError."""
    frozen = freeze(trained, stage.freeze, spec.model, config.batch_norm == "keep")
    optimizer = make_optimizer(config, stage, len(batches) * stage.epochs)
    optimizer.build(trained.trainable_variables)
    account = TermAccount(config.loss)
    trainings = {}
    for side in batches.sizes:
        training = DetectorTraining(trained, replace(spec, size=side), config.loss, account)
        training.compile(optimizer=optimizer, jit_compile=use_xla(config.xla))
        trainings[side] = training
    return StageRun(stage, trained, optimizer, account, trainings, batches, frozen)


def open_batches(stage: Stage, config: FitConfig, spec: DetectorSpec, sources: tuple) -> Batches:
    """The training batches of ``stage`` from the ``mixing.Source``s. Raises TrainerError."""
    return Batches(
        sources,
        spec.size,
        stage.batch,
        config.augment,
        config.seed,
        epochs=plan_stages(config)[-1].last_epoch,
        class_balance=config.class_balance,
        images=config.epoch_pictures or None,
        sizes=input_sides(config, spec),
        workers=None if config.workers < 0 else config.workers,
        cache_mb=config.cache_mb,
    )


def trained_copy(network: keras.Model, spec: DetectorSpec, config: FitConfig) -> keras.Model:
    """``network`` as it is trained: in the asked precision, and for inputs of any side where that changes."""
    copy = build_network(spec, config.batch_norm_momentum, any_size=config.multi_scale > 0)
    copy.set_weights(network.get_weights())
    use_precision(copy, config.precision)
    return copy


def input_sides(config: FitConfig, spec: DetectorSpec) -> tuple:
    """The sides of the input: multiples of the coarsest stride within ``multi_scale`` of the size."""
    stride = max(spec.strides)
    spread = int(spec.size * config.multi_scale) // stride * stride
    smallest = max(stride, spec.size - spread)
    return tuple(range(smallest, spec.size + spread + 1, stride))


def describe_stage(run: StageRun) -> str:
    """One line: what learns, for how long, how fast."""
    stage = run.stage
    frozen = f", {stage.freeze} frozen ({run.frozen} convolutions)" if stage.freeze != NOTHING else ""
    return (
        f"stage {stage.number}: epochs {stage.first_epoch} to {stage.last_epoch}, {stage.optimizer} at "
        f"{stage.learning_rate:g}, batch {run.batches.batch}{frozen}"
    )
