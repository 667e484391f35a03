"""The batches of a training: drawn from a mix of data, decoded, augmented, put together ahead of time.

A batch is a function of (seed, epoch, step): the same however many threads or processes prepare it, and the same in
a training that was interrupted and resumed. No backend of Keras is involved.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Optional

import numpy as np

from ..augment import Augmentation
from .cache import plan_cache
from .mixing import Source
from .stream import TrainingStream
from .target_rows import ground_truth_rows, relative_centre_boxes
from .workers import GroundTruths, Processes, Task, Threads, cores, default_workers, explained

AHEAD = 3  # batches in preparation or waiting
STEPS_A_SIZE = 10  # steps with one side of the input, in training at several
_FEWEST_SLOTS = 8
_TASKS_A_JOB = 4  # images handed to a worker at once
MOST_THREADS = 4


class Batches:
    """The training batches of several sources, epoch by epoch; a context manager, because workers stand behind it.

    ``for pixels, answers in batches.epoch(5)`` are the batches of the sixth epoch, whatever came before:

    - ``pixels`` (B, side, side, 3) **uint8** RGB; the network takes 0..1, so divide by 255 on the device. ``side``
      is ``size``, or one of ``sizes``.
    - ``answers["truths"]`` (B, T, 6) float32 rows of ``target_rows.ground_truth_rows``. T is the largest number of
      truths in the batch, rounded up to a power of two from 8: few shapes for a compiler, and no truth is left out.

    The remainder that fills no batch is left out.

    Attributes:
        batch: images a step.

    Args:
        sources, limits, epochs, class_balance, images: see ``stream.TrainingStream``. The examples must have their
            image's size.
        seed: of everything.
        size: side of the input, pixels.
        sizes: sides to change between every ``STEPS_A_SIZE`` steps; none: always ``size``.
        workers: processes; 0: threads; None: whichever suits the machine.
        cache_mb: MiB of memory for decoded images.

    Raises:
        TrainerError: shares that cannot be; copy-paste asked for from data without masks.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        size: int,
        batch: int,
        limits: Augmentation,
        seed: int,
        *,
        epochs: int = 1,
        class_balance: float = 0.0,
        images: Optional[int] = None,
        sizes: Sequence[int] = (),
        workers: Optional[int] = None,
        cache_mb: int = 0,
    ) -> None:
        self.seed = seed
        self._stream = TrainingStream(sources, limits, seed, epochs, class_balance, images)
        self.sizes = tuple(sizes) or (size,)
        # A small set still makes one batch.
        self.batch = min(batch, self._stream.images)
        self._bytes_a_batch = self.batch * max(self.sizes) ** 2 * 3
        workers = default_workers() if workers is None else workers
        kind, count = (Processes, workers) if workers else (Threads, max(2, min(cores(), MOST_THREADS)))
        # Enough in preparation that no worker waits for the last image of a batch.
        self._ahead = max(AHEAD, -(-2 * count * _TASKS_A_JOB // self.batch))
        largest = round(max(self.sizes) * limits.magnification)
        cache = plan_cache(self._stream.examples, largest, cache_mb * 2**20)
        self._workers = kind(count, (self._ahead + 2) * self._bytes_a_batch, cache)

    def __enter__(self) -> Batches:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the workers."""
        self._workers.close()

    def __len__(self) -> int:
        """Steps of an epoch."""
        return self._stream.images // self.batch

    def epoch(self, epoch: int, first_step: int = 0) -> Iterator[tuple]:
        """Yield the batches of ``epoch``, counted from 0, from ``first_step`` on; the next are prepared meanwhile."""
        coming: deque = deque()
        order = self._stream.order(epoch)
        try:
            for step in range(first_step, len(self)):
                coming.append(self._begin(order, epoch, step, step % (self._ahead + 1)))
                if len(coming) > self._ahead:
                    yield self._finish(coming.popleft())
            while coming:
                yield self._finish(coming.popleft())
        finally:
            # Whoever stopped half-way leaves no one writing where the next epoch will.
            for begun in coming:
                for job in begun.jobs:
                    if not job.cancel():
                        job.exception()

    def load(self, epoch: int, step: int) -> tuple:
        """One batch of ``epoch``."""
        return self._finish(self._begin(self._stream.order(epoch), epoch, step, self._ahead + 1))

    def _begin(self, order: np.ndarray, epoch: int, step: int, slot: int) -> _Begun:
        side = self._side(epoch, step)
        place = slot * self._bytes_a_batch
        tasks = [
            self._task(order, epoch, step * self.batch + row, side, place + row * side * side * 3)
            for row in range(self.batch)
        ]
        parts = (tasks[first : first + _TASKS_A_JOB] for first in range(0, len(tasks), _TASKS_A_JOB))
        with explained():
            jobs = [self._workers.submit(part) for part in parts]
        return _Begun(jobs, side, place)

    def _task(self, order: np.ndarray, epoch: int, number: int, side: int, position: int) -> Task:
        """The ``number``-th image of the epoch."""
        stream = self._stream
        composition = stream.composition(order, epoch, number)
        return Task(composition, side, stream.limits(epoch), stream.seed(epoch, number), position)

    def _finish(self, begun: _Begun) -> tuple:
        with explained():
            ground_truths = [one for job in begun.jobs for one in job.result()]
        shape = self.batch, begun.side, begun.side, 3
        # A copy, because backends may go on reading what they are given while the next batch is written here.
        pixels = np.ndarray(shape, np.uint8, buffer=self._workers.memory, offset=begun.place).copy()
        slots = _slots(max(len(one.boxes) for one in ground_truths))
        return pixels, {"truths": np.stack([_rows(one, begun.side, slots) for one in ground_truths])}

    def _side(self, epoch: int, step: int) -> int:
        if len(self.sizes) == 1:
            return self.sizes[0]
        rng = np.random.default_rng([self.seed, epoch, step // STEPS_A_SIZE])
        return int(rng.choice(self.sizes))


@dataclass(frozen=True)
class _Begun:
    """A batch in preparation: the futures of its parts, its side, and where its pixels begin in the memory."""

    jobs: list[Future]
    side: int
    place: int


def _rows(ground_truths: GroundTruths, side: int, slots: int) -> np.ndarray:
    return ground_truth_rows(
        relative_centre_boxes(ground_truths.boxes, side), ground_truths.labels, ground_truths.ignore, slots
    )


def _slots(most: int) -> int:
    """``most`` rounded up to a power of two, at least 8."""
    return max(_FEWEST_SLOTS, 1 << max(0, most - 1).bit_length())
