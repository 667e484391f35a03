"""The stages of a training, planned: which epochs, what is frozen, at which learning rate."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from .config import FitConfig
from .stage_settings import parse_freeze


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
