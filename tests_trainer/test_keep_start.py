"""``keep_start``: what is scored and saved lies between the weights a run began with and those it learned."""

from __future__ import annotations

import signal

import keras
import numpy as np
import pytest

from trainer.cli import cli, run
from trainer.fitting.compiled_stage import CompiledStage

from .conftest import TWO_HEADS, make_dataset

WORDS = ["--model", TWO_HEADS, "--size", "32", "--epochs", "2"]
WORDS += ["--batch", "2", "--set", "ema=0.9"]
KEEP = ["--set", "keep_start=0.6"]


def fit(*words):
    return run(cli, ["fit", *(str(word) for word in words)])


def weights(run_folder, file="last.keras"):
    return keras.models.load_model(run_folder / file).get_weights()


@pytest.fixture(scope="module")
def runs(tmp_path_factory, eager):
    """A set of images, a start, and what was trained from it without and with ``keep_start``."""
    base = tmp_path_factory.mktemp("keep")
    data = make_dataset(base / "ward", count=4, width=64, height=64)
    start = base / "start" / "last.keras"
    assert fit(data, "--out", base / "start", *WORDS) == 0
    assert fit(data, "--out", base / "plain", "--weights", start, *WORDS) == 0
    assert fit(data, "--out", base / "kept", "--weights", start, *WORDS, *KEEP) == 0
    return data, base


def test_the_requested_fraction_of_every_weight_is_kept(runs):
    _, base = runs
    for old, new, kept in zip(weights(base / "start"), weights(base / "plain"), weights(base / "kept")):
        np.testing.assert_allclose(kept, 0.6 * old + 0.4 * new, rtol=1e-5, atol=1e-6)
    assert not np.allclose(weights(base / "start")[0], weights(base / "plain")[0])


def test_a_stopped_run_resumes_with_its_own_start(runs, tmp_path, monkeypatch):
    data, base = runs
    start = tmp_path / "start.keras"
    start.write_bytes((base / "start" / "last.keras").read_bytes())
    steps = []

    def step_with_ctrl_c(self, pixels, answers, step=CompiledStage.step):
        step(self, pixels, answers)
        steps.append(1)
        if len(steps) == 3:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(CompiledStage, "step", step_with_ctrl_c)
    assert fit(data, "--out", tmp_path / "run", "--weights", start, *WORDS, *KEEP) == 130
    monkeypatch.undo()
    start.unlink()  # the run has its own
    assert fit("--out", tmp_path / "run", "--resume") == 0
    for mine, theirs in zip(weights(tmp_path / "run"), weights(base / "kept")):
        np.testing.assert_array_equal(mine, theirs)


def test_nothing_can_be_kept_of_a_fresh_start(runs, tmp_path, capsys):
    data, _ = runs
    assert fit(data, "--out", tmp_path / "run", *WORDS, *KEEP) == 2
    assert "keep_start is 0.6" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
