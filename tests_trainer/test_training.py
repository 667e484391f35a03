"""The training step and the loop: loss account, sides of the input, precision, validation sets, early stopping."""

from __future__ import annotations

import json
import math

import keras
import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from trainer.errors import TrainerError, TrainingDiverged
from trainer.fitting.compiled_stage import input_sides
from trainer.fitting.config import FitConfig, resolve
from trainer.fitting.fit import fit
from trainer.fitting.network_copies import trained_copy, use_precision
from trainer.fitting.records import describe_epoch
from trainer.fitting.run_folder import FitInputs
from trainer.fitting.training_model import LossAccount, note_terms
from trainer.loss.terms import TERMS
from trainer.network.architectures import make_spec
from trainer.network.build import build_network

from .commands import read_history
from .conftest import TWO_HEADS, make_dataset
from .refusals import refusal

pytestmark = pytest.mark.usefixtures("eager")
OPTIONS = {"model": TWO_HEADS, "size": 64, "epochs": 1, "batch": 2}


@pytest.fixture(scope="module")
def wards(tmp_path_factory):
    base = tmp_path_factory.mktemp("wards")
    return make_dataset(base / "a", width=64, height=64), make_dataset(base / "b", width=64, height=64, seed=2)


def test_the_account_gives_means_and_names_the_first_term_that_is_not_finite():
    account = LossAccount(TERMS["darknet"])
    names = TERMS["darknet"]
    for value in (1.0, 3.0):
        note_terms(account.state, keras.ops.convert_to_tensor([value, 0.0, 0.0, 0.0, 1.0]))
    assert account.means() == {"loss": 3.0, **dict(zip(names, (2.0, 0.0, 0.0, 0.0, 1.0)))}
    account.check(1)
    for size, object_term in ((math.nan, 1.0), (math.inf, math.inf)):
        note_terms(account.state, keras.ops.convert_to_tensor([0.0, size, object_term, 0.0, 0.0]))
    with refusal(TrainingDiverged, "size", "nan", "epoch 7", "step 3"):
        account.check(7)
    account.clear()
    note_terms(account.state, keras.ops.convert_to_tensor([0.0, 0.0, 0.0, 0.0, -math.inf]))
    with refusal(TrainingDiverged, "class", "-inf", "epoch 8", "step 1"):
        account.check(8)


def test_the_sides_of_several_scales_are_multiples_of_the_stride():
    spec = make_spec("yolov3-tiny", 416, ("person",), (1,))
    assert input_sides(FitConfig(multi_scale=0.25), spec) == (320, 352, 384, 416, 448, 480, 512)
    assert input_sides(FitConfig(), spec) == (416,)
    small = make_spec("yolov3-tiny", 64, ("person",), (1,))
    assert input_sides(FitConfig(multi_scale=0.9, size=64), small) == (32, 64, 96)


def test_half_precision_leaves_weights_and_heads_in_full():
    network = build_network(make_spec("yolov3-tiny", 64, ("person",), (1,)))
    pixels = np.random.default_rng(0).random((1, 64, 64, 3), dtype=np.float32)
    full = [keras.ops.convert_to_numpy(head) for head in network(pixels)]
    use_precision(network, "mixed_bfloat16")
    heads = network(pixels)
    assert {keras.backend.standardize_dtype(head.dtype) for head in heads} == {"float32"}
    assert {variable.dtype for variable in network.variables} == {"float32"}
    inner = keras.Model(network.input, network.get_layer("conv005").output)
    assert keras.backend.standardize_dtype(inner(pixels).dtype) == "bfloat16"
    for exact, rounded in zip(full, heads):
        difference = np.abs(exact - keras.ops.convert_to_numpy(rounded)).max()
        assert 0 < difference < 0.1 * exact.std() + 1e-3


def test_the_trained_copy_is_the_network():
    spec = make_spec("yolov3-tiny", 64, ("person",), (1,))
    network = build_network(spec)
    pixels = np.random.default_rng(0).random((1, 64, 64, 3), dtype=np.float32)
    copy = trained_copy(network, spec, FitConfig(size=64, multi_scale=0.5))
    for mine, theirs in zip(copy(pixels), network(pixels)):
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(mine), keras.ops.convert_to_numpy(theirs))
    assert copy(np.zeros((1, 96, 96, 3), np.float32))[0].shape == (1, 3, 3, 18)


