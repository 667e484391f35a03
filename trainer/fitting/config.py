"""Everything `trainer fit` can be told about training, in one place, with its defaults and reasons."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from shared_format.dataset import read_json

from ..augment import Augmentation
from ..errors import TrainerError, unknown_key
from .presets import preset_settings
from .stage_settings import OPTIMIZERS, RANGES, parse_freeze, stages_from_json

MAX_SEED = 2**32 - 1
PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")


@dataclass(frozen=True)
class FitConfig:
    """The settings of one training. Dotted names (``augment.flip``) reach inside."""

    # --- the detector ---
    model: str = "yolov3-nano"
    size: int = 416  # side of the square input, pixels, a multiple of 32
    anchors: str = "auto"  # "data": k-means on the boxes; "model": the published; "auto": data unless weights are given

    # --- the loss ---
    # "darknet": its own; "modern": CIoU, objectness of the IoU, several anchors and cells a truth; "auto": darknet's
    # where the weights are darknet's, else modern.
    loss: str = "auto"

    # --- how long, how much at once ---
    epochs: int = 100
    batch: int = 4  # images a step, on all devices together
    accumulate: int = 1  # steps whose gradients are averaged before the weights change
    freeze: str = ""  # what keeps its weights at first, such as backbone:10; the rest of the epochs nothing does
    stages: tuple = ()  # or each stage in full: a list of `stage_settings.StageSettings`
    multi_scale: float = 0.0  # the input's side changes by up to this share of `size`
    seed: int = 0

    # --- what comes how often; the shares of several DATA are written behind them: photos@1 renders@3 ---
    epoch_pictures: int = 0  # of an epoch, however many the data has: trainings of one length; 0: as many as it has
    class_balance: float = 0.0  # up to 1: images of rare classes come more often

    # --- the optimiser ---
    optimizer: str = "adam"  # adam, adamw or sgd (with Nesterov's momentum)
    learning_rate: float = 2e-3  # at the end of the warm-up; a cosine leads from there to final_rate of it
    final_rate: float = 0.02
    warmup: float = 0.05  # share of all steps
    momentum: float = 0.9  # of sgd
    weight_decay: float = 0.0  # of kernels only
    clip_norm: float = 10.0  # of the whole gradient; 0 switches it off
    ema: float = 0.0  # moving average of the weights, e.g. 0.9999, that is scored and saved; 0 switches it off
    # Share of the weights given with --weights in what is scored and saved (WiSE-FT, arXiv 2109.01903): a detector
    # tuned on other images keeps more of what it knew of the first.
    keep_start: float = 0.0

    # --- the network at the start ---
    # "keep": statistics, scale and shift of the batch normalisation stay those of the start, so that images of
    # another look than those to come do not shift them. "train": they learn with the rest.
    batch_norm: str = "train"
    # Share of the running statistics kept a step. Darknet's 0.99 needs several hundred steps to forget its start.
    batch_norm_momentum: float = 0.9
    objectness_prior: float = 0.01  # what a fresh head says of every place

    # --- validation ---
    validate_every: int = 1  # epochs; the last is always validated
    best_on: str = ""  # the named set whose AP50 decides; "" is the one called real, else the last
    patience: int = 0  # stop after so many epochs without a better one; 0 never stops early

    # --- the machine ---
    precision: str = "float32"  # or mixed_bfloat16, mixed_float16
    xla: str = "auto"  # on, off; auto compiles where it is faster: on an accelerator
    deterministic: str = "auto"  # on, off; auto adds in a fixed order on the CPU, where it costs little
    devices: int = 1  # that share each batch; more than one with JAX
    workers: int = -1  # processes that prepare images; 0: threads; -1: whichever suits the machine
    cache_mb: int = 0  # MiB of memory for decoded images
    checkpoint_minutes: float = 10.0  # between two checkpoints inside an epoch; most epochs end with one too

    augment: Augmentation = field(default_factory=Augmentation)

    def __post_init__(self) -> None:
        object.__setattr__(self, "stages", stages_from_json(self.stages))
        if self.stages:
            if self.freeze:
                raise TrainerError("freeze and stages are both given; stages say themselves what is frozen")
            object.__setattr__(self, "epochs", sum(stage.epochs for stage in self.stages))
        for name, (low, high) in _RANGES.items():
            value = _get(self, name)
            if not low <= value <= high:
                raise TrainerError(f"{name} is {value}; expected {low} to {high}")
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise TrainerError(f"{name} is {getattr(self, name)!r}; one of {', '.join(choices)}")
        if self.size % 32:
            raise TrainerError(f"size is {self.size}; expected a multiple of 32, such as 416")
        parse_freeze(self.freeze, self.epochs)  # refuses what cannot be understood

    def to_json(self) -> dict:
        """A JSON-able dict that ``resolve`` reads back."""
        return asdict(self)


_RANGES = {
    **RANGES,
    "size": (32, 4096),
    "accumulate": (1, 4096),
    "multi_scale": (0.0, 0.9),
    "epoch_pictures": (0, 1_000_000_000),
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
    "anchors": ("auto", "data", "model"),
    "batch_norm": ("train", "keep"),
    "optimizer": OPTIMIZERS,
    "loss": ("auto", "darknet", "modern"),
    "precision": PRECISIONS,
    "xla": ("auto", "on", "off"),
    "deterministic": ("auto", "on", "off"),
}


def resolve(
    file: Path | None,
    settings: Sequence[str],
    options: dict,
    preset: str | None = None,
    base: FitConfig | None = None,
) -> FitConfig:
    """``base`` (the defaults if None), then the ``preset``, then the JSON ``file``, then ``KEY=VALUE`` settings,
    then ``options`` that are not None.

    Raises:
        TrainerError: an unknown key (with the nearest known one), a value of the wrong type or out of range.
    """
    base = base or FitConfig()
    values: dict = dict(flat_json(preset_settings(preset))) if preset else {}
    if file is not None:
        content = read_json(file)
        if not isinstance(content, dict):
            raise TrainerError(f'{file}: expected one JSON object of settings, such as {{"epochs": 50}}')
        values.update(flat_json(content))
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals:
            raise TrainerError(f"--set {setting!r}: expected KEY=VALUE, such as learning_rate=0.001")
        values[key.strip()] = _parse(text.strip())
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


def flat_settings(config: FitConfig) -> dict:
    """Every setting by its dotted name."""
    return flat_json(config.to_json())


def _with(config: Any, values: dict) -> Any:
    """``config`` with flat ``values`` set, all at once: the checks see only the result."""
    changes: dict = {}
    for item in fields(config):
        inner = getattr(config, item.name)
        if is_dataclass(inner):
            prefix = f"{item.name}."
            nested = {key[len(prefix) :]: value for key, value in values.items() if key.startswith(prefix)}
            changes[item.name] = _with(inner, nested)
        elif item.name in values:
            changes[item.name] = values[item.name]
    return replace(config, **changes)


def flat_json(value: dict, prefix: str = "") -> dict:
    """``{"augment": {"flip": 0}}`` -> ``{"augment.flip": 0}``."""
    flat: dict = {}
    for key, item in value.items():
        if isinstance(item, dict):
            flat.update(flat_json(item, f"{prefix}{key}."))
        else:
            flat[f"{prefix}{key}"] = item
    return flat


def _typed(key: str, value: Any, default: Any) -> Any:
    wanted = type(default)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if wanted is tuple and isinstance(value, list):
        return tuple(value)
    if type(value) is not wanted:
        names = {int: "a whole number", float: "a number", str: "text", tuple: "a list"}
        raise TrainerError(f"{key} is {value!r}; expected {names[wanted]}, such as {_as_json(default)}")
    return value


def _as_json(value: Any) -> str:
    return repr(value) if isinstance(value, str) else json.dumps(value)


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _get(config: Any, dotted: str) -> Any:
    for name in dotted.split("."):
        config = getattr(config, name)
    return config
