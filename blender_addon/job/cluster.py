"""The same images on a Ray cluster: Ray schedules, moves and retries; each node runs a ``LimitedWorker``.

A node needs this package and nothing else. A node that shares the dataset folder writes the image there; from any other
node the files are sent back and written here. Ray moves a task to another node when its node is lost.
"""

from __future__ import annotations

import json
import logging
import secrets
import socket
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple, Optional

from ..dataset_format import dataset, digests
from ..render.requirements import missing_requirement
from .definition import Job, JobError
from .folder import RUN_PREFIX
from .limited_worker import LimitedWorker, WorkerLimits
from .outcome_counter import OutcomeCounter
from .render_request import Action, RenderRequest, RenderResult, RenderSetup, compare_files, write_files
from .verify_files import FileVerifier

_TASKS_PER_SLOT = 2  # tasks submitted to Ray per task that can run, so that no node waits for this process
_STOP_CHECK_S = 0.5
_CORES_PER_TASK = 1  # CPU cores and render threads per image: images in parallel are more efficient than threads
_CONNECT_TIMEOUT_S = 10.0
_RETRIES = 5  # retries of an image whose node is lost
_ADDRESSES = "expected auto, local or ray://HOST:PORT of a running cluster"


@contextmanager
def connect(job: Job) -> Iterator[Callable[..., None]]:
    """Join the cluster at ``job.ray``; yields what ``local_workers.run_on_this_machine`` is for this machine.

    Raises:
        JobError: Ray is not installed, does not answer, or its nodes cannot render.
    """
    try:
        import ray
    except ImportError as error:
        raise JobError(f"--ray {job.ray}: Ray is not installed; pip install 'wardsynth[ray]'") from error
    _check_listening(job.ray)
    cores = job.workers * _CORES_PER_TASK if job.ray == "local" else None  # a running cluster has its own settings
    try:
        ray.init(address=job.ray, log_to_driver=False, logging_level=logging.ERROR, num_cpus=cores)
    except (ConnectionError, ValueError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise JobError(f"--ray {job.ray}: {reason}; {_ADDRESSES}") from error
    try:
        _check_nodes(job)
        yield partial(_run_on_cluster, job)
    finally:
        ray.shutdown()


def _check_listening(address: str) -> None:
    """Raises JobError where nothing listens at HOST:PORT; Ray itself would try for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host:
        return
    try:
        socket.create_connection((host, int(port)), timeout=_CONNECT_TIMEOUT_S).close()
    except (OSError, ValueError) as error:
        raise JobError(f"--ray {address}: {error}; {_ADDRESSES}") from error


def _check_nodes(job: Job) -> None:
    """Raises JobError where a node cannot render."""
    import ray
    from ray.exceptions import RayError

    try:
        problem = ray.get(_remote(job, missing_requirement).remote(job.device))
    except RayError as error:
        raise JobError(f"--ray {job.ray}: a node cannot run WardSynth: {_last_line(error)}") from error
    if problem:
        raise JobError(f"--ray {job.ray}: a node cannot render: {problem}")


def _run_on_cluster(
    job: Job, requests: Sequence[RenderRequest], counter: OutcomeCounter, _keep_open: Sequence[int]
) -> None:
    import ray

    mark = job.out / f"{RUN_PREFIX}{secrets.token_hex(8)}"
    mark.touch()
    task = _remote(job, run_on_node)
    setup = json.dumps(asdict(setup_of_nodes(job)))
    pending = deque(requests)
    running: dict[Any, RenderRequest] = {}  # Any: Ray's references have no public type
    try:
        while (pending or running) and not counter.stop_reason:
            while pending and len(running) < _TASKS_PER_SLOT * _slots():
                request = pending.popleft()
                running[task.remote(setup, WorkerLimits.of_job(job), mark.name, request)] = request
            done, _ = ray.wait(list(running), timeout=_STOP_CHECK_S)
            for reference in done:
                request = running.pop(reference)
                counter.count(request.index, _receive(job, request, reference))
    finally:
        for reference in running:
            ray.cancel(reference, force=True)
        mark.unlink(missing_ok=True)


def setup_of_nodes(job: Job) -> RenderSetup:
    """The setup of the workers on the nodes."""
    return RenderSetup.of_job(job, threads=_CORES_PER_TASK)


def _remote(job: Job, function: Callable) -> Any:  # Any: as above
    import ray

    gpus = 0 if job.device == "cpu" else 1
    return ray.remote(num_cpus=_CORES_PER_TASK, num_gpus=gpus, max_retries=_RETRIES)(function)


def _slots() -> int:
    """How many images the present nodes render at a time."""
    import ray

    return max(1, int(ray.cluster_resources().get("CPU", 1)) // _CORES_PER_TASK)


def _receive(job: Job, request: RenderRequest, reference: Any) -> RenderResult:
    """The result of a finished task; files it sent back are written, or compared."""
    import ray
    from ray.exceptions import RayError

    try:
        reply: NodeReply = ray.get(reference)  # type: ignore[assignment] (of one reference, one value)
    except RayError as error:
        return RenderResult(f"lost on the cluster: {_last_line(error)}")
    if reply.files is None or reply.result.problem:
        return reply.result
    if request.action is Action.VERIFY:
        return compare_files(job.out, reply.files)
    result = write_files(job.out, reply.files)
    problem = result.problem or FileVerifier(job.out, job.config, job.seed).find_problem(request.index)
    return replace(result, problem=problem)


def _last_line(error: Exception) -> str:
    return str(error).strip().rpartition("\n")[2][:200]


# The code below runs on the nodes, like ``missing_requirement``.


class NodeReply(NamedTuple):
    """What a node sends back; ``files`` are an image's files where the node does not share the dataset folder."""

    result: RenderResult
    files: Optional[Mapping[str, bytes]] = None


class _NodeWorker(NamedTuple):
    """The worker of a node, and its own folder where the node does not share the dataset's."""

    worker: LimitedWorker
    folder: Optional[tempfile.TemporaryDirectory]


def run_on_node(setup: str, limits: WorkerLimits, mark: str, request: RenderRequest) -> NodeReply:
    """Serve one request on a node; ``setup`` is a ``RenderSetup`` as JSON."""
    worker, own_folder = _node_worker(setup, limits, mark)
    if own_folder is None:
        return NodeReply(_result(worker, request))
    # Rendered into the node's own folder; a comparison is made where the dataset is.
    result = _result(worker, RenderRequest(Action.RENDER, request.index))
    if result.problem:
        return NodeReply(result)
    folder = Path(own_folder.name)
    frame = dataset.read_frame(dataset.frame_path(folder, request.index))
    names = [*digests.files(frame).values(), dataset.frame_file(request.index)]
    files = {name: (folder / name).read_bytes() for name in names}
    for name in names:
        (folder / name).unlink()
    return NodeReply(result, files)


def _result(worker: LimitedWorker, request: RenderRequest) -> RenderResult:
    return worker.run(request) or RenderResult("the worker was stopped")


@lru_cache(maxsize=1)
def _node_worker(setup: str, limits: WorkerLimits, mark: str) -> _NodeWorker:
    """The worker of this process for one run."""
    render_setup = RenderSetup(**json.loads(setup))
    if (Path(render_setup.out) / mark).is_file():
        return _NodeWorker(LimitedWorker(render_setup, limits), None)
    own_folder = tempfile.TemporaryDirectory(prefix="wardsynth-")
    return _NodeWorker(LimitedWorker(replace(render_setup, out=own_folder.name), limits), own_folder)
