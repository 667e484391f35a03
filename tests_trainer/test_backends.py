"""The same training on every backend of Keras that is installed: each in a process of its own."""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from trainer.models.files import save_model
from trainer.network.architectures import make_spec
from trainer.network.build import build_network

from .conftest import TWO_HEADS, make_dataset

ROOT = Path(__file__).resolve().parents[1]
# Plain gradient descent: Adam divides by the size of a gradient, and turns the last digit of a small one into a step.
WORDS = ["--model", TWO_HEADS, "--size", "64", "--epochs", "2", "--batch", "4", "--set", "optimizer=sgd"]
WORDS += ["--set", "learning_rate=1e-4", "--set", "momentum=0", "--set", "loss=darknet"]
OTHERS = [name for name in ("tensorflow", "jax", "torch") if name != keras.backend.backend()]


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """Images, a network to start from, and what this process's backend makes of them."""
    base = tmp_path_factory.mktemp("backends")
    data = make_dataset(base / "ward", count=8, width=64, height=64)
    spec = make_spec(TWO_HEADS, 64, ("person",), (3,))
    save_model(build_network(spec, 0.9, 0.01), spec, base / "start.keras")
    return data, base / "start.keras", trained(keras.backend.backend(), data, base / "start.keras", base / "own")


def trained(backend, data, weights, out, *words, **environment):
    """In a fresh process, fit, score and predict -> the rows of the history, (AP50, mean score of what is found)."""
    fit = ["fit", data, "--val", data, "--weights", weights, "--out", out, *WORDS, *words]
    predict = ["predict", out, data / "images", "--conf", 0.001, "--json"]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps([fit, ["eval", out, data, "--json"], predict], default=str)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "KERAS_BACKEND": backend, **environment},
    )
    assert done.returncode == 0, done.stderr
    with open(out / "history.csv", newline="") as handle:
        history = [{key: float(value) for key, value in row.items() if value} for row in csv.DictReader(handle)]
    *_, metrics, predicted = (json.loads(line) for line in done.stdout.splitlines() if line.startswith("{"))
    scores = [found["score"] for image in predicted["pictures"] for found in image["detections"]]
    return history, (metrics["AP50"], np.mean(scores))


def without_scores(row):
    return {name: value for name, value in row.items() if not name.endswith(("_AP", "_AP50"))}


SCRIPT = """
import json, sys
from trainer.cli import cli, run
sys.exit(max(run(cli, [str(word) for word in words]) for words in json.loads(sys.argv[1])))
"""


@pytest.mark.parametrize("backend", OTHERS)
def test_another_backend_trains_scores_and_predicts_alike(start, tmp_path, backend):
    """JAX does it on two devices, which have to give the curve of one."""
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed: pip install '.[{backend}]'")
    data, weights, (own_history, own_scores) = start
    devices = ["--devices", 2] if backend == "jax" else []
    flags = "--xla_force_host_platform_device_count=2"
    history, scores = trained(backend, data, weights, tmp_path / "run", *devices, XLA_FLAGS=flags)
    for mine, theirs in zip(history, own_history, strict=True):
        assert without_scores(mine) == pytest.approx(without_scores(theirs), rel=2e-3)
    assert scores == pytest.approx(own_scores, abs=2e-3)
