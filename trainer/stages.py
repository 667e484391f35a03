"""The stages of a training: what is frozen, for how long, at which learning rate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Optional

from .errors import TrainerError, unknown_key

if TYPE_CHECKING:
    import keras

    from .config import FitConfig

OPTIMIZERS = ("adam", "adamw", "sgd")
NOTHING, BACKBONE, ALL_BUT_HEADS = "none", "backbone", "all-but-heads"
# Darknet-53, the maps of yolov3-tiny up to 1024 channels, the MobileNetV2 of nano. Of any other .cfg the backbone
# is what all of its heads are computed from.
BACKBONE_CONVOLUTIONS = {"yolov3": 52, "yolov3-tiny": 7, "yolov3-nano": 48}
_FIRST = re.compile(r"first-([1-9]\d*)")
FREEZABLE = f"{NOTHING}, {BACKBONE}, {ALL_BUT_HEADS} or first-N (the first N convolutions)"


@dataclass(frozen=True)
class StageSettings:
    """One entry of the setting ``stages``; None takes the run's own setting.

    Attributes:
        epochs: how many.
        freeze: ``none``, ``backbone``, ``all-but-heads`` or ``first-N``: the convolutions that keep their weights,
            with their batch normalisation, which then runs on its stored statistics.
        learning_rate, batch, optimizer, warmup, final_rate: as the settings of the same name.
    """

    epochs: int
    freeze: str = NOTHING
    learning_rate: Optional[float] = None
    batch: Optional[int] = None
    optimizer: Optional[str] = None
    warmup: Optional[float] = None
    final_rate: Optional[float] = None

    def __post_init__(self) -> None:
        check_freeze(self.freeze)
        for name, kinds in _KINDS.items():
            value = getattr(self, name)
            if value is not None and (not isinstance(value, kinds) or isinstance(value, bool)):
                raise TrainerError(f"stages: {name} is {value!r}; expected {_WORDS[kinds]}")
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise TrainerError(f"stages: {name} is {value}; expected {low} to {high}")
        if self.optimizer not in (None, *OPTIMIZERS):
            raise TrainerError(f"stages: optimizer is {self.optimizer!r}; one of {', '.join(OPTIMIZERS)}")


_NUMBER = (int, float)
_KINDS = {"epochs": int, "batch": int, "learning_rate": _NUMBER, "warmup": _NUMBER, "final_rate": _NUMBER}
_WORDS = {int: "a whole number", _NUMBER: "a number"}
_RANGES = {
    "epochs": (1, 100_000),
    "batch": (1, 4096),
    "learning_rate": (1e-8, 10.0),
    "warmup": (0.0, 0.9),
    "final_rate": (0.0, 1.0),
}


def stages_from_json(entries: Sequence) -> tuple:
    """The setting ``stages``: dicts, or ``StageSettings`` already. Raises TrainerError naming what is wrong."""
    known = [item.name for item in fields(StageSettings)]
    stages = []
    for entry in entries:
        if isinstance(entry, StageSettings):
            stages.append(entry)
            continue
        if not isinstance(entry, dict) or "epochs" not in entry:
            raise TrainerError(f'stages: {entry!r}; expected an object such as {{"epochs": 10, "freeze": "backbone"}}')
        for key in entry:
            if key not in known:
                raise TrainerError(unknown_key("setting of stages", key, known))
        stages.append(StageSettings(**entry))
    return tuple(stages)


@dataclass(frozen=True)
class Stage:
    """A stage with every value resolved; its epochs are ``first_epoch`` .. ``last_epoch``, counted from 1."""

    number: int
    freeze: str
    first_epoch: int
    epochs: int
    learning_rate: float
    batch: int
    optimizer: str
    warmup: float
    final_rate: float

    @property
    def last_epoch(self) -> int:
        """The run's epoch this stage ends with."""
        return self.first_epoch + self.epochs - 1

    def to_json(self) -> dict:
        """A JSON-able dict."""
        return asdict(self)


