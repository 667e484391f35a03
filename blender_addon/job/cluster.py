"""The same images on a Ray cluster: Ray schedules, moves and retries; each node makes them with a ``LimitedWorker``.

A node needs this package and nothing else. One that sees the dataset folder writes the image there; from any
other its bytes come back, and are written here. Ray sets a task on another node when its node is lost.
"""

from __future__ import annotations

import json
import secrets
import socket
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Optional

from ..dataset_format import dataset, digests
from ..render.requirements import missing_requirement
from .definition import Job, JobError
from .folder import RUN_PREFIX
from .limited_worker import LimitedWorker, Limits, limits_of, order_of
from .outcome_counter import Tally
from .render_request import Made, difference, written
from .verify_files import Wholeness

_AHEAD = 2  # tasks handed to Ray for each that can run, so that no node waits for us
_LOOK_EVERY_S = 0.5  # whether the job shall stop
_CORES = 1  # of a task, and threads of its image: many images at a time waste less than many threads
_KNOCK_S = 10.0  # for the cluster to answer
_LOST = 5  # times an image may be lost with its node


@contextmanager
def connected(job: Job) -> Iterator[Callable]:
    """Join the cluster at ``job.ray``; yields what ``crew.make_here`` is for this machine.

    Raises:
        JobError: Ray is not installed, does not answer, or its nodes cannot render.
    """
    try:
        import ray
    except ImportError as error:
        raise JobError(f"--ray {job.ray}: Ray is not installed here; pip install 'wardsynth[ray]'") from error
    _knock(job.ray)
    try:
        ray.init(address=job.ray, log_to_driver=False, logging_level="error", num_cpus=_own_cores(job))
    except (ConnectionError, ValueError, RuntimeError) as error:
        said = " ".join(str(error).split())[:200]
        raise JobError(
            f"--ray {job.ray}: {said}; expected auto, local or ray://HOST:PORT of a running cluster"
        ) from error
    try:
        _check(job)
        yield partial(_make, job)
    finally:
        ray.shutdown()


def _knock(address: str) -> None:
    """Raises JobError where nobody listens at HOST:PORT; Ray itself would ask again and again for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host:
        return
    try:
        socket.create_connection((host, int(port)), timeout=_KNOCK_S).close()
    except (OSError, ValueError) as error:
        raise JobError(
            f"--ray {address}: {error}; expected auto, local or ray://HOST:PORT of a running cluster"
        ) from error


def _own_cores(job: Job) -> Optional[int]:
    return job.workers * _CORES if job.ray == "local" else None  # others bring their own


def _check(job: Job) -> None:
    import ray

    try:
        said = ray.get(_remote(job, missing_requirement).remote(job.device))
    except ray.exceptions.RayError as error:
        raise JobError(f"--ray {job.ray}: a node cannot run WardSynth: {_last_line(error)}") from error
    if said:
        raise JobError(f"--ray {job.ray}: a node cannot render: {said}")


def _make(job: Job, indices: Sequence[int], again: bool, tally: Tally, _keep_open: Sequence[int]) -> None:
    import ray

    mark = job.out / f"{RUN_PREFIX}{secrets.token_hex(8)}"
    mark.touch()
    task = _remote(job, make_on_node)
    order = json.dumps(order_of(job, threads=_CORES))
    waiting, running = deque(indices), {}
    try:
        while (waiting or running) and not tally.stopped:
            while waiting and len(running) < _AHEAD * _slots():
                index = waiting.popleft()
                running[task.remote(order, limits_of(job), mark.name, index, again)] = index
            done, _ = ray.wait(list(running), timeout=_LOOK_EVERY_S)
            for reference in done:
                tally.done(*_received(job, running.pop(reference), reference, again))
    finally:
        for reference in running:
            ray.cancel(reference, force=True)
        mark.unlink(missing_ok=True)


def _remote(job: Job, function: Callable) -> Any:
    import ray

    gpus = 0 if job.device == "cpu" else 1
    return ray.remote(num_cpus=_CORES, num_gpus=gpus, max_retries=_LOST)(function)


def _slots() -> int:
    """How many images the nodes that are there now make at a time."""
    import ray

    return max(1, int(ray.cluster_resources().get("CPU", 1)) // _CORES)


def _received(job: Job, index: int, reference: Any, again: bool) -> tuple:
    """(index, how it ended) of a task that is done; what it sent back is written, or compared."""
    import ray

    try:
        made, contents = ray.get(reference)
    except ray.exceptions.RayError as error:
        return index, Made(f"lost on the cluster: {_last_line(error)}")
    if contents is None or made.error:
        return index, made
    if again:
        return index, Made(difference(job.out, contents))
    made = written(job.out, contents)
    flaw = made.error or Wholeness(job.out, job.config, job.seed).flaw(index)
    return index, replace(made, error=flaw)


def _last_line(error: Exception) -> str:
    return str(error).strip().rpartition("\n")[2][:200]


# What runs on the nodes, beside ``missing_requirement``.


def make_on_node(order: str, limits: Limits, mark: str, index: int, again: bool) -> tuple:
    """Make image ``index``: how it ended, and {file: content} where this node does not see the dataset folder."""
    worker, own = _worker(order, limits, mark)
    if own is None:
        return worker.make(index, again), None
    made = worker.make(index)  # compared where the dataset is
    if made.error:
        return made, None
    folder = Path(own.name)
    frame = dataset.read_frame(dataset.frame_path(folder, index))
    files = [*digests.files(frame).values(), dataset.frame_file(index)]
    contents = {file: (folder / file).read_bytes() for file in files}
    for file in files:
        (folder / file).unlink()
    return made, contents


@lru_cache(maxsize=1)
def _worker(order: str, limits: Limits, mark: str) -> tuple:
    """The worker of this process for one run, and its own folder where it does not see the dataset's."""
    job = json.loads(order)
    if (Path(job["out"]) / mark).is_file():
        return LimitedWorker(job, limits), None
    own = tempfile.TemporaryDirectory(prefix="wardsynth-")
    return LimitedWorker({**job, "out": own.name}, limits), own
