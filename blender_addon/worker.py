"""A worker process: its own Blender, one picture after the other.

Requests come as JSON lines on standard input: first the job, then one index after the other. Replies go
to standard output as JSON lines behind a mark, for Blender prints its own lines before the first picture;
what it prints later is dropped.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).resolve().parent
_MARK = "wardsynth-reply "


class WorkerDiedError(RuntimeError):
    """The worker process ended in the middle of a picture."""


class Worker:
    """The parent's end of a worker process."""

    def __init__(self, job: Mapping[str, Any]) -> None:
        self._process = subprocess.Popen(
            _command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self._send(job)

    def make(self, index: int) -> str:
        """Make picture ``index``; returns "" or why it failed. Raises WorkerDiedError."""
        try:
            self._send({"index": index})
        except BrokenPipeError:
            raise self._death() from None
        for line in self._process.stdout:
            if line.startswith(_MARK):
                return json.loads(line[len(_MARK) :])["error"]
        raise self._death()

    def stop(self) -> None:
        """End the process; a picture it is at is lost, nothing half-written stays under a final name."""
        self._process.terminate()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()

    def _death(self) -> WorkerDiedError:
        return WorkerDiedError(f"the worker process ended with code {self._process.wait()}")

    def _send(self, message: Mapping[str, Any]) -> None:
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()


def serve() -> int:
    """The worker's own end: make what is asked for until standard input ends."""
    with quiet_stdout() as replies:
        from .job import write_picture

        job = json.loads(sys.stdin.readline())
        for line in iter(sys.stdin.readline, ""):
            error = write_picture(
                Path(job["out"]), job["config"], job["seed"], json.loads(line)["index"], job["device"], job["threads"]
            )
            replies.write(_MARK + json.dumps({"error": error}) + "\n")
            replies.flush()
    return 0


@contextmanager
def quiet_stdout() -> Iterator[Any]:
    """Drop what Blender prints to standard output, a line for every object it renders; yields the real one."""
    sys.stdout.flush()
    kept = os.dup(1)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    try:
        with os.fdopen(os.dup(kept), "w") as real:
            yield real
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def _command() -> list:
    """How to start a worker: with this Python, or with the Blender this runs in.

    The package is imported from where it lies, whatever it is called and whether or not it is enabled there; nobody's
    own settings or add-ons are loaded.
    """
    start = f"import sys; sys.path.insert(0, {str(_FOLDER.parent)!r}); import {_FOLDER.name}; {_FOLDER.name}.main()"
    blender = sys.modules["bpy"].app.binary_path if "bpy" in sys.modules else ""
    if not blender:
        return [sys.executable, "-c", start, "worker"]
    return [blender, "-b", "--factory-startup", "--python-expr", start, "--", "worker"]
