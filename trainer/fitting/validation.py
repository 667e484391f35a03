"""Validation on several named sets side by side: which one decides what is best, and the gap between two worlds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from ..detection.detector import Detector
from ..detection.labelled import detect_examples
from ..errors import TrainerError
from ..examples.example import ExampleSet
from ..examples.images import checked
from ..examples.readers import read_validation_data
from ..metrics.evaluate import evaluate, format_number

DEFAULT_NAME = "val"
SYNTHETIC, REAL = "synthetic", "real"
GAP = "gap_AP50"
_NAMED = re.compile(r"(?P<name>[A-Za-z][\w-]*)=(?P<data>.+)")


@dataclass(frozen=True)
class NamedSet:
    """Images to score on."""

    name: str
    examples: ExampleSet


def parse_named(words: Sequence[str]) -> dict:
    """``--val`` as the user wrote it -> {name: DATA}: ``real=photos``, or ``photos``, which is called ``val``.

    Raises:
        TrainerError: two sets of one name.
    """
    sets: dict = {}
    for word in words:
        match = None if Path(word).exists() else _NAMED.fullmatch(word)
        name, data = (match["name"], match["data"]) if match else (DEFAULT_NAME, word)
        if name in sets:
            raise TrainerError(
                f"--val {word}: a second set called {name!r}; name them: --val synthetic=DATA --val real=DATA"
            )
        sets[name] = data
    return sets


def read_named_sets(words: Sequence[str], classes: Sequence[str], boxes: str, kind: Optional[str]) -> tuple:
    """The ``NamedSet``s of ``--val``, every image checked. Raises TrainerError."""
    return tuple(
        NamedSet(name, checked(read_validation_data(data, classes, boxes, kind)))
        for name, data in parse_named(words).items()
    )


def deciding_set(names: Sequence[str], asked: str) -> Optional[str]:
    """The set whose AP50 decides what is best: the one asked for, else ``real``, else the last; None of none.

    Raises:
        TrainerError: the one asked for is not there.
    """
    if asked and asked not in names:
        raise TrainerError(f"best_on is {asked!r}; --val gives {', '.join(names) or 'no set'}")
    if not names:
        return None
    return asked or (REAL if REAL in names else names[-1])


def score(detector: Detector, sets: Sequence[NamedSet]) -> tuple:
    """Detect and score every set: ({name: metrics of ``evaluate``}, {name: detections})."""
    found = {one.name: detect_examples(detector, one.examples, show=False) for one in sets}
    return {one.name: evaluate(one.examples, found[one.name]) for one in sets}, found


def columns(scores: dict) -> dict:
    """The numbers of ``history.csv``: AP50 and AP of every set, and the gap where there are both worlds."""
    row = {f"{name}_{key}": metrics[key] for name, metrics in scores.items() for key in ("AP50", "AP")}
    gap = synthetic_gap(scores)
    return row if gap is None else {**row, GAP: gap}


def column_names(names: Sequence[str]) -> list:
    """The keys ``columns`` may give for these sets."""
    both = [GAP] if {SYNTHETIC, REAL} <= set(names) else []
    return [f"{name}_{key}" for name in names for key in ("AP50", "AP")] + both


def synthetic_gap(scores: dict) -> Optional[float]:
    """AP50 on ``synthetic`` minus AP50 on ``real``: what the renders promise and the photographs do not keep."""
    values = [scores.get(name, {}).get("AP50") for name in (SYNTHETIC, REAL)]
    return None if None in values else values[0] - values[1]


def describe(scores: dict) -> str:
    """``synthetic AP50 0.912 AP 0.604, real AP50 0.700 AP 0.351, gap +0.212``."""
    parts = [
        f"{name} AP50 {format_number(metrics['AP50'])} AP {format_number(metrics['AP'])}"
        for name, metrics in scores.items()
    ]
    gap = synthetic_gap(scores)
    return ", ".join(parts if gap is None else [*parts, f"gap {gap:+.3f}"])


def rank(metrics: dict) -> tuple:
    """What is compared: AP50, then AP; no ground truth counts as 0."""
    return metrics["AP50"] or 0.0, metrics["AP"] or 0.0
