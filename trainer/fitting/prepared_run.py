"""Everything before the first step of a run: the data is read, the network made, the run folder created or checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Optional

import keras

from ..backend import seed_everything
from ..datasets.duplicate_files import contents
from ..errors import TrainerError
from ..examples.example import ExampleSet, join
from ..feeding.mixing import Source
from ..feeding.sources import check_images, fingerprint, read_sources
from ..models.files import load_network, save_model
from ..models.run_files import CHECKPOINT, START
from ..network.spec import ModelNetwork, ModelSpec
from ..progress import note
from ..runtimes import BATCH
from ..tasks import NetworkRequest, Task, task_named
from . import run_folder
from .compiled_stage import open_batches
from .config import FitConfig
from .freezing import convolutions_to_freeze
from .network_copies import EvaluationCopy
from .run_folder import DataSummary, FitInputs
from .validation import NamedSet, deciding_set, read_named_sets


@dataclass(frozen=True)
class PreparedRun:
    """A run before its first step.

    Attributes:
        folder: its run folder, created.
        evaluated: the network at its start, and as it will be scored and saved.
    """

    folder: Path
    config: FitConfig
    evaluated: EvaluationCopy
    sources: tuple[Source, ...]
    sets: tuple[NamedSet, ...]

    @property
    def task(self) -> Task:
        """What is learned."""
        return task_named(self.config.task)

    @property
    def terms(self) -> tuple[str, ...]:
        """The names of the loss's terms."""
        return self.task.learning.terms[self.config.loss]

    @property
    def set_names(self) -> list[str]:
        """The names of the validation sets."""
        return [one.name for one in self.sets]

    @property
    def deciding(self) -> Optional[str]:
        """The name of the set that decides on the best epoch."""
        return deciding_set(self.set_names, self.config.best_on)


class FitData(NamedTuple):
    """The sources to train on and the named sets to score on."""

    sources: tuple[Source, ...]
    sets: tuple[NamedSet, ...]


def prepare_run(inputs: FitInputs, config: FitConfig, resuming: bool, has_weights: bool) -> PreparedRun:
    """Read the data and make the network; then create the run folder, or check that it belongs to the same data.

    Args:
        has_weights: a checkpoint holds the weights, so that the run needs no fresh ones.

    Raises:
        TrainerError: unusable data, weights or folder, before anything is written.
    """
    if not resuming:
        run_folder.refuse_existing(inputs.out)
    task = task_named(config.task)
    sources, sets = read_examples(task, inputs, masks=config.augment.copy_paste > 0)
    deciding_set([one.name for one in sets], config.best_on)
    train = join([source.examples for source in sources])
    seed_everything(config.seed, config.deterministic)
    images = config.epoch_images or len(train.examples)
    split_batches(config.devices, [min(stage.batch, images) for stage in config.planned_stages])
    if has_weights:
        spec = run_folder.read_spec(inputs.out)
        network = network_of_run(inputs.out, spec, config)
    else:
        network, spec = fresh_network(train, inputs, config)
    _check_stages(network, spec, config, sources)
    data: DataSummary = {
        "pictures": len(train.examples),
        "boxes": train.box_count,
        "fingerprint": fingerprint(train),
    }
    if resuming:
        run_folder.check_data(inputs.out, data)
        if not has_weights:
            note(f"{inputs.out}: no {CHECKPOINT} here, so the run starts again from its beginning")
    else:
        run_folder.create(inputs.out, config, config.planned_stages, spec, inputs, data)
        if config.keep_start:
            save_model(network, spec, inputs.out / START)
    if inputs.rules is not None:
        note(f"classes: {inputs.rules}")
    for line in (*describe_data(sources, sets), task.learning.describe(train, network, spec)):
        note(line)
    return PreparedRun(inputs.out, config, EvaluationCopy(network, spec, config.keep_start), sources, sets)


def _check_stages(network: keras.Model, spec: ModelSpec, config: FitConfig, sources: Sequence[Source]) -> None:
    """Refuse data that cannot be mixed and layers that cannot be frozen. Raises TrainerError."""
    open_batches(config.planned_stages[0], config, spec, sources).close()
    for stage in config.planned_stages:
        convolutions_to_freeze(network, stage.freeze, spec.model)