def test_everything_at_once_on_two_worlds(wards, tmp_path):
    """Weighted data, named sets, sides, half precision, accumulated gradients, averaged weights: one short run."""
    synthetic, real = wards
    inputs = FitInputs(
        data=(f"{synthetic}@3", f"{real}[:3]@1"),
        out=tmp_path / "run",
        validation=(f"real={real}[3:]", f"synthetic={synthetic}[:2]"),
        given={"set": ["ema=0.9"]},
    )
    settings = ["multi_scale=0.5", "precision=mixed_bfloat16", "accumulate=2", "ema=0.9", "optimizer=adamw"]
    result = fit(inputs, resolve(None, [*settings, "weight_decay=0.01"], {**OPTIONS, "epochs": 2}))
    assert set(result["sets"]) == {"real", "synthetic"}
    assert result["validation"] == {"epoch": result["validation"]["epoch"], **result["sets"]["real"]}
    history = (tmp_path / "run" / "history.csv").read_text().splitlines()
    assert history[0].endswith("real_AP50,real_AP,synthetic_AP50,synthetic_AP,gap_AP50")
    for row in read_history(tmp_path / "run"):
        assert row["gap_AP50"] == pytest.approx(row["synthetic_AP50"] - row["real_AP50"])
    stored = json.loads((tmp_path / "run" / "config.json").read_text())
    assert stored["inputs"]["data"] == list(inputs.data)
    assert stored["inputs"]["given"] == {"set": ["ema=0.9"]}
    assert {path.name for path in (tmp_path / "run").glob("validation*.png")} == {
        "validation_real.png",
        "validation_synthetic.png",
    }
    saved = keras.models.load_model(result["last"])
    assert saved.input_shape == (None, 64, 64, 3)
    assert {layer.dtype_policy.name for layer in saved.layers} == {"float32"}
    assert all(layer.trainable for layer in saved.layers)

    events = EventAccumulator(str(tmp_path / "run" / "tensorboard")).Reload()
    logged = {event.step: event.value for event in events.Scalars("validation/real_AP50")}
    assert logged == pytest.approx({row["epoch"]: row["real_AP50"] for row in read_history(tmp_path / "run")})
    assert {"loss/loss", "loss/object", "learning_rate", "speed/pictures_per_second"} <= set(events.Tags()["scalars"])
    assert {"train_batch_1", "validation_real"} <= set(events.Tags()["images"])


def test_patience_ends_a_training_that_gets_no_better(wards, tmp_path, capsys):
    """At the smallest learning rate nothing changes: the first epoch stays the best."""
    settings = ["patience=2", "learning_rate=1e-8", "batch_norm_momentum=0.9999", "validate_every=1"]
    inputs = FitInputs(data=(str(wards[0]),), out=tmp_path / "run", validation=(str(wards[0]),))
    result = fit(inputs, resolve(None, settings, {**OPTIONS, "epochs": 50}))
    assert result["epochs"] < 20
    assert result["epochs"] == result["validation"]["epoch"] + 2
    assert not result["interrupted"]
    assert "2 epochs (patience)" in capsys.readouterr().err


def test_what_cannot_be_frozen_is_refused_before_anything_is_written(wards, tmp_path):
    inputs = FitInputs(data=(str(wards[0]),), out=tmp_path / "run")
    with refusal(TrainerError, "first-99"):
        fit(inputs, resolve(None, ["freeze=none:1,first-99:1"], {**OPTIONS, "model": "yolov3-tiny", "epochs": 2}))
    assert not (tmp_path / "run").exists()


def test_a_rate_that_was_not_measured_is_left_out():
    row = {"epoch": 1, "loss": 2.0, **dict.fromkeys(TERMS["modern"], 0.5)}
    terms = "(box 0.50 object 0.50 background 0.50 class 0.50)"
    assert describe_epoch(row, 3, TERMS["modern"], 0.0) == f"epoch 1/3  loss 2.00 {terms}"
    assert describe_epoch(row, 3, TERMS["modern"], 7.25) == f"epoch 1/3  loss 2.00 {terms}  7.2 images/s"


def test_a_set_that_decides_must_be_there(wards, tmp_path):
    inputs = FitInputs(data=(str(wards[0]),), out=tmp_path / "run", validation=(str(wards[0]),))
    with refusal(TrainerError, "best_on", "real"):
        fit(inputs, resolve(None, ["best_on=real"], OPTIONS))
    assert not (tmp_path / "run").exists()


def test_several_devices_need_a_backend_that_splits_batches(wards, tmp_path):
    if keras.backend.backend() == "jax":
        pytest.skip("JAX splits batches")
    inputs = FitInputs(data=(str(wards[0]),), out=tmp_path / "run")
    with pytest.raises(TrainerError, match="KERAS_BACKEND=jax"):
        fit(inputs, resolve(None, [], {**OPTIONS, "devices": 2}))
