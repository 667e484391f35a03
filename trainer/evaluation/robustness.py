"""Scores on degraded images: darker, blurred, of lower resolution, as a night camera sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Optional

from shared_format.effects import DEGRADATIONS, degrade

from ..detection.detector import Detections, Detector
from ..detection.labelled import detect_examples
from ..errors import TrainerError, unknown_key
from ..examples.example import ExampleSet
from ..metrics.confidence_sweep import confidence_curve
from ..metrics.evaluate import evaluate
from ..metrics.matching import match
from ..metrics.results import Analysed, DegradationCurve, DegradedScore

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
    detector: Detector, examples: ExampleSet, levels: Levels, score: Analysed, lowest: float, show: bool = True
) -> dict[str, DegradationCurve]:
    """Score the detector on the images at every level of each degradation.

    Args:
        score: of the images as they are, the first row of every curve. Recall and precision of all rows are at its
            confidence.
        lowest: detections of a lower confidence do not count, as in ``score``.
    """
    first: DegradedScore = {
        "level": None,
        "AP": score["AP"],
        "AP50": score["AP50"],
        "precision": score["precision"],
        "recall": score["recall"],
        "f1": score["f1"],
        "false_per_picture": score["false_per_picture"],
    }
    curves: dict[str, DegradationCurve] = {}
    for name, several in levels.items():
        rows = [first]
        for level in several:
            change = partial(degrade, name=name, level=level)
            detections = detect_examples(detector, examples, show, lowest, change, f"{name} {level:g}")
            rows.append(_score(examples, detections, level, score["confidence"]))
        curves[name] = {"unit": DEGRADATIONS[name].unit, "usual": DEGRADATIONS[name].level, "levels": rows}
    return curves


def _score(
    examples: ExampleSet, detections: Sequence[Detections], level: float, confidence: Optional[float]
) -> DegradedScore:
    matches = match(examples, detections)
    score = evaluate(examples, detections, matches)
    at = confidence_curve(matches).at(2.0 if confidence is None else confidence)
    return {
        "level": level,
        "AP": score["AP"],
        "AP50": score["AP50"],
        "precision": at["precision"],
        "recall": at["recall"],
        "f1": at["f1"],
        "false_per_picture": at["false_per_picture"],
    }
