"""The worked examples of CONTRIBUTING.md: each change applies to the current code, and its commands print the text."""

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
    """Read the examples -> [(heading, change, commands, their output)]."""
    parts = _HEADING.split((REPOSITORY / "CONTRIBUTING.md").read_text())[1:]
    matches = [(title, _RECIPE.search(text)) for title, text in zip(parts[::2], parts[1::2])]
    return [(title, *match.groups()) for title, match in matches if match]


def _copy(folder):
    """Copy the packages with the body, but without the asset pack that some machines have."""
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


def test_a_recipe_changes_few_files():
    """At most four for what is added most often: a posture and a setting, and an export format of the trainer."""
    page = (REPOSITORY / "CONTRIBUTING.md").read_text()
    files = {title: re.findall(r"^\+\+\+ b/(\S+)", change, re.M) for title, change, _, _ in _recipes()}
    export_format = page.split("### An export format\n")[1].split("\n### ")[0]
    files["Export format"] = re.findall(r"^\+\+\+ b/(\S+)", export_format, re.M)
    counts = {title: len(set(names)) for title, names in files.items()}
    often = [title for title in counts if "posture" in title or "setting" in title or title == "Export format"]
    assert len(often) >= 4
    assert {title: counts[title] for title in often if counts[title] > 4} == {}


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
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache", "."], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout
