"""A worker process with its limits: replaced when it dies, hangs, holds too much memory or has made its share."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Optional

from .definition import Job
from .render_request import Made
from .verify_files import Wholeness
from .worker import Worker, WorkerDiedError

ATTEMPTS = 3  # at an image, before it has failed


@dataclass(frozen=True)
class Limits:
    """As in ``Job``."""

    time_limit_s: float
    memory_limit_mb: float
    recycle: int


def order_of(job: Job, threads: int) -> dict:
    """What a worker process is told at its start."""
    return {
        "out": str(job.out.absolute()),
        "config": dict(job.config),
        "seed": job.seed,
        "device": job.device,
        "threads": threads,
    }


def limits_of(job: Job) -> Limits:
    """The limits of a job's workers."""
    return Limits(job.time_limit_s, job.memory_limit_mb, job.recycle)


class LimitedWorker:
    """Makes images in a process of its own; used by one thread, ended by any."""

    def __init__(self, order: Mapping[str, Any], limits: Limits, keep_open: Sequence[int] = ()) -> None:
        self._order, self._limits, self._keep_open = order, limits, keep_open
        self._wholeness = Wholeness(order["out"], order["config"], order["seed"])
        self._worker: Optional[Worker] = None
        self._ended = False
        self._changing = threading.Lock()

    def make(self, index: int, again: bool = False) -> Optional[Made]:
        """Make image ``index`` in up to ``ATTEMPTS`` attempts, and read back what was written; None once ended."""
        made = Made()
        for _ in range(ATTEMPTS):
            worker = self._working()
            if worker is None:
                return None
            try:
                made = worker.make(index, again, self._limits.time_limit_s)
            except WorkerDiedError as died:
                made = Made(str(died))
            if not made.error and not again:
                made = replace(made, error=self._wholeness.flaw(index))
            failed = bool(made.error) and not made.final
            grown = made.memory_mb > self._limits.memory_limit_mb or worker.made >= self._limits.recycle
            if failed or grown:  # what failed is tried again in a process of which nothing is left over
                self._discard()
            if not failed:
                return made
        return None if self._ended else made

    def end(self) -> None:
        """Give up the image it is at; from any thread."""
        with self._changing:
            self._ended = True
            if self._worker is not None:
                self._worker.kill()

    def close(self) -> None:
        """Free the process; the thread that makes must be done."""
        self.end()
        self._discard()

    def _working(self) -> Optional[Worker]:
        with self._changing:
            if self._worker is None and not self._ended:
                self._worker = Worker(self._order, self._keep_open)
            return None if self._ended else self._worker

    def _discard(self) -> None:
        with self._changing:
            if self._worker is not None:
                self._worker.stop()
            self._worker = None
