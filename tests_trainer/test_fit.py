"""Training end to end on drawn figures: it learns, is reproducible, stops where it must."""

from __future__ import annotations

import json

import keras
import numpy as np
import pytest
from PIL import Image

from trainer.detection.detector import Detector
from trainer.detection.labelled import detect_examples
from trainer.errors import TrainerError, TrainingDiverged
from trainer.examples.images import checked
from trainer.examples.readers import read_data
from trainer.fitting.config import resolve
from trainer.fitting.fit import fit
from trainer.fitting.run_folder import FitInputs
from trainer.metrics.evaluate import evaluate
from trainer.models.files import load_model
from trainer.network.architectures import make_spec
from trainer.network.build import build_network

from .commands import read_history
from .conftest import TWO_HEADS, make_dataset
from .network_referees import write_random_weights
from .refusals import refusal

pytestmark = pytest.mark.usefixtures("eager")
QUICK = ["augment.mosaic=0.5", "warmup=0", "loss=darknet"]
OPTIONS = {"model": TWO_HEADS, "size": 64, "epochs": 2, "batch": 2}


def quick_fit(data, out, settings=(), weights=None, validation=(), **options):
    inputs = FitInputs(data=(str(data),), out=out, weights=weights, validation=validation)
    return fit(inputs, resolve(None, [*QUICK, *settings], {**OPTIONS, **options}))


def test_a_small_set_is_learnt(trained):
    assert trained["result"]["validation"]["AP50"] > 0.8
    history = read_history(trained["run"])
    assert len(history) == 100
    assert history[-1]["object"] < history[0]["object"] / 4  # the centre's cross-entropy never reaches zero


def test_the_run_folder_is_whole(trained):
    run = trained["run"]
    assert {path.name for path in run.iterdir()} == {
        *("config.json", "best.keras", "last.keras", "history.csv", "checkpoint.npz", "tensorboard"),
        *("curve.png", "train_batch_1.png", "train_batch_2.png", "validation.png"),
    }
    config = json.loads((run / "config.json").read_text())
    assert config["settings"]["learning_rate"] == 0.005
    assert config["inputs"]["data"] == [str(trained["data"])]
    assert config["detector"]["classes"] == ["person"]
    assert config["detector"]["category_ids"] == [3]
    assert config["stages"] == [
        {
            **{"number": 1, "freeze": "none", "first_epoch": 1, "epochs": 100, "learning_rate": 0.005, "batch": 4},
            **{"optimizer": "adam", "warmup": 0.05, "final_rate": 0.02},
        }
    ]
    assert config["data"]["pictures"] == 8
    for name in ("curve.png", "train_batch_1.png", "validation.png"):
        with Image.open(run / name) as image:
            assert image.width > 200


def test_the_best_weights_score_what_the_run_says(trained):
    network, spec = load_model(str(trained["run"]))
    examples = checked(read_data(str(trained["data"])))
    metrics = evaluate(examples, detect_examples(Detector(network, spec), examples))
    reported = {key: value for key, value in trained["result"]["validation"].items() if key != "epoch"}
    assert metrics == reported


def test_a_bare_keras_file_needs_no_code_of_this_program(trained):
    """Keras alone loads it, safe mode on, and every layer is Keras's own."""
    network = keras.models.load_model(trained["run"] / "best.keras")
    assert all(type(layer).__module__.startswith("keras.") for layer in network.layers)
    _, spec = load_model(str(trained["run"] / "best.keras"))
    assert (spec.size, spec.classes, spec.category_ids) == (128, ("person",), (3,))


def test_the_same_seed_gives_the_same_run(ward, tmp_path):
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        quick_fit(ward, tmp_path / name, seed=seed)
    histories = {name: (tmp_path / name / "history.csv").read_text() for name in "abc"}
    assert histories["a"] == histories["b"] != histories["c"]


@pytest.mark.slow
def test_the_same_seed_gives_the_same_nano_at_full_size(tmp_path):
    """Large maps are split among threads: there the order of additions can change from run to run."""
    data = make_dataset(tmp_path / "ward", count=6, width=416, height=416)
    for name in "ab":
        quick_fit(data, tmp_path / name, model="yolov3-nano", size=416)
    assert (tmp_path / "a" / "history.csv").read_text() == (tmp_path / "b" / "history.csv").read_text()


