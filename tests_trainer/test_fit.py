"""Training end to end on drawn figures: it learns, repeats itself, stops where it must."""

from __future__ import annotations

import json

import keras
import numpy as np
import pytest
from PIL import Image

from shared_format import dataset
from trainer.architectures import make_spec
from trainer.augment import Augmentation
from trainer.batches import Batches
from trainer.config import resolve
from trainer.detect import Detector
from trainer.errors import TrainerError, TrainingDiverged
from trainer.evaluate import detect_examples, evaluate
from trainer.fit import FitInputs, fit
from trainer.model_files import load_detector
from trainer.network import build_network
from trainer.pictures import checked
from trainer.readers import read_data
from trainer.run_folder import read_history

from .conftest import make_dataset
from .test_network import write_random_weights

QUICK = ["augment.mosaic=0.5", "warmup=0"]
# The tiny network has a quarter of the layers: its graph is traced in a quarter of the time.
OPTIONS = {"model": "yolov3-tiny", "size": 64, "epochs": 2, "batch": 2}


def quick_fit(data, out, settings=(), weights=None, validation=None, **options):
    inputs = FitInputs(data=(str(data),), out=out, weights=weights, validation=validation)
    return fit(inputs, resolve(None, [*QUICK, *settings], {**OPTIONS, **options}))


def test_a_small_set_is_learnt(trained):
    assert trained["result"]["validation"]["AP50"] > 0.8
    history = read_history(trained["run"])
    assert len(history) == 40
    assert history[-1]["object"] < history[0]["object"] / 4  # the centre's cross-entropy never reaches zero


def test_the_run_folder_is_whole(trained):
    run = trained["run"]
    assert {path.name for path in run.iterdir()} == {
        *("config.json", "best.keras", "last.keras", "history.csv"),
        *("curve.png", "first_batch.png", "validation.png"),
    }
    config = json.loads((run / "config.json").read_text())
    assert config["settings"]["learning_rate"] == 0.003
    assert config["inputs"]["data"] == [str(trained["data"])]
    assert config["detector"]["classes"] == ["person"]
    assert config["detector"]["category_ids"] == [3]
    for name in ("curve.png", "first_batch.png", "validation.png"):
        with Image.open(run / name) as picture:
            assert picture.width > 200


def test_the_best_weights_score_what_the_run_says(trained):
    network, spec = load_detector(str(trained["run"]))
    examples = checked(read_data(str(trained["data"])))
    metrics = evaluate(examples, detect_examples(Detector(network, spec), examples))
    said = {key: value for key, value in trained["result"]["validation"].items() if key != "epoch"}
    assert metrics == said


def test_a_bare_keras_file_needs_none_of_our_code(trained):
    """Keras alone loads it, safe mode on, and every layer is Keras's own."""
    network = keras.models.load_model(trained["run"] / "best.keras")
    assert all(type(layer).__module__.startswith("keras.") for layer in network.layers)
    _, spec = load_detector(str(trained["run"] / "best.keras"))
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


def test_batches_depend_on_seed_epoch_and_place_alone(ward):
    examples = checked(read_data(str(ward))).examples
    spec = make_spec("yolov3-nano", 64, ("person",), (3,))
    limits = Augmentation(mosaic=0.5)
    one, two = Batches(examples, spec, 4, limits, seed=1), Batches(examples, spec, 4, limits, seed=1)
    assert len(one) == 1  # the remainder of two is left out
    pixels, answers = one[0]
    assert pixels.shape == (4, 64, 64, 3)
    assert pixels.dtype == np.float32
    assert [t.shape for t in answers["targets"]] == [(4, 2, 2, 3, 6), (4, 4, 4, 3, 6)]
    np.testing.assert_array_equal(pixels, two[0][0])
    two.on_epoch_end()
    assert np.abs(pixels - two[0][0]).max() > 0.05


