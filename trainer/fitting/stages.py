"""The stages of a training: what the user asks for (``stages``, ``freeze``), and every value it resolves to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Optional, Union

from ..errors import TrainerError, unknown_key

OPTIMIZERS = ("adam", "adamw", "sgd")
NOTHING, BACKBONE, ALL_BUT_HEADS = "none", "backbone", "all-but-heads"
FREEZABLE = f"{NOTHING}, {BACKBONE}, {ALL_BUT_HEADS} or first-N (the first N convolutions)"
_FIRST = re.compile(r"first-([1-9]\d*)")


@dataclass(frozen=True)
class StageSettings:
    """One entry of the setting ``stages``; None takes the run's own setting.

    Attributes:
        epochs: number of epochs.
        freeze: ``none``, ``backbone``, ``all-but-heads`` or ``first-N``: the convolutions that keep their weights,
            with their batch normalisation, which then uses its stored statistics.
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
                raise TrainerError(f"stages: {name} is {value!r}; expected {_KIND_NAMES[kinds]}")
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise TrainerError(f"stages: {name} is {value}; expected {low} to {high}")
        if self.optimizer not in (None, *OPTIMIZERS):
            raise TrainerError(f"stages: optimizer is {self.optimizer!r}; expected one of {', '.join(OPTIMIZERS)}")


_Kinds = Union[type, tuple[type, ...]]
_NUMBER = (int, float)
_KINDS: dict[str, _Kinds] = {
    **{"epochs": int, "batch": int, "learning_rate": _NUMBER, "warmup": _NUMBER, "final_rate": _NUMBER}
}
_KIND_NAMES: dict[_Kinds, str] = {int: "a whole number", _NUMBER: "a number"}
RANGES = {
    "epochs": (1, 100_000),
    "batch": (1, 4096),
    "learning_rate": (1e-8, 10.0),
    "warmup": (0.0, 0.9),
    "final_rate": (0.0, 1.0),
}


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

    def to_json(self) -> dict[str, object]:
        """A JSON-able dict."""
        return asdict(self)


def plan_stages(entries: Sequence[StageSettings], defaults: dict[str, object]) -> tuple[Stage, ...]:
    """The stages of a run, in order.

    Args:
        entries: the settings of each stage.
        defaults: the run's own learning_rate, batch, optimizer, warmup and final_rate.
    """
    stages: list[Stage] = []
    for number, entry in enumerate(entries, start=1):
        first = stages[-1].last_epoch + 1 if stages else 1
        given = {name: value for name, value in asdict(entry).items() if value is not None}
        stages.append(Stage(number=number, first_epoch=first, **{**defaults, **given}))
    return tuple(stages)


def stages_from_json(entries: Sequence[object]) -> tuple[StageSettings, ...]:
    """The setting ``stages``: dicts, or ``StageSettings`` already. Raises TrainerError naming what is wrong."""
    known = [item.name for item in fields(StageSettings)]
    stages: list[StageSettings] = []
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


def parse_freeze(text: str, epochs: int) -> tuple[StageSettings, ...]:
    """``backbone:10`` with 100 epochs -> 10 epochs with the backbone frozen, then 90 with nothing frozen.

    Raises:
        TrainerError: not ``PART:EPOCHS,...``, or more epochs than the run has.
    """
    entries = [_parse_entry(entry.strip()) for entry in text.split(",") if entry.strip()]
    frozen = sum(entry.epochs for entry in entries)
    if frozen > epochs:
        raise TrainerError(f"freeze is {text!r}: {frozen} epochs, and the run has {epochs}; raise --epochs")
    return (*entries, StageSettings(epochs - frozen)) if frozen < epochs else tuple(entries)


def _parse_entry(entry: str) -> StageSettings:
    part, colon, count = entry.partition(":")
    if not colon or not count.isdecimal() or int(count) < 1:
        raise TrainerError(f"freeze is {entry!r}; expected PART:EPOCHS, such as backbone:10")
    return StageSettings(int(count), part)


def check_freeze(part: str) -> None:
    """Raise TrainerError unless ``part`` of a network can be frozen."""
    if part not in (NOTHING, BACKBONE, ALL_BUT_HEADS) and first_convolutions(part) is None:
        raise TrainerError(f"freeze is {part!r}; expected {FREEZABLE}")


def first_convolutions(part: str) -> Optional[int]:
    """``first-12`` -> 12; None for any other part."""
    match = _FIRST.fullmatch(part)
    return int(match[1]) if match else None
