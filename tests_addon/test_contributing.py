"""The recipes of CONTRIBUTING.md: each change applies to the packages as they are, and does what the text says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPOSITORY

_PACKAGES = ("blender_addon", "shared_format", "trainer")
_HEADING = re.compile(r"^## (.*)\n", re.M)
_RECIPE = re.compile(r"^```diff\n(.*?)^```\n+```sh\n(.*?)^```\n+```text\n(.*?)^```", re.M | re.S)


def _recipes():
    """[(heading, change, commands, what they print)]."""
    parts = _HEADING.split((REPOSITORY / "CONTRIBUTING.md").read_text())[1:]
    found = [(title, _RECIPE.search(text)) for title, text in zip(parts[::2], parts[1::2])]
    return [(title, *match.groups()) for title, match in found if match]


def _copy(folder):
    """The packages, with the body and without the furniture that some machines have beside it."""
    for package in _PACKAGES:
        shutil.copytree(
            REPOSITORY / package,
            folder / package,
            ignore=shutil.ignore_patterns("__pycache__", "assets", "shared_format"),
        )
    assets = folder / "blender_addon" / "assets"
    assets.mkdir()
    (assets / "body.npz").symlink_to(REPOSITORY / "blender_addon" / "assets" / "body.npz")


@pytest.mark.parametrize(("change", "commands", "printed"), [pytest.param(*r[1:], id=r[0]) for r in _recipes()])
def test_a_recipe_applies_and_does_what_it_says(change, commands, printed, tmp_path):
    _copy(tmp_path)
    patched = subprocess.run(
        ["patch", "-p1", "--fuzz=0", "--batch"], cwd=tmp_path, input=change, capture_output=True, text=True
    )
    assert patched.returncode == 0, patched.stdout
    done = subprocess.run(
        ["sh", "-e", "-c", commands],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout == printed


def test_every_recipe_is_run():
    changes = re.findall(r"^```diff\n(.*?)^```", (REPOSITORY / "CONTRIBUTING.md").read_text(), re.M | re.S)
    ours = [change for change in changes if "+++ b/blender_addon/" in change]
    assert [change for _, change, _, _ in _recipes()] == ours
    assert len(ours) >= 5


def test_the_recipes_together_keep_the_style(tmp_path):
    _copy(tmp_path)
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    for _, change, _, _ in _recipes():
        subprocess.run(["patch", "-p1", "--batch", "-s"], cwd=tmp_path, input=change, text=True, check=True)
    for words in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *words, "--no-cache", "."], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout
