"""Several sources of images as one endless stream: the order of the images.

Every beginning of the stream holds the sources in proportion to their weights, to within one image, and every image
of a source is shown before any is shown again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Optional

import numpy as np
from numpy.typing import NDArray

from ..errors import TrainerError
from ..examples.example import Example, ExampleSet

# Weights with more digits than this pattern can express are rounded.
LONGEST_PATTERN = 1_000_000


@dataclass(frozen=True)
class Source:
    """One DATA of a mix; ``weight`` is its fraction of the images shown, relative to the other sources' weights."""

    examples: ExampleSet
    weight: Optional[float] = None


class Mix:
    """The order in which the images of several sources are shown; a pure function of the seed.

    Attributes:
        examples: the images of all sources, one source after the other.

    Args:
        sources: with weights, all or none; none: in proportion to their numbers of images.
        seed: random seed of the order.
        class_balance: 0: all images of a source are shown equally often; up to 1: an image that holds a class which
            is in few images is shown ``(most / few) ** class_balance`` times as often (0.5 in LVIS's repeat factors,
            arXiv 1908.03195).

    Raises:
        TrainerError: weights for some of the sources only, or none above zero.
    """

    def __init__(self, sources: Sequence[Source], seed: int, class_balance: float = 0.0) -> None:
        self.examples: tuple[Example, ...] = tuple(
            example for source in sources for example in source.examples.examples
        )
        self.seed = seed
        self._firsts = np.cumsum([0, *(len(source.examples.examples) for source in sources)])
        self._pattern = interleaved(_turns_per_pattern(sources))
        self._repeats = [repeats(source.examples.examples, class_balance) for source in sources]

    def order(self, begin: int, count: int) -> NDArray[np.int64]:
        """(count,) indices into ``examples``, from the ``begin``-th image of the stream on."""
        turns = self._pattern[np.arange(begin, begin + count) % len(self._pattern)]
        patterns, rest = divmod(begin, len(self._pattern))
        order = np.empty(count, dtype=np.int64)
        for source, first in enumerate(self._firsts[:-1]):
            mine = turns == source
            before = patterns * (self._pattern == source).sum() + (self._pattern[:rest] == source).sum()
            order[mine] = first + self._images(source, int(before), int(mine.sum()))
        return order

    def _images(self, source: int, begin: int, count: int) -> NDArray[np.int64]:
        """``count`` images of a source from the ``begin``-th it ever gives, pass after pass over it."""
        passes: list[NDArray[np.int64]] = []
        length = self._repeats[source].total
        while count > 0:
            number, position = divmod(begin, length)
            rng = np.random.default_rng([self.seed, source, number])
            part = rng.permutation(self._repeats[source].sample(rng))[position : position + count]
            passes.append(part)
            begin, count = begin + len(part), count - len(part)
        return np.concatenate(passes) if passes else np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Repeats:
    """How often each image is shown in a pass over its source: ``factors`` (N,) at least 1, their sum an integer."""

    factors: NDArray[np.float64]

    @property
    def total(self) -> int:
        """Number of images shown in a pass."""
        return round(float(self.factors.sum()))

    def sample(self, rng: np.random.Generator) -> NDArray[np.int64]:
        """(total,) indices: each image its factor rounded down or up, at random, so that the mean is right."""
        ends = np.floor(np.cumsum(self.factors) + rng.random() * (1 - 1e-9))
        ends[-1] = self.total
        return np.repeat(np.arange(len(self.factors)), np.diff(ends, prepend=0).astype(int))


def repeats(examples: Sequence[Example], class_balance: float) -> Repeats:
    """The repeat factors of a source: for each image the largest factor of a class in it."""
    present = [np.unique(example.annotations.labels[~example.annotations.ignore]) for example in examples]
    none = np.zeros(0, dtype=np.int64)
    classes, images_with = np.unique(np.concatenate([none, *present]), return_counts=True)
    factor = {int(label): (max(images_with) / few) ** class_balance for label, few in zip(classes, images_with)}
    factors = np.array([max((factor[int(label)] for label in labels), default=1.0) for labels in present])
    return Repeats(factors * (np.ceil(factors.sum()) / factors.sum()))


def interleaved(counts: Sequence[int]) -> NDArray[np.int64]:
    """(sum of ``counts``,) the index of the source at each turn, ``counts[i]`` times source i, evenly spread.

    After every k turns each source had k times its fraction, to within one. Of the sources that may have the turn it
    goes to the one that must have it first: the i-th turn of a source with fraction f may come from turn i / f on and
    must come by turn (i + 1) / f (Steiner and Yeomans, 1993).
    """
    total = sum(counts)
    given = [0] * len(counts)
    turns = np.empty(total, dtype=np.int64)
    present = [(source, count) for source, count in enumerate(counts) if count > 0]
    for turn in range(total):
        _, chosen = min(
            ((given[source] + 1) / count, source)
            for source, count in present
            if given[source] * total < count * (turn + 1)
        )
        given[chosen] += 1
        turns[turn] = chosen
    return turns


def _turns_per_pattern(sources: Sequence[Source]) -> list[int]:
    """How often each source has its turn before the order of the sources repeats."""
    weights = [source.weight for source in sources]
    if all(weight is None for weight in weights):
        return _smallest([Fraction(len(source.examples.examples)) for source in sources])
    known = [weight for weight in weights if weight is not None]
    if len(known) < len(weights):
        without = sources[weights.index(None)].examples.source
        raise TrainerError(f"{without} has no weight; give one to every DATA (DATA@WEIGHT) or to none")
    if min(known) < 0 or not sum(known) > 0:
        raise TrainerError(f"the weights of the data are {known}; expected numbers from 0, not all 0")
    turns = _smallest([Fraction(repr(weight)) for weight in known])
    if sum(turns) <= LONGEST_PATTERN:
        return turns
    return _smallest([Fraction(round(LONGEST_PATTERN * weight / sum(known)) or bool(weight)) for weight in known])


def _smallest(weights: Sequence[Fraction]) -> list[int]:
    """The smallest whole numbers in the proportions of ``weights``."""
    whole = math.lcm(*(weight.denominator for weight in weights))
    turns = [int(weight * whole) for weight in weights]
    return [turn // math.gcd(*turns) for turn in turns]
