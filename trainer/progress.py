"""Progress on standard error: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Optional

from tqdm import tqdm

SECONDS_BETWEEN_LINES = 10.0


class Progress:
    """Counts towards ``total`` from ``done``; use as a context manager."""

    def __init__(self, total: int, label: str, unit: str, show: bool = True, done: int = 0) -> None:
        self.total, self.label, self.unit, self.show = total, label, unit, show
        self.done = self.done_before = self.done_first = done
        self.first = self.last_line = time.monotonic()
        self.begin_epoch()
        self.bar = None
        if show and sys.stderr.isatty():
            self.bar = tqdm(total=total, desc=label, unit=f" {unit}", initial=done, leave=False, file=sys.stderr)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()

    def advance(self, count: int = 1) -> None:
        """``count`` more are done."""
        if self.done == self.done_before:
            # The first step holds what happens once, such as tracing a graph: the clock of the rate starts after it.
            self.done_first, self.first = self.done + count, time.monotonic()
            self.begin_epoch(self.done_first)
        self.done += count
        if self.bar is not None:
            self.bar.update(count)
        elif self.show and time.monotonic() - self.last_line >= SECONDS_BETWEEN_LINES:
            self.last_line = time.monotonic()
            rate = f", {self.rate:.1f} a second, {duration(self.remaining)} left" if self.rate else ""
            note(f"{self.label}: {self.done}/{self.total} {self.unit}{rate}")

    @property
    def rate(self) -> float:
        """How many a second since the first; 0 while only the first are done."""
        seconds = time.monotonic() - self.first
        return (self.done - self.done_first) / seconds if seconds > 0 else 0.0

    def begin_epoch(self, done: Optional[int] = None) -> None:
        """``epoch_rate`` counts from here, or from when ``done`` were done."""
        self.done_epoch, self.epoch = self.done if done is None else done, time.monotonic()

    @property
    def epoch_rate(self) -> float:
        """How many a second since ``begin_epoch``, without the very first."""
        return (self.done - self.done_epoch) / max(time.monotonic() - self.epoch, 1e-9)

    @property
    def remaining(self) -> float:
        """Seconds left at this rate; 0 while the rate is unknown."""
        return (self.total - self.done) / self.rate if self.rate else 0.0


def note(message: str) -> None:
    """One line for people on standard error, above a bar if there is one."""
    tqdm.write(message, file=sys.stderr)
    sys.stderr.flush()


def duration(seconds: float) -> str:
    """``75`` -> ``1:15``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
