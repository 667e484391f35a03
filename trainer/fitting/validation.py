"""Validation on several named sets: which of them decides on the best epoch, and the gap between synthetic and real."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Optional

from ..detection.detector import Detections, Detector
from ..detection.labelled import detect_examples
from ..errors import TrainerError
from ..examples.example import ExampleSet
from ..examples.images import checked
from ..examples.readers import read_validation_data
from ..formats.class_rules import ClassRules
from ..metrics.evaluate import evaluate, format_number

DEFAULT_NAME = "val"
SYNTHETIC, REAL = "synthetic", "real"
GAP = "gap_AP50"
# Metrics of ``evaluate`` for each set by its name.
Scores = Mapping[str, Mapping[str, Any]]
_NAMED = re.compile(r"(?P<name>[A-Za-z][\w-]*)=(?P<data>.+)")


@dataclass(frozen=True)
class NamedSet:
    """A validation set and its name."""

    name: str
    examples: ExampleSet


class Validation(NamedTuple):
    """The metrics and the detections of each set by its name."""

    scores: Scores
    detections: dict[str, list[Detections]]


def parse_named(arguments: Sequence[str]) -> dict[str, str]:
    """``--val`` as the user wrote it -> {name: DATA}: ``real=photos``, or ``photos``, which is called ``val``.

    Raises:
        TrainerError: two sets of one name.
    """
    sets: dict[str, str] = {}
    for argument in arguments:
        match = None if Path(argument).exists() else _NAMED.fullmatch(argument)
        name, data = (match["name"], match["data"]) if match else (DEFAULT_NAME, argument)
        if name in sets:
            raise TrainerError(
                f"--val {argument}: a second set called {name!r}; name them: --val synthetic=DATA --val real=DATA"
            )
        sets[name] = data
    return sets


def read_named_sets(
    arguments: Sequence[str],
    classes: Sequence[str],
    boxes: str,
    kind: Optional[str],
    rules: Optional[ClassRules] = None,
) -> tuple[NamedSet, ...]:
    """The validation sets of ``--val``, every image checked. Raises TrainerError."""
    return tuple(
        NamedSet(name, checked(read_validation_data(data, classes, boxes, kind, rules=rules)))
        for name, data in parse_named(arguments).items()
    )


def deciding_set(names: Sequence[str], asked: str) -> Optional[str]:
    """Name of the set whose AP50 decides on the best epoch: ``asked``, else ``real``, else the last; None of none.

    Raises:
        TrainerError: there is no set called ``asked``.
    """
    if asked and asked not in names:
        raise TrainerError(f"best_on is {asked!r}; --val gives {', '.join(names) or 'no set'}")
    if not names:
        return None
    return asked or (REAL if REAL in names else names[-1])


def validate(detector: Detector, sets: Sequence[NamedSet]) -> Validation:
    """Run the detector on every set and score it."""
    detections = {one.name: detect_examples(detector, one.examples, show=False) for one in sets}
    return Validation({one.name: evaluate(one.examples, detections[one.name]) for one in sets}, detections)


def columns(scores: Scores) -> dict[str, Optional[float]]:
    """The numbers of ``history.csv``: AP50 and AP of every set, and the gap between ``synthetic`` and ``real``."""
    row = {f"{name}_{key}": metrics[key] for name, metrics in scores.items() for key in ("AP50", "AP")}
    gap = synthetic_gap(scores)
    return row if gap is None else {**row, GAP: gap}


def column_names(names: Sequence[str]) -> list[str]:
    """The keys ``columns`` may return for these sets."""
    both = [GAP] if {SYNTHETIC, REAL} <= set(names) else []
    return [f"{name}_{key}" for name in names for key in ("AP50", "AP")] + both


def synthetic_gap(scores: Scores) -> Optional[float]:
    """AP50 on ``synthetic`` minus AP50 on ``real``; None where one of the two is not measured."""
    synthetic, real = (scores.get(name, {}).get("AP50") for name in (SYNTHETIC, REAL))
    return None if synthetic is None or real is None else synthetic - real


def describe(scores: Scores) -> str:
    """``synthetic AP50 0.912 AP 0.604, real AP50 0.700 AP 0.351, gap +0.212``."""
    parts = [
        f"{name} AP50 {format_number(metrics['AP50'])} AP {format_number(metrics['AP'])}"
        for name, metrics in scores.items()
    ]
    gap = synthetic_gap(scores)
    return ", ".join(parts if gap is None else [*parts, f"gap {gap:+.3f}"])


def rank(metrics: Mapping[str, Any]) -> tuple[float, float]:
    """What epochs are compared by: AP50, then AP; a set without ground truth counts as 0."""
    return metrics["AP50"] or 0.0, metrics["AP"] or 0.0
