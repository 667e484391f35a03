"""Fixtures: a small dataset rendered once, and Python code run in Blender.

Blender runs in separate processes, since the tests of the trainer load TensorFlow into this one.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests_trainer.once import once

__all__ = ["once"]
MARK = "answer "  # begins the lines of ``blender_answers``
REPOSITORY = Path(__file__).resolve().parents[1]
SMALL = ["--size", "96x96", "--samples", "1", "--seed", "7"]


def run_wardsynth(*arguments, cwd=REPOSITORY, env=None):
    """Run ``python -m blender_addon ARGUMENTS``; returns the finished process."""
    return subprocess.run(
        [sys.executable, "-m", "blender_addon", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=600,
    )


def content(folder):
    """Read every file below ``folder`` -> {relative path: bytes}."""
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="session")
def wardsynth():
    """The command line, run as a user runs it."""
    return run_wardsynth


@pytest.fixture(scope="session")
def small_dataset(once):
    """The folder of five images of 96 x 96 pixels, rendered by two workers."""
    pytest.importorskip("bpy", reason="needs the bpy module")
    return once("small", _small_dataset)


def _small_dataset(folder):
    done = run_wardsynth("generate", "--out", folder / "ward", "--count", 5, "--workers", 2, *SMALL)
    assert done.returncode == 0, done.stderr
    return folder / "ward"


@pytest.fixture(scope="session")
def in_blender(tmp_path_factory):
    """Run Python ``code`` in a process with ``bpy`` and return the value that it passes to ``answer(value)``."""
    pytest.importorskip("bpy", reason="needs the bpy module")
    folder = tmp_path_factory.mktemp("in_blender")

    def run(code):
        path = folder / "answer.json"
        path.unlink(missing_ok=True)
        prologue = (
            f"import json, pathlib\ndef answer(value): pathlib.Path({str(path)!r}).write_text(json.dumps(value))\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", prologue + code], cwd=REPOSITORY, capture_output=True, text=True, timeout=300
        )
        assert path.is_file(), done.stderr[-3000:]
        return json.loads(path.read_text())

    return run


@pytest.fixture(scope="module")
def answers():
    """``answers(module, expression)``: the expression's value in Blender, in one process per test file."""
    pytest.importorskip("bpy", reason="needs the bpy module")
    folder = Path(__file__).parent
    running = subprocess.Popen(
        [sys.executable, folder / "blender_answers.py"],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(folder)])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def ask(module, expression):
        running.stdin.write(json.dumps([module, expression]) + "\n")
        running.stdin.flush()
        reply = json.loads(next(line for line in running.stdout if line.startswith(MARK))[len(MARK) :])
        assert "value" in reply, reply["error"]
        return reply["value"]

    yield ask
    running.stdin.close()
    running.wait(timeout=60)
    running.stdout.close()


@pytest.fixture(scope="session")
def blender():
    """The path of a real Blender executable with numpy."""
    path = shutil.which("blender")
    if path is None:
        pytest.skip("no Blender executable on this machine")
    return path
