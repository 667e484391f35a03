"""Pictures handed out one by one to the worker processes of this machine, so that none idles while others have work."""

from __future__ import annotations

import os
import queue
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait

from .definition import Job
from .hand import Hand, limits_of, order_of
from .tally import Tally

_LOOK_EVERY_S = 0.2  # whether the job shall stop


def make_here(job: Job, indices: Sequence[int], again: bool, tally: Tally, keep_open: Sequence[int]) -> None:
    """Make the pictures ``indices``, or, ``again``, compare them; returns when all are done or the job was stopped.

    There is at least one; ``keep_open`` are file handles the workers shall keep open.
    """
    waiting: queue.SimpleQueue = queue.SimpleQueue()
    for index in indices:
        waiting.put(index)
    count = min(job.workers, len(indices))
    order = order_of(job, threads=max(1, cores() // count))
    hands = [Hand(order, limits_of(job), keep_open) for _ in range(count)]

    def attend(hand: Hand) -> None:
        while not tally.stopped:
            try:
                index = waiting.get_nowait()
            except queue.Empty:
                return
            made = hand.make(index, again)
            if made is None:
                return
            tally.done(index, made)

    with ThreadPoolExecutor(max_workers=count) as pool:
        attending = [pool.submit(attend, hand) for hand in hands]
        try:
            while not tally.stopped and wait(attending, timeout=_LOOK_EVERY_S).not_done:
                pass
        finally:  # an interrupt comes through here too
            for hand in hands:
                hand.end()
            wait(attending)
            for hand in hands:
                hand.close()
    for attended in attending:
        attended.result()


def cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
