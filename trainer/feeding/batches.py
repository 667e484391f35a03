"""The batches of a training: chosen from a mix of data, decoded, augmented, prepared ahead of time.

A batch is a function of (seed, epoch, step): the same however many threads or processes prepare it, and the same in
a training that was interrupted and resumed. No backend of Keras is involved.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import NamedTuple, Optional

import numpy as np
from numpy.typing import NDArray

from shared_format.cores import usable_cores

from ..augment import Augmentation
from ..examples.annotations import BOXES_ONLY, Carried, ViewAnnotations
from .cache import plan_cache
from .mixing import Source
from .stream import TrainingStream
from .target_rows import BatchTargets, box_targets
from .workers import ImageRequest, Processes, Threads, default_workers, worker_errors

AHEAD = 3  # batches in preparation or waiting
STEPS_PER_SIZE = 10  # steps with the same side of the input, where the sides vary
_IMAGES_PER_JOB = 4  # images handed to a worker at once
MAX_THREADS = 4


MakeTargets = Callable[[Sequence[ViewAnnotations], int], BatchTargets]


class Batch(NamedTuple):
    """A training batch: ``pixels`` (B, side, side, 3) uint8 RGB, and what is to be learned of it."""

    pixels: NDArray[np.uint8]
    targets: BatchTargets


class Batches:
    """The training batches of several sources, epoch by epoch; a context manager, because it starts workers.

    ``for pixels, targets in batches.epoch(5)`` are the batches of the sixth epoch, whatever came before:

    - ``pixels`` (B, side, side, 3) **uint8** RGB; the network takes 0..1, so divide by 255 on the device. ``side``
      is ``size``, or one of ``sizes``.
    - ``targets`` is what ``make_targets`` makes of the images' annotations.

    The remainder that fills no batch is shown at the beginning of the next epoch.

    Attributes:
        batch: images per step.

    Args:
        sources, limits, epochs, class_balance, images, first_epoch, images_before: see ``stream.TrainingStream``.
            The examples must have their image's size.
        seed: of everything.
        size: side of the input, pixels.
        sizes: sides to choose from every ``STEPS_PER_SIZE`` steps; none: always ``size``.
        workers: number of processes; 0: threads; None: chosen by the number of cores.
        cache_mb: MiB of memory for decoded images.
        make_targets: makes the targets of a batch; default: its boxes.
        carried: which annotations it needs.

    Raises:
        TrainerError: impossible weights of the sources; copy-paste from data without masks.
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
        first_epoch: int = 0,
        images_before: int = 0,
        sizes: Sequence[int] = (),
        workers: Optional[int] = None,
        cache_mb: int = 0,
        make_targets: MakeTargets = box_targets,
        carried: Carried = BOXES_ONLY,
    ) -> None:
        self.seed = seed
        self._make_targets, self._carried = make_targets, carried
        self._stream = TrainingStream(
            sources,
            limits,
            seed,
            epochs,
            class_balance,
            images,
            batch=batch,
            first_epoch=first_epoch,
            images_before=images_before,
        )
        self.sizes = tuple(sizes) or (size,)
        self.batch = self._stream.batch
        self._bytes_per_batch = self.batch * max(self.sizes) ** 2 * 3
        workers = default_workers() if workers is None else workers
        kind, count = (Processes, workers) if workers else (Threads, max(2, min(usable_cores(), MAX_THREADS)))
        # Enough in preparation that no worker waits for the last image of a batch.
        self._ahead = max(AHEAD, -(-2 * count * _IMAGES_PER_JOB // self.batch))
        largest = round(max(self.sizes) * limits.magnification)
        cache = plan_cache(self._stream.examples, largest, cache_mb * 2**20)
        self._workers = kind(count, (self._ahead + 2) * self._bytes_per_batch, cache)

    def __enter__(self) -> Batches:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the workers."""
        self._workers.close()

    def __len__(self) -> int:
        """Number of steps in an epoch."""
        return self._stream.images // self.batch

    def epoch(self, epoch: int, first_step: int = 0) -> Iterator[Batch]:
        """Yield the batches of ``epoch``, counted from 0, from ``first_step`` on; the next are prepared meanwhile."""
        coming: deque[_PendingBatch] = deque()
        order = self._stream.order(epoch)
        try:
            for step in range(first_step, len(self)):
                coming.append(self._begin(order, epoch, step, step % (self._ahead + 1)))
                if len(coming) > self._ahead:
                    yield self._finish(coming.popleft())
            while coming:
                yield self._finish(coming.popleft())
        finally:
            # After a stop half-way no worker may still be writing where the next epoch will write.
            for pending in coming:
                for job in pending.jobs:
                    if not job.cancel():
                        job.exception()

    def load(self, epoch: int, step: int) -> Batch:
        """One batch of ``epoch``."""
        return self._finish(self._begin(self._stream.order(epoch), epoch, step, self._ahead + 1))

    def _begin(self, order: np.ndarray, epoch: int, step: int, slot: int) -> _PendingBatch:
        side = self._side(epoch, step)
        offset = slot * self._bytes_per_batch
        requests = [
            self._request(order, epoch, step * self.batch + row, side, offset + row * side * side * 3)
            for row in range(self.batch)
        ]
        parts = (requests[first : first + _IMAGES_PER_JOB] for first in range(0, len(requests), _IMAGES_PER_JOB))
        with worker_errors():
            jobs = [self._workers.submit(part) for part in parts]
        return _PendingBatch(jobs, side, offset)

    def _request(self, order: np.ndarray, epoch: int, number: int, side: int, position: int) -> ImageRequest:
        """The ``number``-th image of the epoch."""
        stream = self._stream
        composition = stream.composition(order, epoch, number)
        seed = stream.seed(epoch, number)
        return ImageRequest(composition, side, stream.limits(epoch), seed, position, self._carried)

    def _finish(self, pending: _PendingBatch) -> Batch:
        with worker_errors():
            images = [image for job in pending.jobs for image in job.result()]
        shape = self.batch, pending.side, pending.side, 3
        # A copy, because a backend may still read the batch it was given while the next one is written here.
        pixels = np.ndarray(shape, np.uint8, buffer=self._workers.memory, offset=pending.offset).copy()
        return Batch(pixels, self._make_targets(images, pending.side))

    def _side(self, epoch: int, step: int) -> int:
        if len(self.sizes) == 1:
            return self.sizes[0]
        rng = np.random.default_rng([self.seed, epoch, step // STEPS_PER_SIZE])
        return int(rng.choice(self.sizes))


@dataclass(frozen=True)
class _PendingBatch:
    """A batch in preparation: the futures of its parts, its side, and the offset of its pixels in the memory."""

    jobs: list[Future[list[ViewAnnotations]]]
    side: int
    offset: int
