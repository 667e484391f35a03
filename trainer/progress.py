"""Progress on standard error: tqdm's bar on a terminal, elsewhere a plain line every ten seconds.

The only module that uses tqdm.
"""

from __future__ import annotations

import sys
import time
from typing import Optional

from tqdm import tqdm

SECONDS_BETWEEN_LINES = 10.0


def open_bar(total: Optional[int], label: str, unit: str, done: int = 0) -> Optional[tqdm]:
    """A bar on a terminal; None where standard error is no terminal."""
    if not sys.stderr.isatty():
        return None
    return tqdm(total=total, desc=label, unit=f" {unit}", initial=done, leave=False, file=sys.stderr)


class Progress:
    """Counts from ``done`` to ``total``; use as a context manager."""

    def __init__(self, total: int, label: str, unit: str, show: bool = True, done: int = 0) -> None:
        self.total, self.label, self.unit, self.show = total, label, unit, show
        self.done = self.done_before = self.done_first = done
        self.first = self.last_line = time.monotonic()
        self.begin_epoch()
        self.bar = open_bar(total, label, unit, done) if show else None

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()

    def advance(self, count: int = 1) -> None:
        """Count ``count`` more as done."""
        if self.done == self.done_before:
            # The first step includes one-time work such as tracing a graph: the rate is measured from its end.
            self.done_first, self.first = self.done + count, time.monotonic()
            self.begin_epoch(self.done_first)
        self.done += count
        if self.bar is not None:
            self.bar.update(count)
        elif self.show and time.monotonic() - self.last_line >= SECONDS_BETWEEN_LINES:
            self.last_line = time.monotonic()
            rate = f", {self.rate:.1f} per second, {duration(self.remaining)} left" if self.rate else ""
            note(f"{self.label}: {self.done}/{self.total} {self.unit}{rate}")

    @property
    def rate(self) -> float:
        """Number done per second, measured from the end of the first step; 0 until then."""
        seconds = time.monotonic() - self.first
        return (self.done - self.done_first) / seconds if seconds > 0 else 0.0

    def begin_epoch(self, done: Optional[int] = None) -> None:
        """Start measuring ``epoch_rate`` now, with ``done`` (default: the present count) done."""
        self.done_epoch, self.epoch = self.done if done is None else done, time.monotonic()

    @property
    def epoch_rate(self) -> float:
        """Number done per second since ``begin_epoch``, without the very first step."""
        return (self.done - self.done_epoch) / max(time.monotonic() - self.epoch, 1e-9)

    @property
    def remaining(self) -> float:
        """Seconds left at this rate; 0 while the rate is unknown."""
        return (self.total - self.done) / self.rate if self.rate else 0.0


def note(message: str) -> None:
    """Print one line on standard error, above the bar if there is one."""
    tqdm.write(message, file=sys.stderr)
    sys.stderr.flush()


def duration(seconds: float) -> str:
    """``75`` -> ``1:15``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
