"""Who prepares the images of a batch: threads of this process, or processes that write into memory shared with it.

Threads are enough while OpenCV, which needs no interpreter lock, does most of the work: on a few cores. On many, the
lock would be the limit, and the training step would wait for it too. Neither changes a number: an image is a
function of its ``Task``. Nothing here imports Keras, so that a process starts in a fraction of a second.
"""

from __future__ import annotations

import mmap
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from typing import Any, Optional

import cv2
import numpy as np

from ..augment import Augmentation, Composition, training_view
from ..errors import TrainerError
from .cache import DecodedCache

THREADS_FROM_HERE_TOO_MANY = 5  # cores: from so many on, processes
MOST_WORKERS = 32


@dataclass(frozen=True)
class Task:
    """One training image: everything it depends on.

    Attributes:
        composition: the images it is made of.
        size: side of the input, pixels.
        limits: of its augmentation.
        seed: integers that seed its randomness.
        position: where its (size, size, 3) bytes go, from the beginning of the memory.
    """

    composition: Composition
    size: int
    limits: Augmentation
    seed: tuple
    position: int


@dataclass(frozen=True)
class GroundTruths:
    """What is in a finished image: (N, 4) ``[x1, y1, x2, y2]`` in input pixels, (N,) labels, (N,) bool ignore."""

    boxes: np.ndarray
    labels: np.ndarray
    ignore: np.ndarray


def prepare(tasks: list, memory: Any, decode: Callable) -> list:
    """Write the images of ``tasks`` into ``memory`` (a writable buffer of bytes); returns their ``Truths``."""
    return [_prepare_one(task, memory, decode) for task in tasks]


def _prepare_one(task: Task, memory: Any, decode: Callable) -> GroundTruths:
    rng = np.random.default_rng(task.seed)
    view, _ = training_view(task.composition, task.size, task.limits, rng, decode)
    target = np.ndarray(view.pixels.shape, np.uint8, buffer=memory, offset=task.position)
    target[:] = view.pixels
    return GroundTruths(view.boxes, view.labels, view.ignore)


def cores() -> int:
    """Processors that this program may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def default_workers() -> int:
    """Processes for this machine; 0 where threads are as good."""
    if cores() < THREADS_FROM_HERE_TOO_MANY or not hasattr(os, "memfd_create"):
        return 0
    return min(cores() - 1, MOST_WORKERS)


@contextmanager
def explained() -> Iterator[None]:
    """Says in one line that a process was killed."""
    try:
        yield
    except BrokenProcessPool as error:
        raise TrainerError("a process that prepares images was killed; out of memory? Try fewer workers") from error


class Threads:
    """Prepares images in threads of this process."""

    def __init__(self, count: int, memory_bytes: int, cache: DecodedCache) -> None:
        self.memory = np.empty(memory_bytes, dtype=np.uint8)
        self._cache = cache.opened(np.zeros(cache.size_bytes, dtype=np.uint8))
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="pictures")
        cv2.setNumThreads(1)  # the images are what is divided, not the work on one

    def submit(self, tasks: list) -> Future:
        """Have ``tasks`` prepared; the result is a list of ``Truths``."""
        return self._pool.submit(prepare, tasks, self.memory, self._cache.decode)

    def close(self) -> None:
        """Let go of what has not begun, and wait for what has."""
        self._pool.shutdown(cancel_futures=True)


class Processes:
    """Prepares images in processes of their own; the images come back through shared memory (Linux).

    Raises:
        TrainerError: a system without it.
    """

    def __init__(self, count: int, memory_bytes: int, cache: DecodedCache) -> None:
        if not hasattr(os, "memfd_create"):
            raise TrainerError(f"workers is {count}, but processes need Linux here; use workers=0, threads")
        # Not shared_memory: that lives in /dev/shm, which a container often keeps at 64 MB, and outlives a kill.
        self._files = [os.memfd_create(name) for name in ("pictures", "cache")]
        sizes = memory_bytes, max(1, cache.size_bytes)
        for file, size in zip(self._files, sizes):
            os.ftruncate(file, size)
        self.memory = mmap.mmap(self._files[0], sizes[0])
        paths = [f"/proc/{os.getpid()}/fd/{file}" for file in self._files]
        self._pool = ProcessPoolExecutor(count, get_context("spawn"), _begin, (paths, sizes, cache))

    def submit(self, tasks: list) -> Future:
        """Have ``tasks`` prepared; the result is a list of ``Truths``."""
        return self._pool.submit(_prepare_in_process, tasks)

    def close(self) -> None:
        """Let go of what has not begun, wait for what has, and free the memory."""
        self._pool.shutdown(cancel_futures=True)
        for file in self._files:
            os.close(file)
        self._files = []


_memory: Optional[mmap.mmap] = None
_cache: Optional[DecodedCache] = None


def _begin(paths: list, sizes: tuple, cache: DecodedCache) -> None:
    """Once in every process: open the shared memory, leave Ctrl-C to the parent, end when it ends."""
    global _memory, _cache
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    maps = []
    for path, size in zip(paths, sizes):
        with open(path, "r+b") as file:
            maps.append(mmap.mmap(file.fileno(), size))
    _memory = maps[0]
    _cache = cache.opened(np.frombuffer(maps[1], dtype=np.uint8))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A killed parent cannot tell its processes to go; they would wait for work for ever."""
    connection.wait([parent_process().sentinel])
    os._exit(1)


def _prepare_in_process(tasks: list) -> list:
    return prepare(tasks, _memory, _cache.decode)
