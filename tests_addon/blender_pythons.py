"""The ``bpy`` modules that are here: this Python's and that of ``make setup-5.0``; code runs in its own process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPOSITORY

_FIVE = REPOSITORY / ".venv-5.0" / "bin" / "python"
_PROLOGUE = """
import json, pathlib, bpy
def answer(value): pathlib.Path({path!r}).write_text(json.dumps(value))
def datablocks():
    kinds = [p.identifier for p in bpy.data.bl_rna.properties if p.type == "COLLECTION"]
    return {{kind: len(getattr(bpy.data, kind)) for kind in kinds}}
"""
REGISTERED = "import blender_addon; blender_addon.register()\n"


@pytest.fixture(params=["4.5", "5.0"])
def bpy_python(request):
    """A Python with ``bpy`` of each version."""
    pytest.importorskip("bpy", reason="needs the bpy module")
    if request.param == "4.5":
        return Path(sys.executable)
    if not _FIVE.exists():
        pytest.skip("no bpy 5.0 here; `make setup-5.0` installs it")
    return _FIVE


def as_drawn(path):
    """The record of a dataset without the sums of its files: what a preview has of it."""
    said = json.loads(Path(path).read_text())
    assert said.pop("sha256")
    return said


def run_python(python, code, folder, cwd=REPOSITORY, timeout=600):
    """Run ``code`` where ``import bpy`` works; what it hands to ``answer`` comes back."""
    path = Path(folder) / "answer.json"
    path.unlink(missing_ok=True)
    done = subprocess.run(
        [str(python), "-c", _PROLOGUE.format(path=str(path)) + code],
        cwd=cwd,
        env={**os.environ, "BLENDER_USER_RESOURCES": str(folder), "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    assert path.is_file(), done.stdout[-1500:] + done.stderr[-3000:]
    return json.loads(path.read_text())
