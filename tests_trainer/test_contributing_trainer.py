"""The worked examples of CONTRIBUTING.md for the trainer: each change applies to the current code and works."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import make_dataset
from .warm_trainer import warm_trainer

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "CONTRIBUTING.md"
SECTION = re.compile(r"^### (.+?)\n(.*?)(?=^#{1,3} |\Z)", re.M | re.S)
DIFF, COMMANDS = (re.compile(rf"^```{kind}\n(.*?)^```", re.M | re.S) for kind in ("diff", "sh"))


def worked_examples():
    """Read the sections that change the trainer -> {title: (changes, commands)}."""
    examples = {
        title: (DIFF.findall(text), COMMANDS.findall(text)) for title, text in SECTION.findall(PAGE.read_text())
    }
    return {title: one for title, one in examples.items() if any("+++ b/trainer/" in change for change in one[0])}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the program with every change applied, data beside it, and a ``trainer`` that runs the copy."""
    folder = tmp_path_factory.mktemp("contributing")
    for package in ("trainer", "shared_format"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    for changes, _ in worked_examples().values():
        for change in changes:
            subprocess.run(["git", "apply", "-"], input=change, text=True, cwd=folder, check=True)
    make_dataset(folder / "demo" / "dataset")
    (folder / "bin").mkdir()
    with warm_trainer(folder / "bin", folder):
        yield folder


def test_the_examples_are_there():
    assert list(worked_examples()) == ["A network", "A slice, a metric", "An export format", "A task"]


def test_a_network_a_slice_a_metric_a_format_and_a_task_work_as_written(copy):
    path = f"{copy / 'bin'}{os.pathsep}{os.environ['PATH']}"
    for title, (_, commands) in worked_examples().items():
        assert commands, title
        for block in commands:
            done = subprocess.run(
                ["sh", "-e", "-c", block], cwd=copy, env={**os.environ, "PATH": path}, capture_output=True, text=True
            )
            assert done.returncode == 0, f"{title}: {block}{done.stderr[-2000:]}"
    assert json.loads((copy / "run" / "config.json").read_text())["detector"]["model"] == "yolov3-pico"
    score = json.loads((copy / "score.json").read_text())
    assert sum(one["boxes"] for one in score["slices"]["shape"].values()) == score["boxes"]
    assert set(score["slices"]["shape"]) <= {"upright", "square", "wide"}
    assert 0 <= score["best_f_half"] <= 1
    found = json.loads((copy / "found.json").read_text())
    assert len(found["pictures"]) == 6
    assert not found["failed"]
    card = json.loads((copy / "exported" / "detector_graph.keras.json").read_text())
    assert card["format"] == "keras_graph"
    assert card["largest_difference"]["score"] < 1e-3
    counts = json.loads((copy / "counts.json").read_text())
    assert (counts["task"], counts["settings"]["classes"]) == ("count", ["person"])
    assert counts["intervals"]["mean_error"][0] <= counts["mean_error"] <= counts["intervals"]["mean_error"][1]
    assert [row["level"] for row in counts["degradations"]["blur"]["levels"]] == [None, 30]
    assert "mean_error" in (copy / "counted_report" / "index.html").read_text()
    compared = json.loads((copy / "counts_compared" / "metrics.json").read_text())
    assert {row["metric"] for row in compared["differences"]} == {"exact", "mean_error"}


def test_a_task_opens_few_files():
    files = [name for change in worked_examples()["A task"][0] for name in re.findall(r"^\+\+\+ b/(.+)$", change, re.M)]
    assert len(files) == len(set(files))
    assert "trainer/tasks/__init__.py" in files
    assert len(files) <= 12


def test_the_changed_program_keeps_its_style(copy):
    shutil.copy(ROOT / "pyproject.toml", copy)
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache", "trainer"], cwd=copy, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