def network_of_run(folder: Path, spec: ModelSpec, config: FitConfig) -> keras.Model:
    """The network of a run that has a checkpoint: with the weights of its start where these are still needed."""
    if config.keep_start:
        return load_network(str(folder / START)).network
    return task_named(spec.task).learning.build(spec, config.batch_norm_momentum, config.objectness_prior)


def read_examples(task: Task, inputs: FitInputs, masks: bool = False) -> FitData:
    """The training and validation data with what the task reads, every image checked.

    Args:
        masks: whether masks are wanted in any case, for copy-paste.

    Raises:
        TrainerError: unusable data, or nothing to learn.
    """
    masks = masks or task.masks
    sources = read_sources(inputs.data, inputs.classes, inputs.boxes, inputs.kind, masks, task.keypoints, inputs.rules)
    sets = read_named_sets(task, inputs.validation, inputs.classes, inputs.boxes, inputs.kind, inputs.rules)
    sources = check_images(sources)
    task.learning.check([source.examples for source in sources], inputs.classes)
    return FitData(sources, sets)


def fresh_network(train: ExampleSet, inputs: FitInputs, config: FitConfig) -> ModelNetwork:
    """The network to train and its spec: fresh, or with the weights of another model. Raises TrainerError."""
    if config.keep_start and inputs.weights is None:
        raise TrainerError(f"keep_start is {config.keep_start}, but there is no start to keep; give --weights")
    if config.new_classes_from and inputs.weights is None:
        raise TrainerError(f"new_classes_from is {config.new_classes_from!r}, a class of --weights; give --weights")
    request = NetworkRequest(
        model=config.model,
        size=config.size,
        weights=inputs.weights,
        classes_from=inputs.rules,
        anchors=config.anchors,
        new_classes_from=config.new_classes_from,
        loss=config.loss,
        batch_norm_momentum=config.batch_norm_momentum,
        objectness_prior=config.objectness_prior,
    )
    return task_named(config.task).learning.fresh(train, request)


def describe_data(sources: Sequence[Source], sets: Sequence[NamedSet]) -> Iterator[str]:
    """One line about each DATA that is trained or validated on, their total, and each set with images of both."""
    for source in sources:
        yield f"training on {_numbers(source.examples)}"
    if len(sources) > 1:
        images = sum(len(source.examples.examples) for source in sources)
        boxes = sum(source.examples.box_count for source in sources)
        yield f"training on all {len(sources)}: {images} images, {boxes} boxes"
    for one in sets:
        yield f"validation {one.name!r} on {_numbers(one.examples)}"
    trained = [example.path for source in sources for example in source.examples.examples]
    for one in sets:
        shared = shared_images(trained, [example.path for example in one.examples.examples])
        if shared:
            yield (
                f"warning: {len(shared)} of the {len(one.examples.examples)} images of validation {one.name!r} are "
                f"also trained on, such as {shared[0]}: its scores will be too high; trainer split separates the data"
            )


def _numbers(examples: ExampleSet) -> str:
    return f"{examples.source}: {len(examples.examples)} images, {examples.box_count} boxes"


def shared_images(trained: Sequence[Path], validation: Sequence[Path]) -> list[Path]:
    """The files of ``validation`` whose content is byte for byte that of a ``trained`` file. Raises ImageError."""
    digests = contents([*trained, *validation])
    known = set(digests[: len(trained)]) - {None}
    return [path for path, digest in zip(validation, digests[len(trained) :]) if digest in known]


def split_batches(devices: int, batches: Sequence[int]) -> None:
    """Let every network made from here on run on ``devices`` devices of this machine, each on a part of the batch.

    The gradient, and the statistics of batch normalisation, are those of the whole batch: the loss curve is that
    of one device, up to rounding.

    Args:
        batches: the batch sizes of all stages.

    Raises:
        TrainerError: the backend cannot, there are fewer devices, or a batch cannot be divided evenly.
    """
    if devices == 1:
        return
    if keras.backend.backend() != "jax":
        raise TrainerError(
            f"devices is {devices}: Keras's {keras.backend.backend()} backend uses one device here; "
            "install the extra jax and set KERAS_BACKEND=jax"
        )
    present = keras.distribution.list_devices()
    if len(present) < devices:
        raise TrainerError(f"devices is {devices}; JAX sees {len(present)}: {', '.join(present)}")
    for batch in (*batches, BATCH):
        if batch % devices:
            raise TrainerError(f"devices is {devices}, which does not divide a batch of {batch}")
    keras.distribution.set_distribution(keras.distribution.DataParallel(devices=present[:devices]))
