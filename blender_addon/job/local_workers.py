"""Images handed out one by one to the worker processes of this machine, so that none idles while others have work."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Optional

from ..draw import scene_and_view
from .definition import Job
from .limited_worker import LimitedWorker, limits_of, order_of
from .outcome_counter import Tally

_LOOK_EVERY_S = 0.2  # whether the job shall stop


def make_here(job: Job, indices: Sequence[int], again: bool, tally: Tally, keep_open: Sequence[int]) -> None:
    """Make the images ``indices``, or, ``again``, compare them; returns when all are done or the job was stopped.

    There is at least one; ``keep_open`` are file handles the workers shall keep open.
    """
    waiting = Waiting(indices, lambda index: scene_and_view(job.config, index)[0])
    count = min(job.workers, len(indices))
    order = order_of(job, threads=max(1, cores() // count))
    workers = [LimitedWorker(order, limits_of(job), keep_open) for _ in range(count)]

    def attend(worker: LimitedWorker) -> None:
        index = None
        while not tally.stopped:
            index = waiting.next_after(index)
            if index is None:
                return
            made = worker.make(index, again)
            if made is None:
                return
            tally.done(index, made)

    with ThreadPoolExecutor(max_workers=count) as pool:
        attending = [pool.submit(attend, worker) for worker in workers]
        try:
            while not tally.stopped and wait(attending, timeout=_LOOK_EVERY_S).not_done:
                pass
        finally:  # an interrupt comes through here too
            for worker in workers:
                worker.end()
            wait(attending)
            for worker in workers:
                worker.close()
    for attended in attending:
        attended.result()


class Waiting:
    """Images that nobody has yet; who has an image of a scene gets the other views of it first.

    Args:
        indices: the images. scene_of: the scene that an image shows.
    """

    def __init__(self, indices: Sequence[int], scene_of: Callable[[int], int]) -> None:
        self._scene_of, self._changing = scene_of, threading.Lock()
        self._untouched: dict = {}  # scene: its images, in their order
        self._begun: dict = {}
        for index in indices:
            self._untouched.setdefault(scene_of(index), deque()).append(index)

    def next_after(self, index: Optional[int]) -> Optional[int]:
        """The image for who made ``index`` last, None at first; None once there is no more."""
        with self._changing:
            scene = None if index is None else self._scene_of(index)
            if scene not in self._begun:
                if self._untouched:
                    scene = next(iter(self._untouched))
                    self._begun[scene] = self._untouched.pop(scene)
                elif self._begun:  # nobody idles: a scene is built twice
                    scene = max(self._begun, key=lambda scene: len(self._begun[scene]))
                else:
                    return None
            views = self._begun[scene]
            found = views.popleft()
            if not views:
                del self._begun[scene]
            return found


def cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
