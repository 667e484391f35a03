"""Requests to a worker process, and how it serves them: render an image and write it, or render it again and compare.

A request passes unchanged from ``run_job`` to the worker; only these two ends read its action.
"""

from __future__ import annotations

import enum
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Optional

from ..dataset_format import dataset
from .definition import Job

_WRITE_RETRIES_S = (0.5, 2.0)  # seconds of pause before a file is written again, as network disks fail temporarily


class Action(str, enum.Enum):
    """What to do with an image."""

    RENDER = "render"  # render and write it
    VERIFY = "verify"  # render it and compare it with the files on disk


class RenderRequest(NamedTuple):
    """One image to render or to verify."""

    action: Action
    index: int


@dataclass(frozen=True)
class RenderResult:
    """How a request ended.

    Attributes:
        problem: why it failed, in one line, or None.
        final: whether another attempt would be useless.
        unwritable: whether the image was rendered but could not be written.
        memory_mb: memory of the worker process; 0 if the system does not report it.
    """

    problem: Optional[str] = None
    final: bool = False
    unwritable: bool = False
    memory_mb: float = 0.0


@dataclass(frozen=True)
class RenderSetup:
    """The data that a worker process needs before its first request; its fields are JSON values.

    Attributes:
        out: the dataset folder, absolute.
        threads: CPU threads to render with.
    """

    out: str
    config: dict[str, object]
    seed: int
    device: str
    threads: int

    @classmethod
    def of_job(cls, job: Job, threads: int) -> RenderSetup:
        """The setup of the workers of ``job``."""
        return cls(str(job.out.absolute()), dict(job.config), job.seed, job.device, threads)


class RequestHandler:
    """Serves the requests of one dataset, in the process that has Blender."""

    def __init__(self, setup: RenderSetup) -> None:
        from ..image_renderer import ImageRenderer  # only worker processes need bpy

        self._out = Path(setup.out)
        self._renderer = ImageRenderer(setup.config, setup.seed, setup.device, setup.threads)

    def handle(self, request: RenderRequest) -> RenderResult:
        """Render or verify one image; any error becomes the problem of this image alone."""
        try:
            image = self._renderer.render(request.index)
            files = dataset.frame_files(image.frame, image.image, image.maps)
        except Exception as error:  # the other images continue and this one is reported
            problem = f"{type(error).__name__}: {error}".replace("\n", " ")
            verifying = request.action is Action.VERIFY
            return RenderResult(f"rendering it again fails: {problem}" if verifying else problem)
        if request.action is Action.VERIFY:
            return compare_files(self._out, files)
        return write_files(self._out, files)


def write_files(out: Path, files: Mapping[str, bytes]) -> RenderResult:
    """Write the files of an image, its record last; a few attempts."""
    problem = ""
    for pause_s in (*_WRITE_RETRIES_S, 0.0):
        try:
            dataset.write_files(out, files)
            return RenderResult()
        except OSError as error:
            problem = f"cannot be written: {error.strerror or error}"
        time.sleep(pause_s)
    return RenderResult(problem, final=True, unwritable=True)


def compare_files(out: Path, files: Mapping[str, bytes]) -> RenderResult:
    """Compare the files on disk with those of an image that was rendered again."""
    differing = [
        name for name, content in files.items() if not (out / name).is_file() or (out / name).read_bytes() != content
    ]
    problem = f"rendering it again gives another {', '.join(differing)}" if differing else None
    return RenderResult(problem, final=True)