def test_an_existing_run_is_not_touched(trained):
    before = {path: path.stat().st_mtime_ns for path in trained["run"].iterdir()}
    with pytest.raises(TrainerError, match="already holds a run; choose another --out, or go on from it"):
        quick_fit(trained["data"], trained["run"])
    assert before == {path: path.stat().st_mtime_ns for path in trained["run"].iterdir()}


def test_a_folder_with_other_things_is_not_touched(ward, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    with pytest.raises(TrainerError, match="is not empty"):
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
    with pytest.raises(TrainerError, match="no box of person in 2 pictures"):
        quick_fit(data, tmp_path / "run")


def test_starting_from_darknet_weights(ward, tmp_path):
    source = build_network(make_spec("yolov3-tiny", 64, tuple("abc"), (1, 2, 3)))
    write_random_weights(tmp_path / "three.weights", source)
    quick_fit(ward, tmp_path / "run", ["learning_rate=1e-8"], str(tmp_path / "three.weights"), epochs=1)
    network, spec = load_detector(str(tmp_path / "run"))
    assert spec.anchors[0] == (10.0, 14.0)  # the published ones: the weights know them
    from trainer.darknet import load_weights

    load_weights(source, tmp_path / "three.weights")
    np.testing.assert_allclose(
        network.get_layer("conv004").get_weights()[0], source.get_layer("conv004").get_weights()[0], atol=1e-5
    )


def test_starting_from_an_own_run(trained, tmp_path):
    result = quick_fit(
        trained["data"],
        tmp_path / "run",
        ["learning_rate=1e-6", "batch_norm_momentum=0.9999"],
        str(trained["run"]),
        str(trained["data"]),
        model="yolov3-nano",
        size=128,
        epochs=1,
    )
    assert result["validation"]["AP50"] > 0.7


def test_a_loss_that_is_not_finite_stops_and_is_named(ward, tmp_path):
    with pytest.raises(TrainingDiverged, match=r"the loss term '\w+' became (nan|inf) in epoch \d+, step \d+"):
        quick_fit(ward, tmp_path / "run", ["learning_rate=10", "clip_norm=0", "optimizer=sgd"], epochs=40)


def test_ema_and_weight_decay_train(ward, tmp_path):
    result = quick_fit(ward, tmp_path / "run", ["ema=0.9", "weight_decay=0.001"], validation=str(ward))
    assert result["epochs"] == 2


def test_interrupting_saves_what_there_is(ward, tmp_path, monkeypatch):
    from trainer.training import EachBatch

    calls = []

    def interrupt(self, batch, logs=None):
        calls.append(batch)
        if len(calls) == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(EachBatch, "on_train_batch_end", interrupt)
    result = quick_fit(ward, tmp_path / "run", epochs=10)
    assert result["interrupted"]
    assert result["epochs"] == 1
    load_detector(str(tmp_path / "run" / "last.keras"))


def test_a_crowded_picture_keeps_all_its_boxes(tmp_path):
    """No cap: 150 people in one picture reach the loss."""
    data = make_dataset(tmp_path / "ward", count=2, people=(150, 151))
    examples = checked(read_data(str(data)))
    spec = make_spec("yolov3-nano", 64, ("person",), (3,))
    still = Augmentation(flip=0, scale=0, translate=0)
    _, answers = Batches(examples.examples, spec, 2, still, 0)[0]
    assert (answers["truths"][..., 4] == 1).sum() == 300
    assert len(list(dataset.read_frames(data))) == 2


@pytest.mark.slow
def test_tiny_overfits_a_small_set(tmp_path):
    data = make_dataset(tmp_path / "ward", count=16, width=160, height=160)
    settings = ["augment.scale=0.1", "augment.translate=0.05", "validate_every=10"]
    inputs = FitInputs(data=(str(data),), out=tmp_path / "run", validation=str(data))
    options = {"model": "yolov3-tiny", "size": 160, "epochs": 80, "batch": 4, "learning_rate": 1e-3}
    result = fit(inputs, resolve(None, settings, options))
    assert result["validation"]["AP50"] > 0.98
