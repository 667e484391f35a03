"""How the score falls as the images get worse: darker, blurred, smaller."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from shared_format.effects import DEGRADATIONS, degrade

from ..detection.detector import Detector
from ..detection.labelled import detect_examples
from ..errors import TrainerError, unknown_key
from ..examples.example import ExampleSet
from ..metrics.confidence_sweep import confidence_curve
from ..metrics.evaluate import evaluate
from ..metrics.matching import match

_MEASURED = ("AP", "AP50", "precision", "recall", "f1", "false_per_picture")


def parse_degradations(text: str) -> dict:
    """``dark,blur=10,blur=20`` -> {"dark": its whole ladder, "blur": (10.0, 20.0)}.

    Raises:
        TrainerError: an unknown degradation, or a level that is no number or outside its limits.
    """
    asked: dict = {}
    for word in text.split(","):
        name, equals, level = word.strip().partition("=")
        if name not in DEGRADATIONS:
            raise TrainerError(f"--degrade: {unknown_key('degradation', name, tuple(DEGRADATIONS))}")
        levels = (_level(name, level),) if equals else DEGRADATIONS[name].ladder
        asked[name] = (*asked.get(name, ()), *levels)
    return {name: tuple(dict.fromkeys(levels)) for name, levels in asked.items()}


def _level(name: str, text: str) -> float:
    way = DEGRADATIONS[name]
    low, high = way.limits
    try:
        level = float(text)
    except ValueError:
        level = float("nan")
    if not low <= level <= high:
        raise TrainerError(f"--degrade: {name}={text}; expected {low} to {high}, the {way.unit}")
    return level


def robustness(
    detector: Detector, examples: ExampleSet, asked: dict, metrics: dict, lowest: float, show: bool = True
) -> dict:
    """Score the detector on the images at every level of each degradation.

    Args:
        asked: as ``parse_degradations`` gives it.
        metrics: of the images as they are: the first row of every curve; recall and precision everywhere are at
            their confidence.
        lowest: the confidence from which detections count, as it was for ``metrics``.

    Returns:
        {degradation: ``unit``, ``usual`` (the predecessor's level), ``levels``: rows of ``level`` (None: as they
        are), ``AP, AP50, precision, recall, f1, false_per_picture``}.
    """
    curves = {}
    for name, levels in asked.items():
        way = DEGRADATIONS[name]
        rows = [{"level": None, **{key: metrics[key] for key in _MEASURED}}]
        for level in levels:
            found = detect_examples(
                detector, examples, show, lowest, partial(degrade, name=name, level=level), f"{name} {level:g}"
            )
            rows.append({"level": level, **_score(examples, found, metrics["confidence"])})
        curves[name] = {"unit": way.unit, "usual": way.level, "levels": rows}
    return curves


def _score(examples: ExampleSet, found: Sequence, confidence: float | None) -> dict:
    matches = match(examples, found)
    metrics = evaluate(examples, found, matches)
    at = confidence_curve(matches).at(2.0 if confidence is None else confidence)
    return {name: metrics[name] if name in ("AP", "AP50") else at[name] for name in _MEASURED}
