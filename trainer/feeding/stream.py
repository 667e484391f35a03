"""Which images each training image is composed of, and its random seed: a function of (seed, epoch, number)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import numpy as np

from ..augment import Augmentation, Composition, can_be_pasted, draw_composition
from ..errors import TrainerError
from ..examples.example import Example
from .mixing import Mix, Source

# Random streams of one training image: what it is composed of, and its augmentation.
_COMPOSING, _CHANGING = range(2)


class TrainingStream:
    """The training images of a mix of data, epoch by epoch, before they are prepared.

    Attributes:
        images: number of images per epoch: those that fill whole batches. The next epoch continues with the rest.
        batch: number of images per batch; a set that is smaller makes one batch.
        examples: the images of all sources.

    Args:
        sources, class_balance: see ``mixing.Mix``.
        limits: limits of the augmentation.
        epochs: epochs of the whole training; the last may be augmented less (``Augmentation.close_last``).
        images: length of an epoch; default: the number of images of all sources.
        batch: images per batch.
        first_epoch: the epoch, counted from 0, before which ``images_before`` images of the mix were shown.

    Raises:
        TrainerError: impossible weights of the sources; copy-paste from data without masks.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        limits: Augmentation,
        seed: int,
        epochs: int = 1,
        class_balance: float = 0.0,
        images: Optional[int] = None,
        *,
        batch: int = 1,
        first_epoch: int = 0,
        images_before: int = 0,
    ) -> None:
        self._mix = Mix(sources, seed, class_balance)
        self.examples = self._mix.examples
        length = images or len(self.examples)
        self.batch, self.images = min(batch, length), in_whole_batches(length, batch)
        self._first_epoch, self._images_before = first_epoch, images_before
        self._donors = _donors(self.examples, limits)
        self._limits, self._seed, self._epochs = limits, seed, epochs

    def order(self, epoch: int) -> np.ndarray:
        """(images,) indices into ``examples``: the first image of each training image of ``epoch``."""
        begin = self._images_before + (epoch - self._first_epoch) * self.images
        return self._mix.order(begin, self.images)

    def limits(self, epoch: int) -> Augmentation:
        """The limits of augmentation in ``epoch``."""
        return self._limits.at(epoch, self._epochs)

    def composition(self, order: np.ndarray, epoch: int, number: int) -> Composition:
        """The images that compose the ``number``-th training image of ``epoch``, which has this ``order``."""
        rng = np.random.default_rng([self._seed, epoch, number, _COMPOSING])
        return draw_composition(
            self.examples[order[number]],
            # Another image of the same epoch: the weights of the sources hold for what is mixed in, too.
            partner=lambda: self.examples[order[rng.integers(len(order))]],
            donor=lambda: self._donors[rng.integers(len(self._donors))],
            limits=self.limits(epoch),
            rng=rng,
        )

    def seed(self, epoch: int, number: int) -> tuple[int, ...]:
        """The seed of the augmentation of the ``number``-th training image of ``epoch``."""
        return self._seed, epoch, number, _CHANGING


def in_whole_batches(images: int, batch: int) -> int:
    """Number of ``images`` that fill whole batches; fewer images than a ``batch`` make one batch."""
    batch = min(batch, images)
    return images // batch * batch


def _donors(examples: Sequence[Example], limits: Augmentation) -> tuple[Example, ...]:
    """The images with an object that can be pasted into another image."""
    if limits.copy_paste == 0:
        return ()
    donors = tuple(example for example in examples if can_be_pasted(example).any())
    if not donors:
        raise TrainerError(
            f"augment.copy_paste is {limits.copy_paste}, but the data has no masks; set it to 0, or train on data with "
            "masks (WardSynth, COCO, YOLO polygons)"
        )
    return donors
