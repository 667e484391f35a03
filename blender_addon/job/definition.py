"""What to generate (``Job``) and how it ended (``Outcome``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Optional

STOP_REQUESTED = "asked to"  # ``Outcome.stopped`` of a job that was stopped on request


class JobError(ValueError):
    """The job cannot start; the message is one line for the user, and nothing was written."""


class Shard(NamedTuple):
    """Part ``number`` (from 1) of ``count`` equal parts of a dataset."""

    number: int
    count: int


_WHOLE = Shard(1, 1)


@dataclass(frozen=True)
class Job:
    """What to generate.

    Attributes:
        out: the dataset folder.
        config: the resolved config; with ``seed`` it determines every image.
        start, count: images start .. start + count - 1.
        shard: of these images every ``count``-th, beginning with the ``number``-th.
        resume: accept an unfinished dataset in ``out`` and render what is missing.
        workers: worker processes on this machine; each runs its own Blender on an equal part of the threads.
        ray: the address of a Ray cluster that renders instead of this machine, or "".
        device: the Cycles device.
        verify: percentage of the images that are rendered again at the end and compared byte by byte.
        time_limit_s: an image that takes longer fails, and its worker is restarted.
        memory_limit_mb: a worker that uses more after an image is restarted.
        recycle: a worker is restarted after this many images.
    """

    out: Path
    config: Mapping[str, Any]  # Any: of the type of each setting
    seed: int = 0
    start: int = 0
    count: int = 10
    shard: Shard = _WHOLE
    resume: bool = False
    workers: int = 1
    ray: str = ""
    device: str = "cpu"
    verify: float = 0.0
    time_limit_s: float = 600.0
    memory_limit_mb: int = 4096
    recycle: int = 500

    def indices(self) -> list[int]:
        """The images of this job, ascending."""
        return list(range(self.start + self.shard.number - 1, self.start + self.count, self.shard.count))


class Failure(NamedTuple):
    """An image that failed, and why."""

    index: int
    reason: str


@dataclass(frozen=True)
class Outcome:
    """How a job ended.

    Attributes:
        written: images written by this run.
        kept: images that were already there, whole.
        verified: images rendered again and identical.
        failed: the images that failed, by index.
        untried: images that were not rendered because the job stopped.
        stopped: why the job stopped early, in one line; ``STOP_REQUESTED`` on request, None if it did not stop.
    """

    written: int
    kept: int
    verified: int
    failed: tuple[Failure, ...]
    untried: int = 0
    stopped: Optional[str] = None

    @property
    def is_complete(self) -> bool:
        """Whether every image is there, and with them the summary files."""
        return not (self.failed or self.untried or self.stopped)
