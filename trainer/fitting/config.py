"""Every setting of `trainer fit` in one place, with its default and the reason for it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Optional, TypeVar

from shared_format.dataset import read_json

from ..augment import Augmentation
from ..errors import TrainerError, unknown_key
from ..network.spec import DETECT
from ..progress import note
from ..tasks import TASKS
from .presets import preset_settings
from .stages import OPTIMIZERS, RANGES, Stage, StageSettings, parse_freeze, plan_stages, stages_from_json

MAX_SEED = 2**32 - 1
PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")
# Settings that had another name: old name -> present name. Files, stored runs and --set may use either.
RENAMED = {"epoch_pictures": "epoch_images"}


@dataclass(frozen=True)
class FitConfig:
    """The settings of one training. Dotted names (``augment.flip``) reach inside."""

    # --- the model ---
    task: str = DETECT  # what is learned; a name in ``trainer.tasks``
    model: str = "yolov3-nano"
    size: int = 416  # side of the square input, pixels, a multiple of 32
    # "data": k-means on the boxes of the data; "model": the published anchors; "auto": data, or the anchors of
    # --weights where these are given
    anchors: str = "auto"

    # --- the loss ---
    # "darknet": darknet's own loss; "modern": CIoU, objectness that predicts the IoU, several anchors and cells per
    # object; "auto": darknet where the weights are in darknet's format, else modern
    loss: str = "auto"

    # --- length of the training, size of a batch ---
    epochs: int = 100
    batch: int = 4  # images per step, over all devices
    accumulate: int = 1  # steps whose gradients are averaged before the weights change
    freeze: str = ""  # parts frozen during the first epochs, such as backbone:10; everything learns afterwards
    stages: tuple[StageSettings, ...] = ()  # instead of freeze: every stage in full, a list of `stages.StageSettings`
    multi_scale: float = 0.0  # the side of the input varies by up to this fraction of `size`
    seed: int = 0  # random seed of everything

    # --- how often each image is shown; DATA@WEIGHT sets the weights of several DATA: photos@1 renders@3 ---
    epoch_images: int = 0  # images per epoch, whatever the size of the data (0: all)
    class_balance: float = 0.0  # 0..1: show images of rare classes more often

    # --- the optimiser ---
    optimizer: str = "adam"  # adam, adamw or sgd (with Nesterov's momentum)
    learning_rate: float = 2e-3  # at the end of the warm-up; falls along a cosine afterwards
    final_rate: float = 0.02  # learning rate at the end, as a fraction of learning_rate
    warmup: float = 0.05  # fraction of all steps in which the learning rate rises from 0
    momentum: float = 0.9  # momentum of sgd
    weight_decay: float = 0.0  # weight decay of the kernels; biases and batch normalisation have none
    clip_norm: float = 10.0  # largest norm of the whole gradient (0: no clipping)
    ema: float = (
        0.0  # momentum of the moving average of the weights, such as 0.9999, which is scored and saved (0: off)
    )
    # Fraction of the weights given with --weights in the weights that are scored and saved (WiSE-FT,
    # arXiv 2109.01903): a detector fine-tuned on other images forgets less of what it had learned.
    keep_start: float = 0.0

    # --- the network at the start ---
    # A class of --weights as which classes start that the weights do not have, such as person for patient and staff or
    # for postures: they are found from the first step on, and only have to be told apart. Empty: new heads are fresh.
    new_classes_from: str = ""
    # "keep": statistics, scale and shift of the batch normalisation stay those of the start, so that training images
    # that look unlike the images of use do not shift them. "train": they are trained with the rest.
    batch_norm: str = "train"
    # Fraction of the running statistics kept per step. Darknet's 0.99 needs several hundred steps to forget its start.
    batch_norm_momentum: float = 0.9
    objectness_prior: float = 0.01  # initial objectness of every cell

    # --- validation ---
    validate_every: int = 1  # validate after every this many epochs; the last epoch is always validated
    best_on: str = ""  # name of the validation set whose AP50 decides (empty: the one called real, else the last)
    patience: int = 0  # stop after this many epochs without improvement (0: never stop early)

    # --- the machine ---
    precision: str = "float32"  # or mixed_bfloat16, mixed_float16
    xla: str = "auto"  # on, off; auto compiles where it is faster: on an accelerator
    deterministic: str = "auto"  # on, off; auto adds in a fixed order on the CPU, where it costs little
    devices: int = 1  # devices that split each batch; more than one needs JAX
    workers: int = -1  # processes that prepare images (0: threads; -1: chosen by the number of cores)
    cache_mb: int = 0  # MiB of memory for decoded images
    checkpoint_minutes: float = 10.0  # longest time between two checkpoints within an epoch

    augment: Augmentation = field(default_factory=Augmentation)

    def __post_init__(self) -> None:
        object.__setattr__(self, "stages", stages_from_json(self.stages))
        if self.stages:
            if self.freeze:
                raise TrainerError("freeze and stages are both given; use the freeze of each stage")
            object.__setattr__(self, "epochs", sum(stage.epochs for stage in self.stages))
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise TrainerError(f"{name} is {value}; expected {low} to {high}")
        choices_of = {**_CHOICES, "loss": ("auto", *(TASKS[self.task].losses if self.task in TASKS else ()))}
        for name, choices in choices_of.items():
            if getattr(self, name) not in choices:
                raise TrainerError(f"{name} is {getattr(self, name)!r}; expected one of {', '.join(choices)}")
        if self.size % 32:
            raise TrainerError(f"size is {self.size}; expected a multiple of 32, such as 416")
        parse_freeze(self.freeze, self.epochs)  # refuses what cannot be understood

    @property
    def planned_stages(self) -> tuple[Stage, ...]:
        """The stages of the run in order, from ``stages``, or from ``freeze`` and ``epochs``."""
        inherited = ("learning_rate", "batch", "optimizer", "warmup", "final_rate")
        return plan_stages(
            self.stages or parse_freeze(self.freeze, self.epochs), {name: getattr(self, name) for name in inherited}
        )

    def to_json(self) -> dict[str, object]:
        """A JSON-able dict that ``resolve`` reads back."""
        return asdict(self)


_RANGES = {
    **RANGES,
    "size": (32, 4096),
    "accumulate": (1, 4096),
    "multi_scale": (0.0, 0.9),
    "epoch_images": (0, 1_000_000_000),
    "class_balance": (0.0, 1.0),
    "devices": (1, 4096),
    "workers": (-1, 256),
    "cache_mb": (0, 10_000_000),
    "seed": (0, MAX_SEED),
    "momentum": (0.0, 0.9999),
    "weight_decay": (0.0, 1.0),
    "clip_norm": (0.0, 1e9),
    "ema": (0.0, 0.99999),
    "keep_start": (0.0, 0.99),
    "batch_norm_momentum": (0.0, 0.9999),
    "objectness_prior": (1e-6, 0.5),
    "validate_every": (1, 100_000),
    "patience": (0, 100_000),
    "checkpoint_minutes": (0.0, 1e6),
}
_CHOICES = {
    "task": tuple(TASKS),
    "anchors": ("auto", "data", "model"),
    "batch_norm": ("train", "keep"),
    "optimizer": OPTIMIZERS,
    "precision": PRECISIONS,
    "xla": ("auto", "on", "off"),
    "deterministic": ("auto", "on", "off"),
}


def resolve(
    file: Optional[Path],
    settings: Sequence[str],
    options: Mapping[str, object],
    preset: Optional[str] = None,
    base: Optional[FitConfig] = None,
) -> FitConfig:
    """``base`` (the defaults if None), then the ``preset``, then the JSON ``file``, then ``KEY=VALUE`` settings,
    then ``options`` that are not None.

    Raises:
        TrainerError: an unknown key (with the nearest known one), a value of the wrong type or out of range.
    """
    base = base or FitConfig()
    values: dict[str, object] = flat_json(preset_settings(preset)) if preset else {}
    values.update(current_names(_file_settings(file)))
    values.update(current_names(_parsed(settings)))
    values.update({key: value for key, value in options.items() if value is not None})
    known = flat_settings(base)
    for key, value in values.items():
        if key not in known:
            raise TrainerError(unknown_key("setting", key, list(known)))
        values[key] = _typed(key, value, known[key])
    config = _with(base, values)
    if config.epochs != values.get("epochs", config.epochs):
        raise TrainerError(f"epochs is {values['epochs']}, but the stages have {config.epochs}; set one of the two")
    return config


def from_stored(settings: Mapping[str, object]) -> FitConfig:
    """The config that ``to_json`` wrote, now or when a setting had another name. Raises TrainerError as ``resolve``."""
    return resolve(None, (), current_names(flat_json(settings), say=False))


def current_names(values: Mapping[str, object], say: bool = True) -> dict[str, object]:
    """Flat ``values`` with the present name of every setting that was renamed, and a note of it if ``say``.

    Raises:
        TrainerError: a setting is given by both of its names.
    """
    renamed = {key: _current_name(key) for key in values}
    for old, new in renamed.items():
        if old != new and new in values:
            raise TrainerError(f"{old} is the former name of {new}, which is given too; keep {new}")
        if old != new and say:
            note(f"the setting {old} is now called {new}; the old name still works")
    return {renamed[key]: value for key, value in values.items()}


def _current_name(key: str) -> str:
    """The present name of a dotted ``key``."""
    prefix, dot, name = key.rpartition(".")
    return prefix + dot + RENAMED.get(name, name)


def _file_settings(file: Optional[Path]) -> dict[str, object]:
    """The settings of a ``--config`` file. Raises TrainerError."""
    if file is None:
        return {}
    content = read_json(file)
    if not isinstance(content, dict):
        raise TrainerError(f'{file}: expected one JSON object of settings, such as {{"epochs": 50}}')
    return flat_json(content)


def _parsed(settings: Sequence[str]) -> dict[str, object]:
    """The values of ``--set KEY=VALUE``. Raises TrainerError."""
    values: dict[str, object] = {}
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals:
            raise TrainerError(f"--set {setting!r}: expected KEY=VALUE, such as learning_rate=0.001")
        values[key.strip()] = _parse(text.strip())
    return values


def flat_settings(config: FitConfig) -> dict[str, object]:
    """Every setting by its dotted name."""
    return flat_json(config.to_json())


_Settings = TypeVar("_Settings", FitConfig, Augmentation)


def _with(config: _Settings, values: Mapping[str, object]) -> _Settings:
    """``config`` with flat ``values`` set, all at once: the checks see only the result."""
    changes: dict[str, object] = {}
    for item in fields(config):
        inner = getattr(config, item.name)
        if isinstance(inner, Augmentation):
            prefix = f"{item.name}."
            nested = {key[len(prefix) :]: value for key, value in values.items() if key.startswith(prefix)}
            changes[item.name] = _with(inner, nested)
        elif item.name in values:
            changes[item.name] = values[item.name]
    return replace(config, **changes)


def flat_json(value: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    """``{"augment": {"flip": 0}}`` -> ``{"augment.flip": 0}``."""
    flat: dict[str, object] = {}
    for key, item in value.items():
        if isinstance(item, dict):
            flat.update(flat_json(item, f"{prefix}{key}."))
        else:
            flat[f"{prefix}{key}"] = item
    return flat


def _typed(key: str, value: object, default: object) -> object:
    kind = type(default)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind is tuple and isinstance(value, list):
        return tuple(value)
    if type(value) is not kind:
        names = {int: "a whole number", float: "a number", str: "text", tuple: "a list"}
        raise TrainerError(f"{key} is {value!r}; expected {names[kind]}, such as {_as_json(default)}")
    return value


def _as_json(value: object) -> str:
    return repr(value) if isinstance(value, str) else json.dumps(value)


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text
