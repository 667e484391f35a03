"""`trainer fit`: labels and a config in, a run folder out; or a run folder that goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import keras

from shared_format import atomic

from ..backend import seed_everything
from ..errors import TrainerError
from ..examples.example import ExampleSet, join
from ..feeding.sources import check_images, fingerprint, read_sources
from ..loss.terms import MODERN_SCALE_X_Y
from ..models.files import load_detector, save_detector
from ..models.run_files import BEST, CHECKPOINT, CURVE, LAST, START
from ..models.transfer import chosen_loss, start_from
from ..network.anchors import best_possible_recall, box_sizes, cluster_anchors, mean_best_iou
from ..network.architectures import architecture, spec_of
from ..network.build import build_network
from ..network.darknet_detector import with_constants
from ..network.spec import DetectorSpec
from ..progress import note
from . import run_folder
from .checkpoint import RunState, read_checkpoint
from .compiled_stage import open_batches
from .config import FitConfig
from .devices import share_batches
from .evaluation_copy import EvaluationCopy
from .freezing import convolutions_to_freeze
from .history_plot import draw_history
from .inputs import FitInputs
from .loop import Task, TrainingLoop
from .stages import plan_stages
from .validation import deciding_set, read_named_sets


def fit(inputs: FitInputs, config: FitConfig, resume: bool = False) -> dict:
    """Train a detector and write its run folder, or with ``resume`` go on with the one that is there.

    Returns:
        ``run``, ``best``, ``last`` (paths), ``epochs`` done, ``validation`` (metrics of the best epoch on the set
        that decides, or None without), ``sets`` (those of every set), ``seconds``, ``interrupted``.

    Raises:
        TrainerError: unusable data, weights or folder, before anything is written; or the loss diverged.
    """
    config = replace(config, loss=chosen_loss(config.loss, inputs.weights))
    state, arrays = read_checkpoint(inputs.out) if resume else (RunState(), None)
    if not state.finished:
        task = open_task(inputs, config, resume, arrays is not None)
        TrainingLoop(task, state, arrays).run()
        finish(task, state)
    return result(inputs, config, state)


def open_task(inputs: FitInputs, config: FitConfig, resuming: bool, has_weights: bool) -> Task:
    """Read the data and make the network; then make the run folder, or see that it is of the same data."""
    if not resuming:
        run_folder.refuse_existing(inputs.out)
    sources, sets = read_examples(inputs, masks=config.augment.copy_paste > 0)
    deciding_set([one.name for one in sets], config.best_on)
    train = join([source.examples for source in sources])
    seed_everything(config.seed, config.deterministic)
    stages = plan_stages(config)
    images = config.epoch_pictures or len(train.examples)
    share_batches(config.devices, tuple(min(stage.batch, images) for stage in stages))
    if has_weights:
        spec = run_folder.read_spec(inputs.out)
        network = start_of_run(inputs.out, spec, config)
    else:
        network, spec = prepare_network(train, inputs, config)
    # What cannot be mixed or frozen is refused before anything is written.
    open_batches(stages[0], config, spec, sources).close()
    for stage in stages:
        convolutions_to_freeze(network, stage.freeze, spec.model)
    content = {"pictures": len(train.examples), "boxes": train.box_count, "fingerprint": fingerprint(train)}
    if resuming:
        run_folder.check_data(inputs.out, content)
        if not has_weights:
            note(f"{inputs.out}: no {CHECKPOINT} here, so the run begins again from its start")
    else:
        planned = [stage.to_json() for stage in stages]
        run_folder.create(inputs.out, config, planned, spec, inputs.to_json(), content)
        if config.keep_start:
            save_detector(network, spec, inputs.out / START)
    note(describe(train, network, spec))
    return Task(inputs.out, config, EvaluationCopy(network, spec, config.keep_start), sources, sets)


def start_of_run(folder: Path, spec: DetectorSpec, config: FitConfig) -> keras.Model:
    """The network of a run that has a checkpoint: with its first weights where they are still needed."""
    if config.keep_start:
        return load_detector(str(folder / START))[0]
    return build_network(spec, config.batch_norm_momentum, config.objectness_prior)


def read_examples(inputs: FitInputs, masks: bool = False) -> tuple:
    """The sources to train on, with ``masks`` if wanted, and the named sets to score on, every image checked.

    Raises:
        TrainerError: unusable data, or no box to learn.
    """
    sources = read_sources(inputs.data, inputs.classes, inputs.boxes, inputs.kind, masks)
    sets = read_named_sets(inputs.validation, inputs.classes, inputs.boxes, inputs.kind)
    sources = check_images(sources)
    if not any(source.examples.box_count for source in sources):
        where = " + ".join(source.examples.source for source in sources)
        images = sum(len(source.examples.examples) for source in sources)
        raise TrainerError(f"{where}: no box of {', '.join(inputs.classes)} in {images} images")
    return sources, sets


def describe(train: ExampleSet, network: keras.Model, spec: DetectorSpec) -> str:
    """One line of what is trained on what."""
    sizes = box_sizes(train, spec.size)
    return (
        f"{spec.model}, {network.count_params():,} weights, {spec.size}x{spec.size}; {len(train.examples)} images, "
        f"{train.box_count} boxes; anchors: mean IoU {mean_best_iou(sizes, spec.anchors):.2f}, best possible recall "
        f"{best_possible_recall(sizes, spec.anchors):.2f}"
    )


def prepare_network(train: ExampleSet, inputs: FitInputs, config: FitConfig) -> tuple:
    """The network to train and its spec: fresh, or from a darknet or ``.keras`` file. Raises TrainerError."""
    if config.keep_start and inputs.weights is None:
        raise TrainerError(f"keep_start is {config.keep_start}, but there is no start to keep; give --weights")
    plan, anchors = architecture(config.model), None
    if config.anchors == "data" or (config.anchors == "auto" and inputs.weights is None):
        anchors = cluster_anchors(box_sizes(train, config.size), len(plan.anchors))
    spec = spec_of(plan, config.model, config.size, train.classes, train.category_ids, anchors)
    if config.loss == "modern" and inputs.weights is None:
        spec = with_constants(spec, scale_x_y=(MODERN_SCALE_X_Y,) * len(spec.masks))
    network = build_network(spec, config.batch_norm_momentum, config.objectness_prior)
    if inputs.weights is not None:
        spec = start_from(network, spec, inputs.weights, keep_anchors=config.anchors != "auto")
    return network, spec


def finish(task: Task, state: RunState) -> None:
    """What is left to do at the end, or at an interruption: a best model and the curves."""
    if state.best is None and (task.folder / LAST).is_file():
        if not task.sets:
            note(f"no validation: {BEST} is {LAST}; --val DATA scores each epoch and keeps the best")
        atomic.write_bytes(task.folder / BEST, (task.folder / LAST).read_bytes())
    if state.history:
        draw_history(state.history, task.config.loss, [one.name for one in task.sets], task.folder / CURVE)


def result(inputs: FitInputs, config: FitConfig, state: RunState) -> dict:
    """What ``fit`` returns."""
    sets = state.best["sets"] if state.best else {}
    deciding = deciding_set(list(sets), config.best_on)
    return {
        "run": str(inputs.out),
        "best": str(inputs.out / BEST),
        "last": str(inputs.out / LAST),
        "epochs": state.epoch,
        "validation": {"epoch": state.best["epoch"], **sets[deciding]} if sets else None,
        "sets": sets,
        "seconds": round(state.seconds, 1),
        "interrupted": not state.finished,
    }
