"""Everything `trainer fit` can be told about training, in one place, with its defaults and reasons."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from shared_format.dataset import read_json

from .augment import Augmentation
from .errors import TrainerError

MAX_SEED = 2**32 - 1


@dataclass(frozen=True)
class FitConfig:
    """The settings of one training. Dotted names (``augment.flip``) reach inside."""

    # --- the detector ---
    model: str = "yolov3-nano"
    size: int = 416  # side of the square input, pixels, a multiple of 32
    anchors: str = "auto"  # "data": k-means on the boxes; "model": the published; "auto": data unless weights are given

    # --- how long, how much at once ---
    epochs: int = 100
    batch: int = 4
    seed: int = 0

    # --- the optimiser ---
    optimizer: str = "adam"  # adam or sgd
    learning_rate: float = 2e-3  # at the end of the warm-up; a cosine leads from there to final_rate of it
    final_rate: float = 0.02
    warmup: float = 0.05  # share of all steps
    momentum: float = 0.9  # of sgd
    weight_decay: float = 0.0
    clip_norm: float = 10.0  # of the whole gradient; 0 switches it off
    ema: float = 0.0  # moving average of the weights, e.g. 0.99; 0 switches it off

    # --- the network at the start ---
    # Share of the running statistics kept a step. Darknet's 0.99 needs several hundred steps to forget its start.
    batch_norm_momentum: float = 0.9
    objectness_prior: float = 0.01  # what a fresh head says of every place

    # --- validation ---
    validate_every: int = 5  # epochs; the last is always validated

    augment: Augmentation = field(default_factory=Augmentation)

    def __post_init__(self) -> None:
        for name, (low, high) in _RANGES.items():
            value = _get(self, name)
            if not low <= value <= high:
                raise TrainerError(f"{name} is {value}; expected {low} to {high}")
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise TrainerError(f"{name} is {getattr(self, name)!r}; one of {', '.join(choices)}")
        if self.size % 32:
            raise TrainerError(f"size is {self.size}; expected a multiple of 32, such as 416")

    def to_json(self) -> dict:
        """A JSON-able dict that ``resolve`` reads back."""
        return asdict(self)


_RANGES = {
    "size": (32, 4096),
    "epochs": (1, 100_000),
    "batch": (1, 4096),
    "seed": (0, MAX_SEED),
    "learning_rate": (1e-8, 10.0),
    "final_rate": (0.0, 1.0),
    "warmup": (0.0, 0.9),
    "momentum": (0.0, 0.9999),
    "weight_decay": (0.0, 1.0),
    "clip_norm": (0.0, 1e9),
    "ema": (0.0, 0.99999),
    "batch_norm_momentum": (0.0, 0.9999),
    "objectness_prior": (1e-6, 0.5),
    "validate_every": (1, 100_000),
    "augment.flip": (0.0, 1.0),
    "augment.scale": (0.0, 0.9),
    "augment.translate": (0.0, 0.9),
    "augment.brightness": (0.0, 1.0),
    "augment.contrast": (0.0, 1.0),
    "augment.saturation": (0.0, 1.0),
    "augment.tint": (0.0, 1.0),
    "augment.mosaic": (0.0, 1.0),
    "augment.min_visible": (0.0, 1.0),
}
_CHOICES = {"anchors": ("auto", "data", "model"), "optimizer": ("adam", "sgd")}


def resolve(file: Path | None, settings: Sequence[str], options: dict) -> FitConfig:
    """The defaults, then the JSON ``file``, then ``KEY=VALUE`` settings, then ``options`` that are not None.

    Raises:
        TrainerError: an unknown key (with the nearest known one), a value of the wrong type or out of range.
    """
    values: dict = {}
    if file is not None:
        content = read_json(file)
        if not isinstance(content, dict):
            raise TrainerError(f'{file}: expected one JSON object of settings, such as {{"epochs": 50}}')
        values.update(_flat(content))
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals:
            raise TrainerError(f"--set {setting!r}: expected KEY=VALUE, such as learning_rate=0.001")
        values[key.strip()] = _parse(text.strip())
    values.update({key: value for key, value in options.items() if value is not None})
    config = FitConfig()
    defaults = _flat(config.to_json())
    for key, value in values.items():
        if key not in defaults:
            raise TrainerError(_unknown(key, list(defaults)))
        values[key] = _typed(key, value, defaults[key])
    return _with(config, values)


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


def _flat(value: dict, prefix: str = "") -> dict:
    """``{"augment": {"flip": 0}}`` -> ``{"augment.flip": 0}``."""
    flat: dict = {}
    for key, item in value.items():
        if isinstance(item, dict):
            flat.update(_flat(item, f"{prefix}{key}."))
        else:
            flat[f"{prefix}{key}"] = item
    return flat


def _typed(key: str, value: Any, default: Any) -> Any:
    wanted = type(default)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not wanted:
        names = {int: "a whole number", float: "a number", str: "text"}
        raise TrainerError(f"{key} is {value!r}; expected {names[wanted]}, such as {default!r}")
    return value


def _unknown(key: str, known: list) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}"
    return f"unknown setting {key!r}; {hint}"


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _get(config: Any, dotted: str) -> Any:
    for name in dotted.split("."):
        config = getattr(config, name)
    return config
