"""``run_job``: which images are missing, made by whom, looked at again, and the dataset's end."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Optional

from ..progress import Progress
from .definition import Job, JobError, Outcome
from .folder import dataset_info, held
from .local_workers import make_here
from .outcome_counter import Tally
from .summaries import finished, unfinish
from .verify_files import Wholeness


def run_job(job: Job, progress: Optional[Progress] = None, stopping: Optional[threading.Event] = None) -> Outcome:
    """Generate; returns when every image is made or has failed. The records of all make coco.json at the end.

    Nothing is rendered in this process, and any thread may call it.

    Args:
        progress: its ``total`` is set to the images that are missing, then ``step(failed)`` is called for each.
        stopping: once it is set no image is begun, and those that workers are at are given up.

    Raises:
        JobError: the folder holds something else or cannot be written, or there is nothing to make; nothing was
            changed.
    """
    wanted = job.indices()
    if not wanted:
        i, n = job.shard
        raise JobError(f"--shard {i}/{n}: of {job.count} images it has none; expected I of at most {job.count}")
    stopping = stopping or threading.Event()
    with _maker(job) as make, held(job.out, dataset_info(job), job.resume) as handles:
        whole = Wholeness(job.out, job.config, job.seed)
        missing = [index for index in wanted if whole.flaw(index)]
        progress = progress or Progress()
        progress.total = len(missing)
        tally = Tally(progress, stopping)
        if missing:
            unfinish(job.out)
            make(missing, False, tally, handles)
        return _end(job, wanted, missing, tally, lambda indices, again: make(indices, True, again, handles))


@contextmanager
def _maker(job: Job) -> Iterator[Callable]:
    """What makes the images: ``make(indices, again, tally, keep_open)``."""
    if job.ray:
        from .cluster import connected

        with connected(job) as make:
            yield make
    else:
        yield partial(make_here, job)


def _end(job: Job, wanted: list, missing: list, tally: Tally, make_again: Callable) -> Outcome:
    """Look at a share of the images again where all were tried, and finish the dataset where all are there."""
    failures, stopped, verified = dict(tally.failures), tally.stopped, 0
    untried = len(missing) - tally.finished
    chosen = _share([index for index in wanted if index not in failures], job.verify)
    if chosen and not stopped:
        again = Tally(Progress(len(chosen)), tally.asked)
        make_again(chosen, again)
        failures.update(again.failures)
        stopped, verified = again.stopped, again.finished - len(again.failures)
    if not (failures or stopped or untried):
        stopped = finished(job.out)
    made = tally.finished - len(tally.failures)
    return Outcome(made, len(wanted) - len(missing), verified, tuple(sorted(failures.items())), untried, stopped)


def _share(indices: list, percent: float) -> list:
    """``percent`` of ``indices``, rounded up, evenly spread."""
    count = math.ceil(len(indices) * percent / 100)
    return [indices[n * len(indices) // count] for n in range(count)]
