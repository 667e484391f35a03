"""A worker process: its own Blender, one image after the other.

Requests come as JSON lines on standard input: first the order, then one image after the other. Replies, one each, go
to standard output as JSON lines behind a mark, for Blender prints its own lines before the first image;
what it prints later is dropped. The process ends with its standard input, and so with its parent, however that ends.
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
from typing import Any

from ..quiet import quiet_stdout
from .render_request import Made, Making

_PACKAGE = Path(__file__).resolve().parents[1]  # the add-on, wherever it lies and whatever it is called
_MARK = "wardsynth-reply "
_START_S = 300.0  # for a process to start; an image's time runs from then on
_KEPT_ERRORS = 4096  # characters of what a process that died said last


class WorkerDiedError(RuntimeError):
    """The worker process ended in the middle of an image."""


class Worker:
    """The parent's end of a worker process.

    Args:
        order: what ``Making`` takes.
        keep_open: file handles the process shall keep open, as those that hold a folder.
    """

    def __init__(self, order: Mapping[str, Any], keep_open: Sequence[int] = ()) -> None:
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
        self._order = order
        self.made = 0

    def make(self, index: int, again: bool = False, limit_s: float = 600.0) -> Made:
        """``Making.make`` over there. Raises WorkerDiedError, also where it took longer than ``limit_s``."""
        if not self.made:
            self._ask(self._order, _START_S)
        made = Made(**self._ask({"index": index, "again": again}, limit_s))
        self.made += 1
        return made

    def kill(self) -> None:
        """End the process at once, from any thread; nothing half-written stays under a final name."""
        self._process.kill()

    def stop(self) -> None:
        """``kill``, and free what belongs to it."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            try:
                stream.close()
            except BrokenPipeError:  # a request that was never read
                continue

    def _ask(self, request: Mapping[str, Any], limit_s: float) -> dict:
        overdue = threading.Event()
        clock = threading.Timer(limit_s, lambda: (overdue.set(), self._process.kill()))
        clock.daemon = True
        clock.start()
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            return next(json.loads(line[len(_MARK) :]) for line in self._process.stdout if line.startswith(_MARK))
        except (BrokenPipeError, StopIteration):
            code = self._process.wait()
            if overdue.is_set():
                raise WorkerDiedError(f"took longer than the time limit of {limit_s:g} seconds") from None
            raise WorkerDiedError(f"the worker process ended with code {code}{self._last_words()}") from None
        finally:
            clock.cancel()

    def _last_words(self) -> str:
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - _KEPT_ERRORS))
        lines = self._errors.read().decode(errors="replace").split("\n")
        last = [line.strip() for line in lines if line.strip()][-1:]
        return f": {last[0][:200]}" if last else ""


def serve() -> int:
    """The worker's own end: make what is asked for until standard input ends."""
    requests: queue.SimpleQueue = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    with quiet_stdout() as replies:

        def reply(value: Mapping[str, Any]) -> None:
            replies.write(_MARK + json.dumps(value) + "\n")
            replies.flush()

        making = Making(requests.get())  # Blender is loaded now, not with the first image
        reply({})
        while True:
            request = requests.get()
            made = making.make(request["index"], request["again"])
            reply(asdict(replace(made, memory_mb=resident_mb())))


def _listen(requests: queue.SimpleQueue) -> None:
    for line in sys.stdin:
        requests.put(json.loads(line))
    os._exit(0)  # nobody waits for the image any more; nothing half-written has a final name


def resident_mb() -> float:
    """What this process holds in memory, in MB; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _environment() -> dict:
    """This process's; numpy's products are small here: threads for them cost more than they bring."""
    return {"OPENBLAS_NUM_THREADS": "1", **os.environ}


def _command() -> list:
    """How to start a worker: with this Python, or with the Blender this runs in.

    The package need not be enabled there, and nobody's own settings or add-ons are loaded.
    """
    start = f"import sys; sys.path.insert(0, {str(_PACKAGE.parent)!r}); import {_PACKAGE.name}; {_PACKAGE.name}.main()"
    blender = sys.modules["bpy"].app.binary_path if "bpy" in sys.modules else ""
    if not blender:
        return [sys.executable, "-c", start, "worker"]
    return [blender, "-b", "--factory-startup", "--python-expr", start, "--", "worker"]
