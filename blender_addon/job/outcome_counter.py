"""Counts finished and failed images, and decides when continuing is useless."""

from __future__ import annotations

import threading
from typing import Optional

from ..progress import ProgressCounter
from .definition import STOP_REQUESTED
from .render_request import RenderResult

_MOST_UNWRITABLE = 5  # consecutive images that cannot be written: the disk is full or disconnected


class OutcomeCounter:
    """Counts finished images; may be used by several threads.

    Attributes:
        finished: images that were rendered or failed.
        failures: index -> reason.
        stop_requested: set to stop the job.
    """

    def __init__(self, progress: ProgressCounter, stop_requested: threading.Event) -> None:
        self._progress, self.stop_requested = progress, stop_requested
        self._lock = threading.Lock()
        self._unwritable = 0
        self._stop_reason: Optional[str] = None
        self.finished = 0
        self.failures: dict[int, str] = {}

    def count(self, index: int, result: RenderResult) -> None:
        """Count image ``index``, which is finished or has failed."""
        with self._lock:
            self.finished += 1
            self._unwritable = self._unwritable + 1 if result.unwritable else 0
            if result.problem:
                self.failures[index] = result.problem
            if self._unwritable == _MOST_UNWRITABLE:
                self._stop_reason = f"{_MOST_UNWRITABLE} images in a row could not be written"
            self._progress.step(failed=bool(result.problem))

    @property
    def stop_reason(self) -> Optional[str]:
        """Why no further image is started; None if the job continues."""
        return STOP_REQUESTED if self.stop_requested.is_set() else self._stop_reason
