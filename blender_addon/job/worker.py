"""A worker process: its own Blender, which serves one request after the other.

Requests come as JSON lines on standard input: first the setup, then one line per image. Replies, one per line, go
to standard output after a marker, because Blender prints its own lines before the first image; later ones are
dropped. The process ends with its standard input, and so with its parent, however that ends.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any, NoReturn, Optional

from ..quiet import quiet_stdout
from .render_request import Action, RenderRequest, RenderResult, RenderSetup, RequestHandler

_PACKAGE = Path(__file__).resolve().parents[1]  # the add-on, wherever it is installed and under whatever name
_MARK = "wardsynth-reply "
_START_LIMIT_S = 300.0  # seconds for a process to start; the time limit of an image starts afterwards
_ERROR_TAIL = 4096  # characters of standard error that are searched for the last message of a dead process


class WorkerDiedError(RuntimeError):
    """The worker process ended while it worked on an image."""


class Worker:
    """The parent's end of a worker process.

    Args:
        keep_open: file handles the process keeps open, such as the lock of the dataset folder.

    Attributes:
        served: requests that were answered.
    """

    def __init__(self, setup: RenderSetup, keep_open: Sequence[int] = ()) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `stop`)
        self._process = subprocess.Popen(
            _command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env=_environment(),
            pass_fds=tuple(keep_open),
        )
        self._requests, self._replies = _open_pipes(self._process)
        self._setup = setup
        self.served = 0

    def run(self, request: RenderRequest, time_limit_s: float = 600.0) -> RenderResult:
        """Let the process serve ``request``.

        Raises:
            WorkerDiedError: the process ended, or took longer than ``time_limit_s`` and was ended.
        """
        if not self.served:
            self._ask(asdict(self._setup), _START_LIMIT_S)
        result = RenderResult(**self._ask(request._asdict(), time_limit_s))
        self.served += 1
        return result

    def kill(self) -> None:
        """End the process at once, from any thread; nothing half-written keeps a final name."""
        self._process.kill()

    def stop(self) -> None:
        """End the process and free its pipes."""
        self._process.kill()
        self._process.wait()
        for stream in (self._requests, self._replies, self._errors):
            try:
                stream.close()
            except BrokenPipeError:  # the process never read its request
                continue

    def _ask(self, message: Mapping[str, object], limit_s: float) -> dict[str, Any]:  # Any: JSON values
        overdue = threading.Event()
        clock = threading.Timer(limit_s, lambda: (overdue.set(), self._process.kill()))
        clock.daemon = True
        clock.start()
        try:
            self._requests.write(json.dumps(message) + "\n")
            self._requests.flush()
            return next(json.loads(line[len(_MARK) :]) for line in self._replies if line.startswith(_MARK))
        except (BrokenPipeError, StopIteration):
            code = self._process.wait()
            if overdue.is_set():
                raise WorkerDiedError(f"took longer than the time limit of {limit_s:g} seconds") from None
            raise WorkerDiedError(f"the worker process ended with code {code}{self._last_message()}") from None
        finally:
            clock.cancel()

    def _last_message(self) -> str:
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - _ERROR_TAIL))
        lines = self._errors.read().decode(errors="replace").split("\n")
        last = [line.strip() for line in lines if line.strip()][-1:]
        return f": {last[0][:200]}" if last else ""


def serve() -> NoReturn:
    """Serve requests from standard input until it ends; the main function of a worker process."""
    messages: queue.SimpleQueue[dict] = queue.SimpleQueue()
    threading.Thread(target=_read_messages, args=(messages,), daemon=True).start()
    with quiet_stdout() as replies:

        def reply(value: Mapping[str, object]) -> None:
            replies.write(_MARK + json.dumps(value) + "\n")
            replies.flush()

        handler = RequestHandler(RenderSetup(**messages.get()))  # loads Blender now instead of with the first image
        reply({})
        while True:
            message = messages.get()
            result = handler.handle(RenderRequest(Action(message["action"]), message["index"]))
            reply(asdict(replace(result, memory_mb=resident_memory_mb())))


def _read_messages(messages: queue.SimpleQueue[dict]) -> None:
    for line in sys.stdin:
        messages.put(json.loads(line))
    os._exit(0)  # the parent is gone; nothing half-written has a final name


def resident_memory_mb() -> float:
    """Memory of this process in MB; 0 if the system does not report it."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _open_pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    requests: Optional[IO[str]] = process.stdin
    replies: Optional[IO[str]] = process.stdout
    assert requests is not None
    assert replies is not None
    return requests, replies


def _environment() -> dict[str, str]:
    """This process's environment, with one thread for numpy: its products are too small for more."""
    return {"OPENBLAS_NUM_THREADS": "1", **os.environ}


def _command() -> list[str]:
    """How to start a worker: with this Python, or with the Blender this code runs in.

    The add-on need not be enabled there; the user's settings and other add-ons are not loaded.
    """
    start = f"import sys; sys.path.insert(0, {str(_PACKAGE.parent)!r}); import {_PACKAGE.name}; {_PACKAGE.name}.main()"
    blender = sys.modules["bpy"].app.binary_path if "bpy" in sys.modules else ""
    if not blender:
        return [sys.executable, "-c", start, "worker"]
    return [blender, "-b", "--factory-startup", "--python-expr", start, "--", "worker"]
