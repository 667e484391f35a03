"""A worker process with limits: it is replaced when it dies, hangs, grows too large or has rendered enough images."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Optional

from .definition import Job
from .render_request import Action, RenderRequest, RenderResult, RenderSetup
from .verify_files import FileVerifier
from .worker import Worker, WorkerDiedError

ATTEMPTS = 3  # attempts per image


class WorkerLimits(NamedTuple):
    """The limits of ``Job``."""

    time_limit_s: float
    memory_limit_mb: float
    recycle: int

    @classmethod
    def of_job(cls, job: Job) -> WorkerLimits:
        """The limits of the workers of ``job``."""
        return cls(job.time_limit_s, job.memory_limit_mb, job.recycle)


class LimitedWorker:
    """Serves requests in a separate process; used by one thread, ended by any."""

    def __init__(self, setup: RenderSetup, limits: WorkerLimits, keep_open: Sequence[int] = ()) -> None:
        self._setup, self._limits, self._keep_open = setup, limits, keep_open
        self._verifier = FileVerifier(Path(setup.out), setup.config, setup.seed)
        self._worker: Optional[Worker] = None
        self._ended = False
        self._lock = threading.Lock()

    def run(self, request: RenderRequest) -> Optional[RenderResult]:
        """Serve ``request`` in up to ``ATTEMPTS`` attempts and read back what was written; None once ended."""
        result = RenderResult()
        for _ in range(ATTEMPTS):
            worker = self._running_worker()
            if worker is None:
                return None
            result = self._attempt(worker, request)
            failed = result.problem is not None and not result.final
            spent = result.memory_mb > self._limits.memory_limit_mb or worker.served >= self._limits.recycle
            if failed or spent:  # the next attempt gets a new process
                self._discard_worker()
            if not failed:
                return result
        return None if self._ended else result

    def _attempt(self, worker: Worker, request: RenderRequest) -> RenderResult:
        try:
            result = worker.run(request, self._limits.time_limit_s)
        except WorkerDiedError as died:
            return RenderResult(str(died))
        if request.action is Action.RENDER and result.problem is None:
            return replace(result, problem=self._verifier.find_problem(request.index))
        return result

    def end(self) -> None:
        """Give up the current image; from any thread."""
        with self._lock:
            self._ended = True
            if self._worker is not None:
                self._worker.kill()

    def close(self) -> None:
        """Free the process; no thread may be in ``run``."""
        self.end()
        self._discard_worker()

    def _running_worker(self) -> Optional[Worker]:
        with self._lock:
            if self._worker is None and not self._ended:
                self._worker = Worker(self._setup, self._keep_open)
            return None if self._ended else self._worker

    def _discard_worker(self) -> None:
        with self._lock:
            if self._worker is not None:
                self._worker.stop()
            self._worker = None
