"""``run_job``: find the missing images, have them rendered, verify some, and write the summaries."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Optional

from ..memory import find_image_memory_problem
from ..progress import ProgressCounter, TerminalProgress
from .definition import Failure, Job, JobError, Outcome
from .folder import dataset_info, open_dataset_folder
from .local_workers import run_on_this_machine
from .outcome_counter import OutcomeCounter
from .render_request import Action, RenderRequest
from .summaries import remove_summaries, write_summaries
from .verify_files import FileVerifier

# Serves requests; the last argument is the file handles that workers keep open.
Scheduler = Callable[[Sequence[RenderRequest], OutcomeCounter, Sequence[int]], None]


def run_job(
    job: Job, progress: Optional[ProgressCounter] = None, stop_requested: Optional[threading.Event] = None
) -> Outcome:
    """Generate a dataset; returns when every image is written or has failed. Complete datasets get their summaries.

    Nothing is rendered in this process, and any thread may call this.

    Args:
        progress: counts the images that are missing.
        stop_requested: once it is set no image is started, and the images in progress are given up.

    Raises:
        JobError: the folder holds something else or cannot be written, or there is nothing to render; nothing was
            changed.
    """
    indices = job.indices()
    if not indices:
        raise JobError(
            f"--shard {job.shard.number}/{job.shard.count} is empty: the job has {job.count} images; "
            f"use at most {job.count} shards"
        )
    stop_requested = stop_requested or threading.Event()
    with _scheduler(job) as schedule, open_dataset_folder(job.out, dataset_info(job), job.resume) as handles:
        verifier = FileVerifier(job.out, job.config, job.seed)
        missing = [index for index in indices if verifier.find_problem(index)]
        progress = progress or TerminalProgress()
        progress.total = len(missing)
        rendered = OutcomeCounter(progress, stop_requested)
        if missing:
            remove_summaries(job.out)
            schedule(_requests(Action.RENDER, missing), rendered, handles)
        chosen = _images_to_verify(job, indices, rendered)
        verified = OutcomeCounter(TerminalProgress(len(chosen)), stop_requested)
        if chosen:
            schedule(_requests(Action.VERIFY, chosen), verified, handles)
        return _finish(job.out, len(indices) - len(missing), len(missing), rendered, verified)


@contextmanager
def _scheduler(job: Job) -> Iterator[Scheduler]:
    """The function that serves requests, on the Ray cluster of ``job`` or on this machine.

    Raises:
        JobError: the cluster cannot be used, or this machine has too little memory.
    """
    if job.ray:
        from .cluster import connect

        with connect(job) as schedule:
            yield schedule
    else:
        processes = min(job.workers, len(job.indices()))
        if problem := find_image_memory_problem(job.config["render.size"], processes):
            raise JobError(problem)
        yield partial(run_on_this_machine, job)


def _requests(action: Action, indices: Sequence[int]) -> list[RenderRequest]:
    return [RenderRequest(action, index) for index in indices]


def _images_to_verify(job: Job, indices: Sequence[int], rendered: OutcomeCounter) -> list[int]:
    """``job.verify`` per cent of the images that did not fail, rounded up, evenly spread; none of a stopped job."""
    if rendered.stop_reason:
        return []
    whole = [index for index in indices if index not in rendered.failures]
    count = math.ceil(len(whole) * job.verify / 100)
    return [whole[n * len(whole) // count] for n in range(count)]


def _finish(out: Path, kept: int, missing: int, rendered: OutcomeCounter, verified: OutcomeCounter) -> Outcome:
    """Write the summaries if every image exists; returns how the job ended."""
    failures = {**rendered.failures, **verified.failures}
    stopped, untried = rendered.stop_reason or verified.stop_reason, missing - rendered.finished
    if not (failures or stopped or untried):
        stopped = write_summaries(out)
    return Outcome(
        written=rendered.finished - len(rendered.failures),
        kept=kept,
        verified=verified.finished - len(verified.failures),
        failed=tuple(Failure(index, reason) for index, reason in sorted(failures.items())),
        untried=untried,
        stopped=stopped,
    )
