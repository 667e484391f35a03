"""The trainings of a mixed-data curve, in the order in which they run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Optional

from shared_format.record import DEFAULT_BOXES, DEFAULT_CLASSES

from ..errors import TrainerError
from ..formats.class_rules import ClassRules

REGIMES = ("start", "real", "longer", "synthetic", "then", "replay", "together")
START, REAL, LONGER, SYNTHETIC, THEN, REPLAY, TOGETHER = REGIMES
AFTER_SYNTHETIC = (THEN, REPLAY)  # regimes that start from the synthetic model
# The regimes that a user chooses from; scoring the starting weights costs no training.
TRAINED_REGIMES = REGIMES[1:]
REGIME_NAMES = {
    START: "starting weights",
    REAL: "real only",
    LONGER: "real only, trained as long",
    SYNTHETIC: "synthetic only",
    THEN: "synthetic, then real",
    REPLAY: "synthetic, then both",
    TOGETHER: "synthetic and real together",
}
# Options that do not determine a point: a curve can be moved and extended, and resolved settings are stored.
_FREE = ("fractions", "seeds", "regimes", "out", "given")


@dataclass(frozen=True)
class CurveRequest:
    """The data, the trainings and the folder of a curve.

    Attributes:
        synthetic, real, test: DATA as the command line takes them; ``test`` is only scored on.
        validation: as in ``inputs.FitInputs``: chooses the best epoch of every training; without it the last is used.
        out: the folder of the curve.
        fractions: percentages of the real images, ascending.
        seeds: every point is trained once per seed, each time on other real images.
        weights: what every training starts from, or None.
        real_share: the fraction of real images where both kinds are trained on; None: half of them after the synthetic
            training, in proportion to their numbers without one.
        classes, boxes, kind, rules: as in ``inputs.FitInputs``.
        regimes: of ``TRAINED_REGIMES``; ``then`` and ``replay`` start from the model of ``synthetic``, which is added.
        given: the options that the settings come from: preset, config, set, options, pretrain, finetune.
    """

    synthetic: str
    real: str
    test: str
    out: Path
    fractions: tuple[float, ...] = (0.0, 1.0, 10.0, 50.0, 100.0)
    seeds: tuple[int, ...] = (0,)
    validation: tuple[str, ...] = ()
    weights: Optional[str] = None
    real_share: Optional[float] = None
    classes: tuple[str, ...] = DEFAULT_CLASSES
    boxes: str = DEFAULT_BOXES
    kind: Optional[str] = None
    regimes: tuple[str, ...] = TRAINED_REGIMES
    given: dict[str, Any] = field(default_factory=dict)  # as click parses them
    rules: Optional[ClassRules] = None

    def __post_init__(self) -> None:
        fractions, seeds = self.fractions, self.seeds
        if not fractions or not all(0 <= one <= 100 for one in fractions) or max(fractions) == 0:
            raise TrainerError(
                f"--fractions {_joined(fractions)}: expected percentages of the real images, such as 0,1,10,50,100"
            )
        if list(fractions) != sorted(set(fractions)):
            raise TrainerError(f"--fractions {_joined(fractions)}: expected different numbers in ascending order")
        if not seeds or len(set(seeds)) < len(seeds) or min(seeds) < 0:
            raise TrainerError(f"--seeds {_joined(seeds)}: expected different whole numbers, 0 or above")
        unknown = [one for one in self.regimes if one not in TRAINED_REGIMES]
        if unknown or not self.regimes:
            raise TrainerError(f"--regimes {','.join(self.regimes)}: expected some of {', '.join(TRAINED_REGIMES)}")
        if self.real_share is not None and not 0 < self.real_share < 1:
            raise TrainerError(f"--real-share {self.real_share:g}: expected a fraction above 0 and below 1")

    def to_json(self) -> dict[str, Any]:
        """The options that determine each point, as JSON."""
        value = {item.name: getattr(self, item.name) for item in fields(self) if item.name not in _FREE}
        rules = value.pop("rules")
        plain = {name: list(item) if isinstance(item, tuple) else item for name, item in value.items()}
        return plain if rules is None else {**plain, "rules": rules.to_json()}


def _joined(values: Sequence[float]) -> str:
    return ",".join(f"{one:g}" for one in values)


@dataclass(frozen=True)
class Point:
    """One training, or the starting weights.

    Attributes:
        regime: of ``REGIMES``. fraction: percentage of the real images. images: how many real images that is.
    """

    regime: str
    fraction: float
    images: int
    seed: int

    @property
    def name(self) -> str:
        """The name of its run folder: ``together-10-seed0``."""
        fraction = f"-{self.fraction:g}" if self.images else ""
        return f"{self.regime}{fraction}-seed{self.seed}" if self.regime != START else START

    @property
    def after(self) -> Optional[Point]:
        """The point whose model this one starts from, or None."""
        return Point(SYNTHETIC, 0.0, 0, self.seed) if self.regime in AFTER_SYNTHETIC else None


def real_counts(fractions: Sequence[float], real: int) -> dict[float, int]:
    """{fraction: how many of ``real`` images}, at least one; a fraction that adds no image is left out."""
    counts: dict[float, int] = {}
    for fraction in fractions:
        count = max(1, round(fraction / 100 * real)) if fraction else 0
        if count not in counts.values():
            counts[fraction] = count
    return counts


def plan_points(request: CurveRequest, real: int, start: bool) -> list[Point]:
    """The points of the curve over ``real`` images; the synthetic one of each seed first, as others start from it.

    Args:
        start: the starting weights are a detector that can be scored.
    """
    counts = {fraction: count for fraction, count in real_counts(request.fractions, real).items() if count}
    points = [Point(START, 0.0, 0, 0)] if start else []
    for seed in request.seeds:
        if {SYNTHETIC, *AFTER_SYNTHETIC} & set(request.regimes):
            points.append(Point(SYNTHETIC, 0.0, 0, seed))
        with_real = [regime for regime in TRAINED_REGIMES if regime in request.regimes and regime != SYNTHETIC]
        points += [Point(regime, *one, seed) for one in counts.items() for regime in with_real]
    return points
