"""The schedule of a capture: how many images per label, how many seconds apart, a countdown before each label."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

COUNTED_DOWN = 3  # seconds of the countdown before an image


@dataclass(frozen=True)
class Shot:
    """An image to take: the ``number``-th of its ``label``, counted from 1, not before ``seconds``."""

    label: str
    number: int
    seconds: float


class Shots:
    """The shots of a session, one after the other.

    Args:
        labels: in this order. count: images of each.
        every: seconds between two images; an image that came late moves those after it.
        delay: seconds before the first image of each label.
    """

    def __init__(self, labels: Sequence[str], count: int, every: float, delay: float) -> None:
        self.labels, self.count, self.every, self.delay = tuple(labels), count, every, delay
        self.taken = 0
        self.next: Optional[Shot] = Shot(self.labels[0], 1, delay)

    @property
    def total(self) -> int:
        """Images of the whole session."""
        return len(self.labels) * self.count

    def due(self, seconds: float) -> Optional[Shot]:
        """The shot to take now, or None; what comes after it becomes ``next``."""
        shot = self.next
        if shot is None or seconds < shot.seconds:
            return None
        self.taken += 1
        if self.taken == self.total:
            self.next = None
            return shot
        label = self.labels[self.taken // self.count]
        wait = self.every if label == shot.label else max(self.every, self.delay)
        # On the requested grid of seconds, unless the camera stalled longer.
        when = shot.seconds + wait if shot.seconds + wait > seconds else seconds + wait
        self.next = Shot(label, self.taken % self.count + 1, when)
        return shot

    def countdown(self, seconds: float) -> Optional[int]:
        """Whole seconds to the next image where they are counted down, else None."""
        if self.next is None:
            return None
        left = math.ceil(self.next.seconds - seconds)
        return left if 1 <= left <= COUNTED_DOWN else None
