"""Progress on standard error: a bar that is drawn over on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_BAR = 24  # characters
_PLAIN_EVERY_S = 15.0


class Progress:
    """Counts images towards ``total``, which may be set later, and shows rate, time left and failures."""

    def __init__(self, total: int = 0, stream: TextIO = sys.stderr) -> None:
        self.total, self._stream = total, stream
        self._done = self._failed = 0
        self._start = self._shown = time.monotonic()
        self._terminal = stream.isatty()

    def step(self, failed: bool = False) -> None:
        """One image more is finished, or has failed."""
        self._done += 1
        self._failed += failed
        now = time.monotonic()
        last = self._done == self.total
        if self._terminal or last or now - self._shown >= _PLAIN_EVERY_S:
            self._shown = now
            self._show(now, last)

    def _show(self, now: float, last: bool) -> None:
        text = progress_text(self._done, self.total, now - self._start, self._failed)
        if self._terminal:
            filled = _BAR * self._done // self.total
            text = f"\r[{'#' * filled}{'.' * (_BAR - filled)}] {text}   "
        self._stream.write(text + ("\n" if last or not self._terminal else ""))
        self._stream.flush()


def progress_text(done: int, total: int, seconds: float, failed: int) -> str:
    """How far a job is after ``seconds``: done, rate, time left, failures; ``done`` counts the failed too."""
    text = f"{done}/{total} images"
    if done:
        rate = done / max(seconds, 1e-6)
        text += f", {rate * 60:.1f} a minute, {_clock((total - done) / rate)} left"
    return text + (f", {failed} failed" if failed else "")


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
