"""Hands requests to the worker processes of this machine one by one, so that none idles while others have work."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Optional

from ..dataset_format import cores
from ..draw import scene_and_view
from .definition import Job
from .limited_worker import LimitedWorker, WorkerLimits
from .outcome_counter import OutcomeCounter
from .render_request import RenderRequest, RenderSetup

_STOP_CHECK_S = 0.2


def run_on_this_machine(
    job: Job, requests: Sequence[RenderRequest], counter: OutcomeCounter, keep_open: Sequence[int]
) -> None:
    """Serve ``requests``, at least one; returns when all are done or the job stopped.

    Args:
        keep_open: file handles the workers keep open.
    """
    pending = SceneQueue(requests, lambda index: scene_and_view(job.config, index)[0])
    count = min(job.workers, len(requests))
    setup = RenderSetup.of_job(job, threads=max(1, cores.usable_cores() // count))
    workers = [LimitedWorker(setup, WorkerLimits.of_job(job), keep_open) for _ in range(count)]
    with ThreadPoolExecutor(max_workers=count) as pool:
        serving = [pool.submit(_serve_queue, worker, pending, counter) for worker in workers]
        try:
            while not counter.stop_reason and wait(serving, timeout=_STOP_CHECK_S).not_done:
                pass
        finally:  # also after an interrupt
            for worker in workers:
                worker.end()
            wait(serving)
            for worker in workers:
                worker.close()
    for served in serving:
        served.result()


def _serve_queue(worker: LimitedWorker, pending: SceneQueue, counter: OutcomeCounter) -> None:
    request = None
    while not counter.stop_reason:
        request = pending.next_after(request)
        result = worker.run(request) if request else None
        if request is None or result is None:
            return
        counter.count(request.index, result)


class SceneQueue:
    """Requests waiting for a worker; a worker that has a scene's image gets the other views of that scene first.

    Args:
        scene_of: the scene that an image shows, by the image's index.
    """

    def __init__(self, requests: Sequence[RenderRequest], scene_of: Callable[[int], int]) -> None:
        self._scene_of, self._lock = scene_of, threading.Lock()
        self._untouched: dict[int, deque[RenderRequest]] = {}  # scene: its requests, in their order
        self._started: dict[int, deque[RenderRequest]] = {}
        for request in requests:
            self._untouched.setdefault(scene_of(request.index), deque()).append(request)

    def next_after(self, request: Optional[RenderRequest]) -> Optional[RenderRequest]:
        """The next request for a worker whose last one was ``request`` (None at first); None once all are taken."""
        with self._lock:
            scene = None if request is None else self._scene_of(request.index)
            if scene not in self._started:
                if self._untouched:
                    scene = next(iter(self._untouched))
                    self._started[scene] = self._untouched.pop(scene)
                elif self._started:  # rather build a scene twice than leave a worker idle
                    scene = max(self._started, key=lambda scene: len(self._started[scene]))
                else:
                    return None
            views = self._started[scene]
            following = views.popleft()
            if not views:
                del self._started[scene]
            return following
