"""A training that was stopped or killed at any moment resumes with the results of an unbroken one."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import keras
import numpy as np
import pytest

from trainer.cli import cli, run
from trainer.errors import TrainerError
from trainer.fitting.checkpoint import read_checkpoint
from trainer.fitting.compiled_stage import CompiledStage
from trainer.fitting.prepared_run import prepare_run
from trainer.fitting.run_folder import read_run
from trainer.models.run_files import CHECKPOINT

from .conftest import TWO_HEADS, make_dataset
from .refusals import refusal

ROOT = Path(__file__).resolve().parents[1]
# Two stages, an average, half-summed gradients: all that could be lost. A checkpoint after every step.
WORDS = ["--model", TWO_HEADS, "--size", "64", "--epochs", "4", "--batch", "2", "--freeze", "backbone:1"]
WORDS += ["--set", "ema=0.99", "--set", "accumulate=2", "--set", "checkpoint_minutes=0", "--set", "augment.mosaic=0.5"]


def trainer(*words):
    return run(cli, ["fit", *(str(word) for word in words)])


def weights(run_folder):
    return keras.models.load_model(run_folder / "last.keras").get_weights()


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    """A set of six images and a run on it that nothing disturbed."""
    base = tmp_path_factory.mktemp("unbroken")
    data = make_dataset(base / "ward", width=64, height=64)
    assert trainer(data, "--val", data, "--out", base / "run", *WORDS) == 0
    return data, base / "run"


def assert_equal_runs(one, other):
    assert (one / "history.csv").read_text() == (other / "history.csv").read_text()
    for mine, theirs in zip(weights(one), weights(other)):
        np.testing.assert_array_equal(mine, theirs)


def test_a_killed_run_resumes_with_the_same_results(unbroken, tmp_path, capsys):
    data, whole = unbroken
    command = [sys.executable, "-m", "trainer", "fit", str(data), "--val", str(data), "--out", str(tmp_path), *WORDS]
    # The same numbers need the same threads: this process may have been given others than a fresh one.
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, env=dict(os.environ))
    history = tmp_path / "history.csv"
    limit = time.monotonic() + 120
    while time.monotonic() < limit and not (history.is_file() and len(history.read_text().splitlines()) > 2):
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    state, arrays = read_checkpoint(tmp_path)
    assert arrays is not None
    assert not state.finished
    assert trainer("--out", tmp_path, "--resume") == 0  # DATA and settings are as they were
    assert_equal_runs(whole, tmp_path)
    assert str(tmp_path / "best.keras") in capsys.readouterr().out


def test_ctrl_c_stops_after_the_step_and_says_how_to_resume(unbroken, tmp_path, monkeypatch, capsys):
    data, whole = unbroken
    steps = []

    def step_with_ctrl_c(self, pixels, answers, step=CompiledStage.step):
        step(self, pixels, answers)
        steps.append(pixels)
        if len(steps) == 5:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(CompiledStage, "step", step_with_ctrl_c)
    assert trainer(data, "--val", data, "--out", tmp_path / "a run", *WORDS) == 130
    assert f"trainer fit --out '{tmp_path / 'a run'}' --resume" in capsys.readouterr().err
    assert len(steps) == 5  # in the middle of the second epoch
    state, _ = read_checkpoint(tmp_path / "a run")
    assert (state.epoch, state.step, state.stage) == (1, 2, 2)
    assert len(weights(tmp_path / "a run")) == len(weights(whole))
    # The command as it was first given, with --resume.
    assert trainer(data, "--val", data, "--out", tmp_path / "a run", *WORDS, "--resume", "--json") == 0
    assert len(steps) == 12
    assert_equal_runs(whole, tmp_path / "a run")
    result = json.loads(capsys.readouterr().out)
    assert (result["epochs"], result["interrupted"]) == (4, False)


def test_a_run_that_has_ended_is_left_alone(unbroken, capsys):
    data, whole = unbroken
    before = {path: path.stat().st_mtime_ns for path in whole.rglob("*")}
    assert trainer(data, "--val", data, "--out", whole, *WORDS, "--resume") == 0
    assert "(4 epochs" in capsys.readouterr().out
    assert before == {path: path.stat().st_mtime_ns for path in whole.rglob("*")}
    assert (whole / CHECKPOINT).stat().st_size < 20_000  # what only a training needs is gone


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--batch", "4"], "batch 2, now 4"),
        (["--set", "augment.flip=0"], "augment.flip 0.5, now 0.0"),
        (["--classes", "bed"], r"classes \('person',\), now \('bed',\)"),
        (["--set", "bach=4"], "did you mean 'batch'"),
    ],
)
def test_another_training_cannot_resume_it(unbroken, capsys, words, message):
    _, whole = unbroken
    assert trainer("--out", whole, "--resume", *words) == 2
    error = capsys.readouterr().err
    assert len(error.strip().splitlines()) == 1
    assert re.search(message, error)


def test_a_run_without_a_checkpoint_says_that_it_starts_again(unbroken, capsys):
    _, whole = unbroken
    inputs, config = read_run(whole)
    prepare_run(inputs, config, resuming=True, has_weights=False)
    assert "no checkpoint.npz here" in capsys.readouterr().err


def test_nothing_to_resume(tmp_path, capsys):
    assert trainer("--out", tmp_path / "none", "--resume") == 2
    assert str(tmp_path / "none") in capsys.readouterr().err
    assert trainer("--out", tmp_path / "none") == 2
    assert "DATA" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_a_run_of_a_time_when_a_setting_had_another_name_is_resumed(unbroken, tmp_path, capsys):
    data, _ = unbroken
    words = ["--model", TWO_HEADS, "--size", "32", "--epochs", "1", "--batch", "2", "--set", "epoch_pictures=4"]
    assert trainer(data, "--out", tmp_path / "run", *words) == 0
    file = tmp_path / "run" / "config.json"
    stored = json.loads(file.read_text())
    assert stored["settings"].pop("epoch_images") == 4
    stored["settings"]["epoch_pictures"] = 4
    file.write_text(json.dumps(stored))
    (tmp_path / "run" / CHECKPOINT).unlink()  # so that there is something left to train
    assert trainer(data, "--out", tmp_path / "run", *words, "--resume") == 0
    assert trainer("--out", tmp_path / "run", "--resume", "--set", "epoch_images=6") == 2
    assert "epoch_images 4, now 6" in capsys.readouterr().err


def test_a_run_on_changed_data_cannot_be_resumed(unbroken, tmp_path, capsys):
    _, whole = unbroken
    (tmp_path / "run").mkdir()  # of a run killed in its first epoch
    config = json.loads((whole / "config.json").read_text())
    config["data"]["fingerprint"] = "other"
    (tmp_path / "run" / "config.json").write_text(json.dumps(config))
    assert trainer("--out", tmp_path / "run", "--resume") == 2
    assert "6 images" in capsys.readouterr().err


def test_a_broken_checkpoint_is_named(tmp_path):
    (tmp_path / CHECKPOINT).write_bytes(b"PK\x03\x04 half a zip")
    with refusal(TrainerError, "checkpoint.npz"):
        read_checkpoint(tmp_path)
