"""The trainings of a mixed-data curve, in the order in which they are run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Optional

from shared_format.record import DEFAULT_BOXES, DEFAULT_CLASSES

from ..errors import TrainerError

ARMS = ("start", "real", "longer", "synthetic", "then", "replay", "together")
START, REAL, LONGER, SYNTHETIC, THEN, REPLAY, TOGETHER = ARMS
AFTER_SYNTHETIC = (THEN, REPLAY)  # these go on from the synthetic model
# What can be left out: the starting weights cost nothing.
TRAINED_ARMS = ARMS[1:]
ARM_NAMES = {
    START: "starting weights",
    REAL: "real only",
    LONGER: "real only, trained as long",
    SYNTHETIC: "synthetic only",
    THEN: "synthetic, then real",
    REPLAY: "synthetic, then both",
    TOGETHER: "synthetic and real together",
}
# What does not determine a point: a curve can be moved and added to, and the settings are stored as resolved.
_FREE = ("fractions", "seeds", "arms", "out", "given")


@dataclass(frozen=True)
class CurveRequest:
    """What the curve is of.

    Attributes:
        synthetic, real, test: DATA as the command line takes them; ``test`` decides nothing and is scored last.
        validation: as of ``inputs.FitInputs``: chooses the best epoch of every training; none: its last.
        out: the folder of the curve.
        fractions: per cent of the real images, ascending.
        seeds: each trains every point anew, on other real images.
        weights: what every training starts from, or None.
        real_share: the part of the images shown that is real where both are trained on; None: half of them after the
            synthetic training, by number without one.
        classes, boxes, kind: as of ``inputs.FitInputs``.
        arms: of ``TRAINED_ARMS``; ``then`` and ``replay`` bring ``synthetic``, from whose model they go on.
        given: the words of the user for settings: preset, config, set, options, pretrain, finetune.
    """

    synthetic: str
    real: str
    test: str
    out: Path
    fractions: tuple = (0.0, 1.0, 10.0, 50.0, 100.0)
    seeds: tuple = (0,)
    validation: tuple = ()
    weights: Optional[str] = None
    real_share: Optional[float] = None
    classes: tuple = DEFAULT_CLASSES
    boxes: str = DEFAULT_BOXES
    kind: Optional[str] = None
    arms: tuple = TRAINED_ARMS
    given: dict = field(default_factory=dict)

    def __post_init__(self) -> None:
        fractions, seeds = self.fractions, self.seeds
        if not fractions or not all(0 <= one <= 100 for one in fractions) or max(fractions) == 0:
            said = ",".join(f"{one:g}" for one in fractions)
            raise TrainerError(f"--fractions {said}: expected per cent of the real images, such as 0,1,10,50,100")
        if list(fractions) != sorted(set(fractions)):
            raise TrainerError("--fractions: expected in ascending order, none twice")
        if not seeds or len(set(seeds)) < len(seeds) or min(seeds) < 0:
            raise TrainerError(f"--seeds {','.join(map(str, seeds))}: expected different whole numbers from 0 on")
        unknown = [one for one in self.arms if one not in TRAINED_ARMS]
        if unknown or not self.arms:
            raise TrainerError(f"--arms {','.join(self.arms)}: expected some of {', '.join(TRAINED_ARMS)}")
        if self.real_share is not None and not 0 < self.real_share < 1:
            raise TrainerError(f"--real-share {self.real_share:g}: expected above 0 and below 1")

    def to_json(self) -> dict:
        """A JSON-able dict of what determines each point."""
        value = {item.name: getattr(self, item.name) for item in fields(self) if item.name not in _FREE}
        return {name: list(item) if isinstance(item, tuple) else item for name, item in value.items()}


@dataclass(frozen=True)
class Point:
    """One training, or the starting weights.

    Attributes:
        arm: of ``ARMS``. fraction: per cent of the real images. images: how many real ones that is.
    """

    arm: str
    fraction: float
    images: int
    seed: int

    @property
    def name(self) -> str:
        """The name of its run folder: ``together-10-seed0``."""
        share = f"-{self.fraction:g}" if self.images else ""
        return f"{self.arm}{share}-seed{self.seed}" if self.arm != START else START

    @property
    def after(self) -> Optional[Point]:
        """The point whose model this one starts from, or None."""
        return Point(SYNTHETIC, 0.0, 0, self.seed) if self.arm in AFTER_SYNTHETIC else None


def real_counts(fractions: Sequence[float], real: int) -> dict:
    """{fraction: how many of ``real`` images}, at least one; a fraction that adds no image is left out."""
    counts: dict = {}
    for fraction in fractions:
        count = max(1, round(fraction / 100 * real)) if fraction else 0
        if count not in counts.values():
            counts[fraction] = count
    return counts


def plan_points(request: CurveRequest, real: int, start: bool) -> list:
    """The ``Point``s of the curve over ``real`` images; for each seed the synthetic one first, which others need.

    Args:
        start: the starting weights are a detector that can be scored.
    """
    counts = {fraction: count for fraction, count in real_counts(request.fractions, real).items() if count}
    points = [Point(START, 0.0, 0, 0)] if start else []
    for seed in request.seeds:
        if {SYNTHETIC, *AFTER_SYNTHETIC} & set(request.arms):
            points.append(Point(SYNTHETIC, 0.0, 0, seed))
        with_real = [arm for arm in TRAINED_ARMS if arm in request.arms and arm != SYNTHETIC]
        points += [Point(arm, *one, seed) for one in counts.items() for arm in with_real]
    return points
