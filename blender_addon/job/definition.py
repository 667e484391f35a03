"""What to generate, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ASKED = "asked to"  # why a job stopped that was asked to


class JobError(ValueError):
    """The job cannot be begun; one line for the user, nothing was written."""


@dataclass(frozen=True)
class Job:
    """What to generate.

    Attributes:
        out: the dataset folder.
        config: the resolved config; with ``seed`` it determines every image.
        start, count: images start .. start + count - 1.
        shard: (i, n): of these, every n-th beginning with the i-th; i counts from 1.
        resume: go on with a dataset that is there.
        workers: processes of this machine, each with a Blender and its share of the threads.
        ray: the address of a Ray cluster that makes the images in their place, or "".
        device: Cycles device.
        verify: per cent of the images that are made once more at the end and compared byte by byte.
        time_limit_s: an image that takes longer is given up, and its process with it.
        memory_limit_mb: a process that holds more after an image is replaced by a fresh one.
        recycle: images after which a process is replaced in any case.
    """

    out: Path
    config: Mapping[str, Any]
    seed: int = 0
    start: int = 0
    count: int = 10
    shard: tuple = (1, 1)
    resume: bool = False
    workers: int = 1
    ray: str = ""
    device: str = "cpu"
    verify: float = 0.0
    time_limit_s: float = 600.0
    memory_limit_mb: int = 4096
    recycle: int = 500

    def indices(self) -> list:
        """The images this job makes, ascending."""
        first, step = self.shard
        return list(range(self.start + first - 1, self.start + self.count, step))


@dataclass(frozen=True)
class Outcome:
    """How a job ended.

    Attributes:
        made, kept, verified: images made, found whole from before, made once more and the same.
        failed: (index, reason) of each image that failed, by index.
        untried: images that were not begun, or given up in the middle, because the job was stopped.
        stopped: why, in a line; "" where it was not. Where it was asked to, ``ASKED``.
    """

    made: int
    kept: int
    verified: int
    failed: tuple
    untried: int = 0
    stopped: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether every image is there, and the files made of all."""
        return not (self.failed or self.untried or self.stopped)
