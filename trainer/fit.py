"""`trainer fit`: labels and a config in, a run folder out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import keras

from . import run_folder
from .anchors import box_sizes, fit_anchors, mean_best_iou
from .architectures import make_spec
from .backend import seed_everything
from .batches import Batches
from .config import FitConfig
from .curves import draw_curve
from .darknet import load_weights
from .detect import Detector
from .draw import first_batch_sheet, prediction_sheet
from .errors import TrainerError
from .evaluate import detect_examples, evaluate, format_number
from .examples import ExampleSet
from .loss import TERMS
from .model_files import BEST, LAST, load_detector, save_detector
from .network import build_network
from .pictures import checked
from .progress import Progress, duration, note
from .readers import read_all
from .spec import DetectorSpec
from .training import DetectorTraining, EachBatch, EachEpoch, StopWhenNotFinite, make_optimizer, run_epochs


@dataclass(frozen=True)
class FitInputs:
    """What is trained on, from, and where to: the part of a run that is not a setting."""

    data: tuple
    out: Path
    validation: Optional[str] = None
    weights: Optional[str] = None
    classes: tuple = ("person",)
    boxes: str = "covered"
    kind: Optional[str] = None

    def to_json(self) -> dict:
        """A JSON-able dict."""
        return {**vars(self), "out": str(self.out)}


def fit(inputs: FitInputs, config: FitConfig) -> dict:
    """Train a detector and write its run folder.

    Returns:
        ``run``, ``best``, ``last`` (paths), ``epochs`` done, ``validation`` (metrics of the best epoch, or
        None without validation data), ``seconds``, ``interrupted``.

    Raises:
        TrainerError: unusable data, weights or folder, before anything is written; or the loss diverged.
    """
    run_folder.refuse_existing(inputs.out)
    train, validation = read_examples(inputs)
    seed_everything(config.seed)
    network, spec = prepare_network(train, inputs, config)
    run_folder.create(inputs.out, config, spec, inputs.to_json())
    note(
        f"{spec.model}, {network.count_params():,} weights, {spec.size}x{spec.size}; {len(train.examples)} pictures, "
        f"{train.box_count} boxes; anchors fit at IoU {mean_best_iou(box_sizes(train, spec.size), spec.anchors):.2f}"
    )
    return _Fitting(inputs, config, network, spec, train, validation).run()


def read_examples(inputs: FitInputs) -> tuple:
    """Training and validation examples (None without), every picture checked. Raises TrainerError."""
    train = read_all(inputs.data, inputs.classes, inputs.boxes, inputs.kind)
    validation = None
    if inputs.validation is not None:
        validation = checked(read_all([inputs.validation], inputs.classes, inputs.boxes, inputs.kind))
    train = checked(train)
    if not train.box_count:
        raise TrainerError(f"{train.source}: no box of {', '.join(inputs.classes)} in {len(train.examples)} pictures")
    return train, validation


def prepare_network(train: ExampleSet, inputs: FitInputs, config: FitConfig) -> tuple:
    """The network to train and its spec: fresh, or from a darknet or ``.keras`` file. Raises TrainerError."""
    anchors = None
    if config.anchors == "data" or (config.anchors == "auto" and inputs.weights is None):
        count = len(make_spec(config.model, config.size, train.classes, train.category_ids).anchors)
        anchors = fit_anchors(train, count, config.size)
    spec = make_spec(config.model, config.size, train.classes, train.category_ids, anchors)
    network = build_network(spec, config.batch_norm_momentum, config.objectness_prior)
    if inputs.weights is not None:
        spec = start_from(network, spec, inputs.weights)
    return network, spec


def start_from(network: keras.Model, spec: DetectorSpec, weights: str) -> DetectorSpec:
    """Fill ``network`` from ``weights``; heads of another number of classes keep their fresh start.

    Returns the spec, with the anchors of a ``.keras`` file where its heads are taken over. Raises TrainerError.
    """
    if weights.endswith(".weights"):
        kept = load_weights(network, Path(weights))
        note(f"{weights}: all weights taken over" if kept else f"{weights}: all but the heads taken over")
        return spec
    source, source_spec = load_detector(weights)
    if source_spec.model != spec.model:
        raise TrainerError(f"{weights}: holds {source_spec.model}, --model is {spec.model}")
    same_classes = source_spec.classes == spec.classes
    for mine, theirs in zip(network.layers, source.layers):
        if same_classes or not mine.name.endswith("_head"):
            mine.set_weights(theirs.get_weights())
    note(f"{weights}: all weights taken over" if same_classes else f"{weights}: all but the heads taken over")
    return DetectorSpec(**{**vars(spec), "anchors": source_spec.anchors}) if same_classes else spec


class _Fitting:
    """One training under way: what the callbacks share."""

    def __init__(
        self,
        inputs: FitInputs,
        config: FitConfig,
        network: keras.Model,
        spec: DetectorSpec,
        train: ExampleSet,
        validation: Optional[ExampleSet],
    ) -> None:
        self.inputs, self.config, self.network, self.spec = inputs, config, network, spec
        self.validation = validation
        self.batches = Batches(train.examples, spec, config.batch, config.augment, config.seed)
        self.training = DetectorTraining(network, spec)
        self.detector = Detector(network, spec)
        self.best: Optional[dict] = None
        self.epochs_done = 0
        self.started = time.monotonic()
        self.progress: Optional[Progress] = None

    def run(self) -> dict:
        out = self.inputs.out
        first_batch_sheet(self.batches[0], self.spec).save(out / run_folder.FIRST_BATCH)
        interrupted = False
        try:
            self.train_epochs()
        except KeyboardInterrupt:
            interrupted = True
        if interrupted or self.validation is None or self.best is None:
            save_detector(self.network, self.spec, out / LAST)
        if self.best is None:
            note(f"no validation: {BEST} is {LAST}; --val DATA scores each few epochs and keeps the best")
            save_detector(self.network, self.spec, out / BEST)
        self.draw_results()
        return {
            "run": str(out),
            "best": str(out / BEST),
            "last": str(out / LAST),
            "epochs": self.epochs_done,
            "validation": self.best,
            "seconds": round(time.monotonic() - self.started, 1),
            "interrupted": interrupted,
        }

    def train_epochs(self) -> None:
        steps = len(self.batches) * self.config.epochs
        # XLA is slower than TensorFlow's own kernels for depthwise convolutions on the CPU.
        self.training.compile(optimizer=make_optimizer(self.config, steps), jit_compile=False)
        callbacks = [StopWhenNotFinite(), EachBatch(self.count_batch)]
        if self.config.ema:
            callbacks.append(keras.callbacks.SwapEMAWeights(swap_on_epoch=True))
        callbacks += [EachEpoch(self.finish_epoch), keras.callbacks.CSVLogger(self.inputs.out / run_folder.HISTORY)]
        with Progress(steps * self.batches.batch, "training", "pictures") as self.progress:
            run_epochs(self.training, self.batches, self.config.epochs, callbacks)

    def count_batch(self) -> None:
        self.progress.advance(self.batches.batch)

    def finish_epoch(self, epoch: int, logs: dict) -> None:
        self.epochs_done = epoch
        line = describe_epoch(epoch, self.config.epochs, logs, self.progress.rate)
        # An empty cell in the table where nothing was measured.
        logs.update(val_AP50="", val_AP="")
        last = epoch == self.config.epochs
        if self.validation is not None and (last or epoch % self.config.validate_every == 0):
            line += self.validate(epoch, logs)
        if last or epoch % self.config.validate_every == 0:
            save_detector(self.network, self.spec, self.inputs.out / LAST)
        note(line if last else f"{line}  {duration(self.progress.remaining)} left")

    def validate(self, epoch: int, logs: dict) -> str:
        """Score the network, keep it if it is the best so far; returns what to say of it."""
        metrics = evaluate(self.validation, detect_examples(self.detector, self.validation, show=False))
        logs.update(val_AP50=_number(metrics["AP50"]), val_AP=_number(metrics["AP"]))
        better = self.best is None or _rank(metrics) > _rank(self.best)
        if better:
            self.best = {"epoch": epoch, **metrics}
            save_detector(self.network, self.spec, self.inputs.out / BEST)
        text = f"  validation AP50 {format_number(metrics['AP50'])} AP {format_number(metrics['AP'])}"
        return text + ("  best so far" if better else "")

    def draw_results(self) -> None:
        out = self.inputs.out
        history = run_folder.read_history(out)
        if history:
            draw_curve(history, out / run_folder.CURVE)
        if self.validation is not None:
            network, _ = load_detector(str(out / BEST))
            detections = detect_examples(Detector(network, self.spec), self.validation, show=False)
            prediction_sheet(self.validation, detections, self.spec.classes).save(out / run_folder.VALIDATION)


def describe_epoch(epoch: int, epochs: int, logs: dict, rate: float) -> str:
    """One readable line of an epoch's means."""
    terms = " ".join(f"{name} {logs[name]:.2f}" for name in TERMS)
    speed = f"  {rate:.1f} pictures/s" if rate else ""
    return f"epoch {epoch}/{epochs}  loss {logs['loss']:.2f} ({terms}){speed}"


def _rank(metrics: dict) -> tuple:
    return metrics["AP50"] or 0.0, metrics["AP"] or 0.0


def _number(value: Optional[float]) -> object:
    return "" if value is None else value
