"""Stages: what `--freeze`, `stages` and the presets mean, and what a frozen layer does."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from trainer.errors import TrainerError
from trainer.fitting.config import FitConfig, resolve
from trainer.fitting.freezing import freeze, shared_by_heads
from trainer.fitting.optimizers import AVERAGE_RAMP_STEPS, learning_rates, make_optimizer
from trainer.fitting.stages import ALL_BUT_HEADS, BACKBONE, Stage
from trainer.network.architectures import make_spec
from trainer.network.build import build_network

from .refusals import refusal


def planned(settings=(), **options):
    """(what is frozen, first epoch, last epoch) of every stage."""
    stages = resolve(None, list(settings), options).planned_stages
    return [(stage.freeze, stage.first_epoch, stage.last_epoch) for stage in stages]


def tiny(size=64):
    spec = make_spec("yolov3-tiny", size, ("person",), (1,))
    return build_network(spec, 0.9), spec


def test_the_epochs_after_the_frozen_ones_train_everything():
    assert planned(epochs=30, freeze="backbone:10") == [("backbone", 1, 10), ("none", 11, 30)]
    assert planned(epochs=30) == [("none", 1, 30)]
    assert planned(epochs=5, freeze="first-3:1, all-but-heads:4") == [("first-3", 1, 1), ("all-but-heads", 2, 5)]


def test_a_stage_takes_what_it_does_not_say_from_the_run():
    stages = '[{"epochs":2,"freeze":"backbone","learning_rate":0.01,"batch":8},{"epochs":3,"optimizer":"sgd"}]'
    config = resolve(None, [f"stages={stages}", "batch=2", "learning_rate=0.001"], {})
    first, second = config.planned_stages
    assert (first.learning_rate, first.batch, first.optimizer) == (0.01, 8, "adam")
    assert (second.learning_rate, second.batch, second.optimizer) == (0.001, 2, "sgd")
    assert config.epochs == 5
    assert resolve(None, [], config.to_json() | {"augment": None}) == config


def test_the_preset_is_the_schedule_of_the_predecessors_readme():
    config = resolve(None, [], {}, preset="yolov3-blender")
    first, second = config.planned_stages
    assert (first.freeze, first.epochs, first.learning_rate, first.batch) == ("first-50", 10, 1e-2, 8)
    assert (second.freeze, second.epochs, second.learning_rate, second.batch) == ("none", 100, 1e-3, 8)
    assert (config.model, config.size, config.epochs, first.optimizer) == ("yolov3", 416, 110, "adam")
    rates = learning_rates(first, 50)
    assert float(rates(0)) == float(rates(49)) == pytest.approx(1e-2)  # constant
    assert resolve(None, ["batch=2"], {"size": 96}, preset="yolov3-blender").size == 96


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (["freeze=spine:3"], ("freeze", "spine")),
        (["freeze=backbone"], ("freeze", "PART:EPOCHS")),
        (["freeze=backbone:0"], ("freeze", "PART:EPOCHS")),
        (["freeze=first-0:3"], ("freeze", "first-0")),
        (["freeze=backbone:9", "epochs=5"], ("9", "5")),
        (['stages=[{"freeze":"none"}]'], ("stages", "epochs")),
        (['stages=[{"epochs":2,"lr":1}]'], ("stages", "lr", "epochs", "freeze", "learning_rate")),
        (['stages=[{"epochs":2,"frezze":"none"}]'], ("frezze", "freeze")),
        (['stages=[{"epochs":"two"}]'], ("stages", "epochs", "two")),
        (['stages=[{"epochs":2,"learning_rate":99}]'], ("learning_rate", "99", "1e-08", "10.0")),
        (['stages=[{"epochs":2,"optimizer":"lion"}]'], ("optimizer", "lion", "adam", "adamw", "sgd")),
        (['stages=[{"epochs":2}]', "freeze=backbone:1"], ("freeze", "stages")),
        (['stages=[{"epochs":2}]', "epochs=9"], ("epochs", "9", "2")),
        (["stages=3"], ("stages", "3", "[]")),
    ],
)
def test_wrong_stages_are_one_line(settings, named):
    with refusal(TrainerError, *named):
        resolve(None, settings, {})


def test_an_unknown_preset_names_the_nearest():
    with refusal(TrainerError, "yolov3-blendr", "yolov3-blender"):
        resolve(None, [], {}, preset="yolov3-blendr")


@pytest.mark.parametrize(
    ("model", "last"), [("yolov3", "conv052"), ("yolov3-tiny", "conv007"), ("yolov3-nano", "conv048")]
)
def test_the_backbone_ends_where_the_detector_begins(model, last):
    """Darknet-53 has 52 convolutions; all of it, and little more, is what every head is computed from."""
    network = build_network(make_spec(model, 96, ("person",), (1,)))
    count = freeze(network, BACKBONE, model)
    frozen = sorted(layer.name for layer in network.layers if hasattr(layer, "kernel") and not layer.trainable)
    assert (len(frozen), frozen[-1]) == (count, last)
    shared = shared_by_heads(network)
    assert set(frozen) <= shared
    assert sum(hasattr(network.get_layer(name), "kernel") for name in shared) - count <= 5


def test_the_backbone_of_any_other_network_is_what_the_heads_share():
    network, _ = tiny()
    assert freeze(network, BACKBONE, "my.cfg") == 8  # as in darknet's own yolov3-tiny.conv.15
    assert freeze(network, ALL_BUT_HEADS, "my.cfg") == 11
    assert [layer.name for layer in network.layers if layer.trainable_variables] == ["conv010_head", "conv013_head"]
    assert freeze(network, "none", "my.cfg") == 0
    with refusal(TrainerError, "first-13", "my.cfg"):
        freeze(network, "first-13", "my.cfg")


def test_a_frozen_layer_keeps_weights_and_statistics():
    network, spec = tiny()
    freeze(network, "first-7", spec.model)
    before = {layer.name: layer.get_weights() for layer in network.layers if layer.weights}
    model = keras.Sequential([network.inputs[0], keras.Model(network.inputs, network.outputs[0])])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
    pixels = np.random.default_rng(0).random((2, 64, 64, 3), dtype=np.float32)
    model.train_on_batch(pixels, np.ones((2, 2, 2, 18), np.float32))
    changed = {
        name
        for name, weights in before.items()
        if any(not np.array_equal(a, b) for a, b in zip(weights, network.get_layer(name).get_weights()))
    }
    assert changed == {"conv008", "conv008_bn", "conv009", "conv009_bn", "conv010_head"}


def test_warm_up_is_linear_and_the_cosine_ends_at_the_final_rate():
    rates = learning_rates(Stage(1, "none", 1, 10, 0.1, 4, "sgd", warmup=0.2, final_rate=0.01), 100)
    steps = [float(rates(step)) for step in (0, 10, 20, 60, 100)]
    np.testing.assert_allclose(steps, [0.0, 0.05, 0.1, 0.0505, 0.001], rtol=1e-5)


@pytest.mark.parametrize("name", ["sgd", "adam", "adamw"])
def test_weight_decay_takes_kernels_only(name):
    config = FitConfig(weight_decay=0.1, optimizer=name, warmup=0.0)
    optimizer = make_optimizer(config, config.planned_stages[0], 10)
    network, _ = tiny()
    optimizer.build(network.trainable_variables)
    before = [keras.ops.convert_to_numpy(variable) for variable in network.trainable_variables]
    optimizer.apply([keras.ops.zeros_like(variable) for variable in network.trainable_variables])
    for variable, value in zip(network.trainable_variables, before):
        kept = 1 - 0.1 * config.learning_rate if variable.name == "kernel" else 1.0
        np.testing.assert_allclose(keras.ops.convert_to_numpy(variable), value * kept, rtol=1e-6, atol=1e-8)


def test_the_average_of_the_weights_ramps_up():
    config = FitConfig(
        ema=0.9, optimizer="sgd", momentum=0.0, warmup=0.0, final_rate=1.0, learning_rate=1.0, clip_norm=0
    )
    optimizer = make_optimizer(config, config.planned_stages[0], 10)
    weight = keras.Variable([1.0])
    expected = value = None
    for step in range(1, 4):
        optimizer.apply([keras.ops.ones(1)], [weight])
        value = 1.0 - step
        kept = 0.9 * (1 - np.exp(-step / AVERAGE_RAMP_STEPS))
        expected = value if step == 1 else kept * expected + (1 - kept) * value
    optimizer.finalize_variable_values([weight])
    np.testing.assert_allclose(keras.ops.convert_to_numpy(weight), [expected], rtol=1e-5)
    assert expected != value


def test_a_kept_batch_normalisation_changes_in_nothing_while_the_kernels_learn():
    network, spec = tiny()
    assert freeze(network, "none", spec.model, keep_batch_norm=True) == 0
    before = {layer.name: layer.get_weights() for layer in network.layers if layer.weights}
    model = keras.Sequential([network.inputs[0], keras.Model(network.inputs, network.outputs[0])])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
    pixels = np.random.default_rng(0).random((2, 64, 64, 3), dtype=np.float32)
    model.train_on_batch(pixels, np.ones((2, 2, 2, 18), np.float32))
    for name, weights in before.items():
        same = [np.array_equal(a, b) for a, b in zip(weights, network.get_layer(name).get_weights())]
        if name.endswith("_bn"):
            assert all(same), name
    assert not np.array_equal(before["conv001"][0], network.get_layer("conv001").get_weights()[0])