def plan_stages(config: FitConfig) -> tuple:
    """The ``Stage``s of a run, in order, from its settings ``stages``, or ``freeze`` and ``epochs``."""
    entries = config.stages or parse_freeze(config.freeze, config.epochs)
    stages, first = [], 1
    for number, entry in enumerate(entries, start=1):
        own = {name: value for name, value in asdict(entry).items() if value is not None}
        inherited = ("learning_rate", "batch", "optimizer", "warmup", "final_rate")
        values = {**{name: getattr(config, name) for name in inherited}, **own}
        stages.append(Stage(number=number, first_epoch=first, **values))
        first += entry.epochs
    return tuple(stages)


def parse_freeze(text: str, epochs: int) -> tuple:
    """``backbone:10`` of 100 epochs -> 10 with the backbone frozen, then 90 with nothing frozen.

    Raises:
        TrainerError: not ``WHAT:EPOCHS,...``, or more epochs than there are.
    """
    entries = [_parse_entry(entry.strip()) for entry in text.split(",") if entry.strip()]
    left = epochs - sum(entry.epochs for entry in entries)
    if left < 0:
        raise TrainerError(f"freeze is {text!r}: {epochs - left} epochs, and the run has {epochs}; raise --epochs")
    return (*entries, StageSettings(left)) if left else tuple(entries)


def _parse_entry(entry: str) -> StageSettings:
    what, colon, count = entry.partition(":")
    if not colon or not count.isdecimal() or int(count) < 1:
        raise TrainerError(f"freeze is {entry!r}; expected WHAT:EPOCHS, such as backbone:10")
    return StageSettings(int(count), what)


def check_freeze(what: str) -> None:
    """Raise TrainerError unless ``what`` can be frozen."""
    if what not in (NOTHING, BACKBONE, ALL_BUT_HEADS) and not _FIRST.fullmatch(what):
        raise TrainerError(f"freeze is {what!r}; expected {FREEZABLE}")


def freeze(network: keras.Model, what: str, model: str, keep_batch_norm: bool = False) -> int:
    """Freeze ``what`` of ``network``, an architecture called ``model``, and let the rest learn.

    A batch normalisation goes with the convolution before it, or with ``keep_batch_norm`` is always frozen. Returns
    how many convolutions are frozen. Raises TrainerError where nothing would be left to learn.
    """
    from .network import BATCH_NORM_SUFFIX

    frozen = convolutions_to_freeze(network, what, model)
    for layer in network.layers:
        kept = keep_batch_norm and layer.name.endswith(BATCH_NORM_SUFFIX)
        layer.trainable = not kept and layer.name.removesuffix(BATCH_NORM_SUFFIX) not in frozen
    return len(frozen)


def convolutions_to_freeze(network: keras.Model, what: str, model: str) -> set:
    """Names of the convolutions that ``freeze`` would freeze. Raises TrainerError as it does; changes nothing."""
    # Their names count them in the order of the weight file.
    convolutions = sorted(layer.name for layer in network.layers if hasattr(layer, "kernel"))
    frozen = _chosen(convolutions, network, what, model)
    if frozen.issuperset(convolutions):
        raise TrainerError(f"freeze is {what!r}: nothing of {model} is left to learn")
    return frozen


def _chosen(convolutions: list, network: keras.Model, what: str, model: str) -> set:
    heads = set(network.output_names)
    if what == NOTHING:
        return set()
    if what == ALL_BUT_HEADS:
        return set(convolutions) - heads
    if what == BACKBONE and model not in BACKBONE_CONVOLUTIONS:
        return (set(convolutions) & shared_by_heads(network)) - heads
    count = BACKBONE_CONVOLUTIONS[model] if what == BACKBONE else int(_FIRST.fullmatch(what)[1])
    return set(convolutions[:count])


def shared_by_heads(network: keras.Model) -> set:
    """Names of the layers every head is computed from."""
    import keras

    paths = (keras.Model(network.inputs, head).layers for head in network.outputs)
    return set.intersection(*({layer.name for layer in path} for path in paths))
