"""Scores on degraded images: darker, blurred, of lower resolution, as a night camera sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from shared_format.effects import DEGRADATIONS, degrade

from ..errors import TrainerError, unknown_key
from ..examples.example import ExampleSet
from ..metrics.results import DegradationCurve
from ..tasks import Scores, Task

Levels = Mapping[str, Sequence[float]]  # the levels of each degradation, by its name


def parse_degradations(text: str) -> dict[str, tuple[float, ...]]:
    """``dark,blur=10,blur=20`` -> {"dark": all its levels, "blur": (10.0, 20.0)}.

    Raises:
        TrainerError: an unknown degradation, or a level that is not a number within its limits.
    """
    requested: dict[str, tuple[float, ...]] = {}
    for entry in text.split(","):
        name, equals, level = entry.strip().partition("=")
        if name not in DEGRADATIONS:
            raise TrainerError(f"--degrade: {unknown_key('degradation', name, tuple(DEGRADATIONS))}")
        levels = (_level(name, level),) if equals else DEGRADATIONS[name].ladder
        requested[name] = (*requested.get(name, ()), *levels)
    return {name: tuple(dict.fromkeys(levels)) for name, levels in requested.items()}


def _level(name: str, text: str) -> float:
    low, high = DEGRADATIONS[name].limits
    try:
        level = float(text)
    except ValueError:
        level = float("nan")
    if not low <= level <= high:
        unit = DEGRADATIONS[name].unit
        raise TrainerError(f"--degrade: {name}={text}; expected a number from {low} to {high}, the {unit}")
    return level


def robustness(
    task: Task, predictor: Any, examples: ExampleSet, levels: Levels, metrics: Scores, lowest: float, show: bool = True
) -> dict[str, DegradationCurve]:
    """Score a model on the images at every level of each degradation.

    Args:
        predictor: of the ``task``. Any: each task has its own.
        metrics: of the images as they are, the first row of every curve; a confidence in them holds for all rows.
        lowest: predictions of a lower confidence do not count, as in ``metrics``.
    """
    curves: dict[str, DegradationCurve] = {}
    for name, several in levels.items():
        rows = [task.scoring.undegraded(metrics)]
        for level in several:
            change = partial(degrade, name=name, level=level)
            predictions = task.predicting.predict_examples(
                predictor, examples, show, lowest, change, f"{name} {level:g}"
            )
            rows.append(task.scoring.degraded(examples, predictions, level, metrics.get("confidence")))
        curves[name] = {"unit": DEGRADATIONS[name].unit, "usual": DEGRADATIONS[name].level, "levels": rows}
    return curves
