"""The contestant's side of ``contest``: warm up, report the facts, and do a round for every line of input."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

ROUND_SECONDS = 1.0
_WARM_UP = 2


def answer(facts: dict, step: Callable[[], None], images: int, finish: Callable[[], None] = lambda: None) -> None:
    """Do rounds of ``step``, which handles ``images``, until standard input ends.

    A round is one step, or as many as fill about one second; ``finish`` waits until the device has done them.
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
    """Wall seconds and processor seconds of this process since the object was made."""

    def __init__(self) -> None:
        self._wall, self._processors = time.perf_counter(), time.process_time()

    def read(self, images: int) -> dict:
        """The report of a round that handled so many ``images``."""
        return {
            "seconds": time.perf_counter() - self._wall,
            "cpu_seconds": time.process_time() - self._processors,
            "pictures": images,
        }


def say(value: dict) -> None:
    """Print one JSON line for the contest."""
    print(json.dumps(value), flush=True)
