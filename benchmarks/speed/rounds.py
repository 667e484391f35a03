"""The contestant's side of ``contest``: warm up, say so, and do a round for every line that comes in."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

ROUND_SECONDS = 1.0
_WARM_UP = 2


def answer(facts: dict, step: Callable[[], None], images: int, finish: Callable[[], None] = lambda: None) -> None:
    """Do rounds of ``step``, which handles ``images``, until standard input ends.

    A round is one step, or as many as take about a second; ``finish`` waits until the device has done them.
    """
    for _ in range(_WARM_UP):
        step()
    finish()
    began = time.perf_counter()
    step()
    finish()
    steps = max(1, round(ROUND_SECONDS / (time.perf_counter() - began)))
    say({**facts, "steps_per_round": steps})
    for _ in sys.stdin:
        watch = Watch()
        for _ in range(steps):
            step()
        finish()
        say(watch.read(steps * images))


class Watch:
    """Runs from when it is made: seconds on the wall, and of all processors together in this process."""

    def __init__(self) -> None:
        self._wall, self._processors = time.perf_counter(), time.process_time()

    def read(self, images: int) -> dict:
        """What the contest is told of a round that handled ``images``."""
        return {
            "seconds": time.perf_counter() - self._wall,
            "cpu_seconds": time.process_time() - self._processors,
            "pictures": images,
        }


def say(value: dict) -> None:
    """One JSON line for the contest."""
    print(json.dumps(value), flush=True)
