"""Workers that prepare the images of a batch: threads of this process, or processes that write into shared memory.

Threads are enough on a few cores, where OpenCV does most of the work, without the interpreter lock. On many cores the
lock would be the limit, and the training step would wait for it too. The images are the same either way: each is a
function of its ``ImageRequest``. Nothing here imports Keras, so that a process starts in a fraction of a second.
"""

from __future__ import annotations

import mmap
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from typing import Any, Optional

import cv2
import numpy as np

from shared_format.cores import usable_cores

from ..augment import Augmentation, Composition, training_view
from ..errors import TrainerError
from ..examples.annotations import BOXES_ONLY, Carried, ViewAnnotations
from ..examples.example import Example
from ..examples.reduced import Decoded
from .cache import DecodedCache

MIN_CORES_FOR_PROCESSES = 5
MAX_WORKERS = 32
Buffer = Any  # any writable buffer of bytes: an array or a memory map, which have no type in common


@dataclass(frozen=True)
class ImageRequest:
    """One training image to prepare: everything it depends on.

    Attributes:
        composition: the images it is composed of.
        size: side of the input, pixels.
        limits: limits of its augmentation.
        seed: integers that seed its randomness.
        position: offset of its (size, size, 3) bytes in the memory.
        carried: which annotations its objects keep.
    """

    composition: Composition
    size: int
    limits: Augmentation
    seed: tuple[int, ...]
    position: int
    carried: Carried = BOXES_ONLY


def prepare(
    requests: Sequence[ImageRequest], memory: Buffer, decode: Callable[[Example], Decoded]
) -> list[ViewAnnotations]:
    """Write the requested images into ``memory``; returns their annotations, in pixels of the input."""
    return [_prepare_one(request, memory, decode) for request in requests]


def _prepare_one(request: ImageRequest, memory: Buffer, decode: Callable[[Example], Decoded]) -> ViewAnnotations:
    rng = np.random.default_rng(request.seed)
    view = training_view(request.composition, request.size, request.limits, rng, decode, request.carried).view
    target = np.ndarray(view.pixels.shape, np.uint8, buffer=memory, offset=request.position)
    target[:] = view.pixels
    return view.annotations


def default_workers() -> int:
    """Number of processes for this machine; 0 where threads are as good."""
    if usable_cores() < MIN_CORES_FOR_PROCESSES or not hasattr(os, "memfd_create"):
        return 0
    return min(usable_cores() - 1, MAX_WORKERS)


@contextmanager
def worker_errors() -> Iterator[None]:
    """Turn a killed process into a TrainerError of one line."""
    try:
        yield
    except BrokenProcessPool as error:
        raise TrainerError("a process that prepares images was killed; out of memory? Try fewer workers") from error


class Threads:
    """Prepares images in threads of this process."""

    def __init__(self, count: int, memory_bytes: int, cache: DecodedCache) -> None:
        self.memory = np.empty(memory_bytes, dtype=np.uint8)
        self._cache = cache.opened(np.zeros(cache.size_bytes, dtype=np.uint8))
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="images")
        cv2.setNumThreads(1)  # the threads divide the images among them, not the work on one image

    def submit(self, requests: list[ImageRequest]) -> Future[list[ViewAnnotations]]:
        """Prepare the images of ``requests``; the result is their annotations."""
        return self._pool.submit(prepare, requests, self.memory, self._cache.decode)

    def close(self) -> None:
        """Cancel what has not started, and wait for the rest."""
        self._pool.shutdown(cancel_futures=True)


class Processes:
    """Prepares images in other processes; they come back through shared memory (Linux).

    Raises:
        TrainerError: a system without shared memory of this kind.
    """

    def __init__(self, count: int, memory_bytes: int, cache: DecodedCache) -> None:
        if not hasattr(os, "memfd_create"):
            raise TrainerError(f"workers is {count}, but processes need Linux here; use workers=0 (threads)")
        # Not shared_memory: that lives in /dev/shm, which a container often keeps at 64 MB, and outlives a kill.
        self._files = [os.memfd_create(name) for name in ("images", "cache")]
        sizes = memory_bytes, max(1, cache.size_bytes)
        for file, size in zip(self._files, sizes):
            os.ftruncate(file, size)
        self.memory = mmap.mmap(self._files[0], sizes[0])
        paths = [f"/proc/{os.getpid()}/fd/{file}" for file in self._files]
        self._pool = ProcessPoolExecutor(count, get_context("spawn"), _start_process, (paths, sizes, cache))

    def submit(self, requests: list[ImageRequest]) -> Future[list[ViewAnnotations]]:
        """Prepare the images of ``requests``; the result is their annotations."""
        return self._pool.submit(_prepare_in_process, requests)

    def close(self) -> None:
        """Cancel what has not started, wait for the rest, and free the memory."""
        self._pool.shutdown(cancel_futures=True)
        for file in self._files:
            os.close(file)
        self._files = []


_memory: Optional[mmap.mmap] = None
_cache: Optional[DecodedCache] = None


def _start_process(paths: Sequence[str], sizes: Sequence[int], cache: DecodedCache) -> None:
    """Once in every process: open the shared memory, leave Ctrl-C to the parent, end when the parent ends."""
    global _memory, _cache
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    maps: list[mmap.mmap] = []
    for path, size in zip(paths, sizes):
        with open(path, "r+b") as file:
            maps.append(mmap.mmap(file.fileno(), size))
    _memory = maps[0]
    _cache = cache.opened(np.frombuffer(maps[1], dtype=np.uint8))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when its parent ends: a killed parent cannot tell its processes to stop."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
    os._exit(1)


def _prepare_in_process(requests: list[ImageRequest]) -> list[ViewAnnotations]:
    if _cache is None:
        raise RuntimeError("this process was not started by Processes")
    return prepare(requests, _memory, _cache.decode)
