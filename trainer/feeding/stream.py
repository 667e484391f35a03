"""Which images each training image is made of, and from which randomness: a function of (seed, epoch, number)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import numpy as np

from ..augment import Augmentation, Composition, can_be_pasted, draw_composition
from ..errors import TrainerError
from ..examples.example import Example
from .mixing import Mix, Source

# Streams of randomness of one training image: what it is made of, and what is done to it.
_COMPOSING, _CHANGING = range(2)


class TrainingStream:
    """The training images of a mix of data, epoch by epoch, as they will be made.

    Attributes:
        images: how many an epoch has.
        examples: the images of all sources.

    Args:
        sources, class_balance, images: see ``mixing.Mix``.
        limits: of the augmentation.
        epochs: of the whole training; the last may be augmented less (``Augmentation.close_last``).

    Raises:
        TrainerError: shares that cannot be; copy-paste asked for from data without masks.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        limits: Augmentation,
        seed: int,
        epochs: int = 1,
        class_balance: float = 0.0,
        images: Optional[int] = None,
    ) -> None:
        self._mix = Mix(sources, seed, class_balance, images)
        self.examples, self.images = self._mix.examples, self._mix.images
        self._donors = _donors(self.examples, limits)
        self._limits, self._seed, self._epochs = limits, seed, epochs

    def order(self, epoch: int) -> np.ndarray:
        """(images,) indices into ``examples``: the first image of each training image of ``epoch``."""
        return self._mix.order(epoch)

    def limits(self, epoch: int) -> Augmentation:
        """How far augmentation may go in ``epoch``."""
        return self._limits.at(epoch, self._epochs)

    def composition(self, order: np.ndarray, epoch: int, number: int) -> Composition:
        """What the ``number``-th training image of ``epoch``, which has this ``order``, is made of."""
        rng = np.random.default_rng([self._seed, epoch, number, _COMPOSING])
        return draw_composition(
            self.examples[order[number]],
            # Another of the same epoch: so the shares of the sources hold for what is mixed in, too.
            partner=lambda: self.examples[order[rng.integers(len(order))]],
            donor=lambda: self._donors[rng.integers(len(self._donors))],
            limits=self.limits(epoch),
            rng=rng,
        )

    def seed(self, epoch: int, number: int) -> tuple:
        """What seeds the augmentation of the ``number``-th training image of ``epoch``."""
        return self._seed, epoch, number, _CHANGING


def _donors(examples: Sequence[Example], limits: Augmentation) -> tuple:
    """The images with somebody who can be pasted into another."""
    if limits.copy_paste == 0:
        return ()
    donors = tuple(example for example in examples if can_be_pasted(example).any())
    if not donors:
        raise TrainerError(
            f"augment.copy_paste is {limits.copy_paste}, but the data has no masks; set it to 0, or train on data with "
            "masks (WardSynth, COCO, YOLO polygons)"
        )
    return donors