def test_an_existing_run_is_not_touched(trained):
    before = {path: path.stat().st_mtime_ns for path in trained["run"].iterdir()}
    with pytest.raises(TrainerError, match="--resume"):
        quick_fit(trained["data"], trained["run"])
    assert before == {path: path.stat().st_mtime_ns for path in trained["run"].iterdir()}


def test_a_folder_with_other_things_is_not_touched(ward, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    with refusal(TrainerError, "out"):
        quick_fit(ward, tmp_path / "out")


@pytest.mark.parametrize("weights", ["truncated.weights", "none.weights", "other.keras"])
def test_unusable_weights_leave_nothing_behind(ward, tmp_path, weights):
    (tmp_path / "truncated.weights").write_bytes(bytes(2000))
    (tmp_path / "other.keras").write_bytes(b"no zip")
    with pytest.raises(TrainerError, match=weights):
        quick_fit(ward, tmp_path / "run", weights=str(tmp_path / weights))
    assert not (tmp_path / "run").exists()


def test_data_without_a_box_is_refused(tmp_path):
    data = make_dataset(tmp_path / "ward", count=2, ignore=True)
    with refusal(TrainerError, "person", 2):
        quick_fit(data, tmp_path / "run")


def test_starting_from_darknet_weights(ward, tmp_path):
    source = build_network(make_spec("yolov3-tiny", 64, tuple("abc"), (1, 2, 3)))
    write_random_weights(tmp_path / "three.weights", source)
    weights = str(tmp_path / "three.weights")
    quick_fit(ward, tmp_path / "run", ["learning_rate=1e-8"], weights, model="yolov3-tiny", epochs=1)
    network, spec = load_model(str(tmp_path / "run"))
    assert spec.head.anchors[0] == (10.0, 14.0)  # the published ones: the weights know them
    from trainer.network.darknet_weights import fill, read_weights

    fill(source, read_weights(tmp_path / "three.weights"))
    np.testing.assert_allclose(
        network.get_layer("conv004").get_weights()[0], source.get_layer("conv004").get_weights()[0], atol=1e-5
    )


def test_starting_from_an_own_run(trained, tmp_path):
    result = quick_fit(
        trained["data"],
        tmp_path / "run",
        ["learning_rate=1e-6", "batch_norm_momentum=0.9999"],
        str(trained["run"]),
        (str(trained["data"]),),
        size=128,
        epochs=1,
    )
    assert result["validation"]["AP50"] > 0.7


def test_a_loss_that_is_not_finite_stops_and_is_named(ward, tmp_path):
    with pytest.raises(TrainingDiverged, match=r"'\w+' became (nan|inf) in epoch \d+, step \d+"):
        quick_fit(ward, tmp_path / "run", ["learning_rate=10", "clip_norm=0", "optimizer=sgd"], epochs=40)


def test_fresh_heads_of_the_modern_loss_reach_their_neighbours(ward, tmp_path):
    """By darknet's own scale_x_y, which goes with the model; the settings say which loss it was."""
    quick_fit(ward, tmp_path / "run", ["loss=auto"], epochs=1)
    _, spec = load_model(str(tmp_path / "run"))
    assert spec.head.scale_x_y == (2.0, 2.0)
    assert json.loads((tmp_path / "run" / "config.json").read_text())["settings"]["loss"] == "modern"
    assert {"box", "object", "background", "class"} <= set(read_history(tmp_path / "run")[0])


def test_ema_and_weight_decay_train(ward, tmp_path):
    result = quick_fit(ward, tmp_path / "run", ["ema=0.9", "weight_decay=0.001"], validation=(str(ward),))
    assert result["epochs"] == 2


@pytest.mark.slow
def test_tiny_overfits_a_small_set(tmp_path):
    data = make_dataset(tmp_path / "ward", count=16, width=160, height=160)
    settings = ["augment.scale=0.1", "augment.translate=0.05", "validate_every=10"]
    inputs = FitInputs(data=(str(data),), out=tmp_path / "run", validation=(str(data),))
    options = {"model": "yolov3-tiny", "size": 160, "epochs": 80, "batch": 4, "learning_rate": 1e-3}
    result = fit(inputs, resolve(None, settings, options))
    assert result["validation"]["AP50"] > 0.98
