"""Progress on standard error: a bar that is drawn over on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_BAR = 24  # characters
_PLAIN_EVERY_S = 15.0


class Progress:
    """Counts pictures towards ``total``, which may be set later, and shows rate, time left and failures."""

    def __init__(self, total: int = 0, stream: TextIO = sys.stderr) -> None:
        self.total, self._stream = total, stream
        self._done = self._failed = 0
        self._start = self._shown = time.monotonic()
        self._terminal = stream.isatty()

    def step(self, failed: bool = False) -> None:
        """One picture more is finished, or has failed."""
        self._done += 1
        self._failed += failed
        now = time.monotonic()
        last = self._done == self.total
        if self._terminal or last or now - self._shown >= _PLAIN_EVERY_S:
            self._shown = now
            self._show(now, last)

    def _show(self, now: float, last: bool) -> None:
        rate = self._done / max(now - self._start, 1e-6)
        left = (self.total - self._done) / rate
        text = f"{self._done}/{self.total} pictures, {rate * 60:.1f} a minute, {_clock(left)} left"
        if self._failed:
            text += f", {self._failed} failed"
        if self._terminal:
            filled = _BAR * self._done // self.total
            text = f"\r[{'#' * filled}{'.' * (_BAR - filled)}] {text}   "
        self._stream.write(text + ("\n" if last or not self._terminal else ""))
        self._stream.flush()


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
