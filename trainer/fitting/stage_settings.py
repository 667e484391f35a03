"""What the user says of the stages of a training: the settings ``stages`` and ``freeze``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Optional

from ..errors import TrainerError, unknown_key

OPTIMIZERS = ("adam", "adamw", "sgd")
NOTHING, BACKBONE, ALL_BUT_HEADS = "none", "backbone", "all-but-heads"
FIRST = re.compile(r"first-([1-9]\d*)")
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
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise TrainerError(f"stages: {name} is {value}; expected {low} to {high}")
        if self.optimizer not in (None, *OPTIMIZERS):
            raise TrainerError(f"stages: optimizer is {self.optimizer!r}; one of {', '.join(OPTIMIZERS)}")


_NUMBER = (int, float)
_KINDS = {"epochs": int, "batch": int, "learning_rate": _NUMBER, "warmup": _NUMBER, "final_rate": _NUMBER}
_WORDS = {int: "a whole number", _NUMBER: "a number"}
RANGES = {
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
    if what not in (NOTHING, BACKBONE, ALL_BUT_HEADS) and not FIRST.fullmatch(what):
        raise TrainerError(f"freeze is {what!r}; expected {FREEZABLE}")
