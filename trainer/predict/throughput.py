"""Throughput of `trainer predict`: images per second and latency, shown while it runs."""

from __future__ import annotations

import time
from collections import deque
from typing import Optional, TypedDict

import numpy as np

from ..progress import SECONDS_BETWEEN_LINES, note, open_bar

_REMEMBERED = 1000


class Latency(TypedDict):
    """Milliseconds from reading an image to its result: median and 99th percentile."""

    p50: Optional[float]
    p99: Optional[float]


class Speed(TypedDict):
    """The throughput of a command, as in its JSON result."""

    pictures: int
    per_second: Optional[float]
    latency_ms: Latency


class Throughput:
    """Counts images on standard error: a bar on a terminal, a line every few seconds elsewhere. A context manager.

    Args:
        total: the expected number of images; None if it is unknown.
    """

    def __init__(self, total: Optional[int], label: str) -> None:
        self.label, self.done = label, 0
        self.first: Optional[float] = None
        self._last_line = time.monotonic()
        self._latencies: deque[float] = deque(maxlen=_REMEMBERED)
        self._bar = open_bar(total, label, "images")

    def __enter__(self) -> Throughput:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def advance(self, latency: Optional[float]) -> None:
        """Count one image, done ``latency`` seconds after it was read; None if it could not be read."""
        now = time.monotonic()
        self.first = now if self.first is None else self.first  # the first image includes one-off work
        self.done += 1
        if latency is not None:
            self._latencies.append(latency)
        if self._bar is not None:
            self._bar.set_postfix_str(f"latency {self.latency_ms(50)} ms", refresh=False)
            self._bar.update()
        elif now - self._last_line >= SECONDS_BETWEEN_LINES:
            self._last_line = now
            note(f"{self.label}: {self.text()}")

    @property
    def per_second(self) -> Optional[float]:
        """Images per second since the first one; None before the second."""
        if self.first is None or self.done < 2:
            return None
        return round((self.done - 1) / max(time.monotonic() - self.first, 1e-9), 2)

    def latency_ms(self, percentile: float) -> Optional[float]:
        """Milliseconds from reading an image to its result, over the last thousand; None before the first."""
        if not self._latencies:
            return None
        return round(float(np.percentile(self._latencies, percentile)) * 1000, 1)

    def text(self) -> str:
        """Describe the throughput in one line."""
        if self.per_second is None:
            return f"{self.done} images"
        latency = f", latency {self.latency_ms(50)} ms (99 %: {self.latency_ms(99)})" if self._latencies else ""
        return f"{self.done} images, {self.per_second} per second{latency}"

    def to_json(self) -> Speed:
        """Convert to the ``speed`` of the command's JSON result."""
        return Speed(
            pictures=self.done,
            per_second=self.per_second,
            latency_ms=Latency(p50=self.latency_ms(50), p99=self.latency_ms(99)),
        )
