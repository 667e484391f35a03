"""What became of the images so far, and whether it is worth going on."""

from __future__ import annotations

import threading

from ..progress import Progress
from .definition import ASKED
from .render_request import Made

_HOPELESS = 5  # images in a row that could not be written: the disk is full, or gone


class Tally:
    """Counts finished images from several threads."""

    def __init__(self, progress: Progress, asked: threading.Event) -> None:
        self._progress, self.asked = progress, asked
        self._lock = threading.Lock()
        self._unwritable = 0
        self.finished = 0
        self.failures: dict = {}
        self._stopped = ""

    def done(self, index: int, made: Made) -> None:
        """Image ``index`` is finished, or has failed."""
        with self._lock:
            self.finished += 1
            self._unwritable = self._unwritable + 1 if made.unwritable else 0
            if made.error:
                self.failures[index] = made.error
            if self._unwritable == _HOPELESS:
                self._stopped = f"{_HOPELESS} images in a row could not be written"
            self._progress.step(failed=bool(made.error))

    @property
    def stopped(self) -> str:
        """Why no further image shall be begun; "" where they shall."""
        return ASKED if self.asked.is_set() else self._stopped
