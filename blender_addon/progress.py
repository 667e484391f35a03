"""Progress of a job: counted once, shown on standard error or in the panel."""

from __future__ import annotations

import sys
import threading
import time
from typing import TextIO

_BAR = 24  # characters
_PLAIN_EVERY_S = 15.0


class ProgressCounter:
    """Counts finished and failed images towards ``total``; may be used by several threads.

    Attributes:
        done: images that are finished or have failed.
        failures: images that have failed.
    """

    def __init__(self, total: int = 0) -> None:
        self.done = self.failures = 0
        self._total, self._start = total, time.monotonic()
        self._lock = threading.Lock()

    @property
    def total(self) -> int:
        """How many images there are; setting it starts the clock."""
        return self._total

    @total.setter
    def total(self, value: int) -> None:
        self._start, self._total = time.monotonic(), value

    def step(self, failed: bool = False) -> None:
        """Count one more image."""
        with self._lock:
            self.done += 1
            self.failures += failed

    def text(self) -> str:
        """How far the job is: images done, rate, time left, failures."""
        text = f"{self.done}/{self.total} images"
        if self.done:
            rate = self.done / max(time.monotonic() - self._start, 1e-6)
            text += f", {rate * 60:.1f} per minute, {_clock((self.total - self.done) / rate)} left"
        return text + (f", {self.failures} failed" if self.failures else "")


class TerminalProgress(ProgressCounter):
    """Shows progress on a stream: a bar on a terminal, a line every few seconds elsewhere."""

    def __init__(self, total: int = 0, stream: TextIO = sys.stderr) -> None:
        super().__init__(total)
        self._stream, self._is_terminal = stream, stream.isatty()
        self._shown = time.monotonic()

    def step(self, failed: bool = False) -> None:
        """Count one more image and show it."""
        super().step(failed)
        now = time.monotonic()
        last = self.done == self.total
        if self._is_terminal or last or now - self._shown >= _PLAIN_EVERY_S:
            self._shown = now
            self._show(last)

    def _show(self, last: bool) -> None:
        text = self.text()
        if self._is_terminal:
            filled = _BAR * self.done // self.total
            text = f"\r[{'#' * filled}{'.' * (_BAR - filled)}] {text}   "
        self._stream.write(text + ("\n" if last or not self._is_terminal else ""))
        self._stream.flush()


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
