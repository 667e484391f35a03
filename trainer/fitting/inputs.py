"""What `trainer fit` is told: the inputs of a new run, or of one that goes on."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Optional

from shared_format.record import DEFAULT_BOXES, DEFAULT_CLASSES

from ..errors import TrainerError
from . import run_folder
from .config import flat_settings, resolve


@dataclass(frozen=True)
class FitInputs:
    """What is trained on, from, and where to: the part of a run that is not a setting.

    Attributes:
        data: DATA, each with ``@SHARE`` if wanted. validation: DATA or NAME=DATA.
        given: the words of the user that ``config`` was resolved from, for the record.
    """

    data: tuple
    out: Path
    validation: tuple = ()
    weights: Optional[str] = None
    classes: tuple = DEFAULT_CLASSES
    boxes: str = DEFAULT_BOXES
    kind: Optional[str] = None
    given: dict = field(default_factory=dict)

    def to_json(self) -> dict:
        """A JSON-able dict."""
        return {**vars(self), "out": str(self.out)}


def resolve_run(inputs: FitInputs, resume: bool, words: tuple) -> tuple:
    """The inputs, the ``FitConfig`` and whether a run goes on.

    With ``resume`` the run in ``inputs.out`` says how it was started, and what the user says again must agree; where
    none was begun yet, it is begun: the same command can be given again until it has ended.

    Args:
        words: file, settings, options and preset of ``config.resolve``.

    Raises:
        TrainerError: wrong settings, no data, or another run than was started.
    """
    if resume and run_folder.holds_run(inputs.out):
        return (*_as_started(inputs, words), True)
    if not inputs.data:
        raise TrainerError(f"{inputs.out}: no run to go on with here" if resume else "missing argument DATA")
    file, settings, options, preset = words
    return inputs, resolve(file, settings, options, preset), False


def _as_started(inputs: FitInputs, words: tuple) -> tuple:
    stored, base = run_folder.read_run(inputs.out)
    started = FitInputs(**{**stored, "out": inputs.out})
    file, settings, options, preset = words
    before, now = flat_settings(base), flat_settings(resolve(file, settings, options, preset, base))
    for name, value in before.items():
        _refuse_change(inputs.out, name, value, now[name])
    unsaid = FitInputs((), inputs.out)
    for item in fields(FitInputs):
        asked = getattr(inputs, item.name)
        if item.name not in ("out", "given") and asked != getattr(unsaid, item.name):
            _refuse_change(inputs.out, item.name, getattr(started, item.name), asked)
    return started, base


def _refuse_change(out: Path, name: str, before: Any, now: Any) -> None:
    if before != now:
        raise TrainerError(
            f"{out}: was started with {name} {before!r}, now {now!r}; go on as it was with --resume alone, "
            "or choose another --out"
        )
