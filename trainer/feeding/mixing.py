"""Several sources of images as one stream: which image comes when.

Every beginning of an epoch holds the sources in the asked shares, to within one image, and every image of a
source has come before any comes again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np

from ..errors import TrainerError
from ..examples.example import Example, ExampleSet


@dataclass(frozen=True)
class Source:
    """One DATA of a mix; ``share`` is its part of an epoch's images relative to the other sources' shares."""

    examples: ExampleSet
    share: Optional[float] = None


class Mix:
    """The order in which the images of several sources are seen; a pure function of (seed, epoch).

    Attributes:
        examples: the images of all sources, one source after the other.
        images: how many make an epoch.

    Args:
        sources: with shares, all or none; none: in proportion to their images.
        seed: of the order.
        class_balance: 0: every image of a source comes as often as any other; up to 1: one that holds a class
            which is in few images comes more often, ``(most / few) ** class_balance`` times as often (LVIS's
            repeat factors, arXiv 1908.03195, have 0.5).
        images: of an epoch; default: as many as the sources have together.

    Raises:
        TrainerError: shares for some of the sources only, or none above zero.
    """

    def __init__(
        self, sources: Sequence[Source], seed: int, class_balance: float = 0.0, images: Optional[int] = None
    ) -> None:
        self.examples: tuple = tuple(example for source in sources for example in source.examples.examples)
        self.images = images or len(self.examples)
        self.seed = seed
        counts = [len(source.examples.examples) for source in sources]
        self._firsts = np.cumsum([0, *counts])
        self._shares = _shares(sources, counts)
        self._repeats = [repeats(source.examples.examples, class_balance) for source in sources]

    def order(self, epoch: int) -> np.ndarray:
        """(images,) int64 indices into ``examples``, in the order of ``epoch``, counted from 0."""
        turns = interleaved(self._shares, self.images)
        order = np.empty(self.images, dtype=np.int64)
        for source, first in enumerate(self._firsts[:-1]):
            mine = turns == source
            count = int(mine.sum())
            order[mine] = first + self._stream(source, epoch * count, count)
        return order

    def _stream(self, source: int, begin: int, count: int) -> np.ndarray:
        """``count`` images of a source from the ``begin``-th of all it ever gives, pass after pass over it."""
        drawn = []
        length = self._repeats[source].total
        while count > 0:
            number, position = divmod(begin, length)
            rng = np.random.default_rng([self.seed, source, number])
            part = rng.permutation(self._repeats[source].drawn(rng))[position : position + count]
            drawn.append(part)
            begin, count = begin + len(part), count - len(part)
        return np.concatenate(drawn) if drawn else np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Repeats:
    """How often each image comes in a pass over its source: ``factors`` (N,) at least 1, their sum a whole number."""

    factors: np.ndarray

    @property
    def total(self) -> int:
        """Images of a pass."""
        return round(float(self.factors.sum()))

    def drawn(self, rng: np.random.Generator) -> np.ndarray:
        """(total,) indices: every image its factor rounded down or up, at random, so that the mean is right."""
        ends = np.floor(np.cumsum(self.factors) + rng.random() * (1 - 1e-9))
        ends[-1] = self.total
        return np.repeat(np.arange(len(self.factors)), np.diff(ends, prepend=0).astype(int))


def repeats(examples: Sequence[Example], class_balance: float) -> Repeats:
    """The repeat factors of a source: the largest that a class in the image asks for."""
    present = [np.unique(example.labels[~example.ignore]) for example in examples]
    classes, images_with = np.unique(np.concatenate(present), return_counts=True) if present else ([], [])
    wanted = {int(label): (max(images_with) / few) ** class_balance for label, few in zip(classes, images_with)}
    factors = np.array([max((wanted[int(label)] for label in labels), default=1.0) for labels in present])
    return Repeats(factors * (np.ceil(factors.sum()) / factors.sum()))


def interleaved(shares: np.ndarray, count: int) -> np.ndarray:
    """(count,) which source's turn it is: after every k turns each source had k times its share, give or take one.

    The turn goes to whoever must have it first, of those who may have it: the i-th turn of a source with share s
    may come from turn i / s on and must come by (i + 1) / s (Steiner and Yeomans, 1993).
    """
    if len(shares) == 1:
        return np.zeros(count, dtype=np.int64)
    given = [0] * len(shares)
    turns = np.empty(count, dtype=np.int64)
    places = [(source, share) for source, share in enumerate(shares.tolist()) if share > 0]
    for turn in range(count):
        _, chosen = min(
            ((given[source] + 1) / share, source) for source, share in places if given[source] < share * (turn + 1)
        )
        given[chosen] += 1
        turns[turn] = chosen
    return turns


def _shares(sources: Sequence[Source], counts: Sequence[int]) -> np.ndarray:
    """(sources,) shares that add up to 1."""
    asked = [source.share for source in sources]
    if all(share is None for share in asked):
        asked = list(counts)
    elif None in asked:
        without = sources[asked.index(None)].examples.source
        raise TrainerError(f"{without} has no share; give one to every DATA or to none")
    total = sum(asked)
    if min(asked) < 0 or not total > 0:
        raise TrainerError(f"the shares of the data are {asked}; expected numbers from 0, not all 0")
    return np.array(asked, dtype=np.float64) / total
