"""The networks against OpenCV's reading of darknet files and a numpy restatement, on made-up weights everywhere, and
on real ones where present.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from trainer.detection.detector import source_detections
from trainer.detection.nms import best_detections
from trainer.detection.thresholds import Suppression
from trainer.errors import TrainerError
from trainer.examples.letterbox import Affine, letterbox
from trainer.models.files import load_model, save_model
from trainer.network.architectures import ARCHITECTURES, make_spec, plan_of
from trainer.network.build import build_network
from trainer.network.cfg_writer import cfg_text
from trainer.network.darknet_names import COCO
from trainer.network.darknet_weights import fill, read_weights
from trainer.network.decode import as_heads, decode

from .cfgs import ODDITIES, SPP_3L, built_in, conv
from .cfgs import head as head_text
from .network_referees import assert_same, darknet_files, opencv_heads
from .numpy_letterbox import warp
from .refusals import refusal

NETWORKS = {
    "yolov3": (built_in("yolov3", 64), 64),
    "yolov3-tiny": (built_in("yolov3-tiny", 160), 160),
    "yolov3-nano": (built_in("yolov3-nano", 160), 160),
    "spp-3l": (SPP_3L, 96),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_heads_equal_opencvs_and_numpys(tmp_path, name):
    text, size = NETWORKS[name]
    model, pixels, expected = darknet_files(tmp_path, text, size)
    network, _ = load_model(model)
    heads = network.predict_on_batch(pixels[None])
    assert_same(heads, expected)
    assert_same(heads, opencv_heads(model, pixels))


@pytest.mark.slow
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_heads_equal_opencvs_at_full_size(tmp_path, name):
    model, pixels, _ = darknet_files(tmp_path, built_in(name, 416), 416)
    network, _ = load_model(model)
    assert_same(network.predict_on_batch(pixels[None]), opencv_heads(model, pixels))


@pytest.mark.parametrize("size", [96, 97, 110])
def test_rare_layers_and_odd_sizes_equal_numpys(tmp_path, size):
    model, pixels, expected = darknet_files(tmp_path, ODDITIES, size)
    network, spec = load_model(model)
    assert_same(network.predict_on_batch(pixels[None]), expected)
    assert round(spec.size / spec.head.strides[0]) == expected[0].shape[0]
    assert spec.head.ignore_thresholds == (0.6,)


@pytest.mark.parametrize("name", ["ök", "ward (2)", "病房"])
def test_a_detector_may_be_called_anything(tmp_path, name):
    darknet_files(tmp_path, conv(8, 3, 32) + head_text("3,4"), 64)
    for suffix in ("cfg", "weights"):
        (tmp_path / f"net.{suffix}").rename(tmp_path / f"{name}.{suffix}")
    network, spec = load_model(f"{tmp_path / name}.cfg,{tmp_path / name}.weights")
    save_model(network, spec, tmp_path / f"{name}.keras")
    for model, again in ((network, spec), load_model(str(tmp_path / f"{name}.keras"))):
        assert again.model == name
        assert model.predict_on_batch(np.zeros((1, 64, 64, 3), np.float32)).shape == (1, 2, 2, 14)


def test_saved_networks_need_keras_alone(tmp_path):
    """Another interpreter that imports nothing but Keras loads the files, in safe mode, and gets the same numbers."""
    expected = {}
    for name, text in (("spp", SPP_3L), ("odd", ODDITIES)):
        model, pixels, _ = darknet_files(tmp_path, text, 96)
        network, spec = load_model(model)
        save_model(network, spec, tmp_path / f"{name}.keras")
        expected[name] = as_heads(network.predict_on_batch(pixels[None]))
        _, spec_again = load_model(str(tmp_path / f"{name}.keras"))
        assert spec_again == spec
        assert plan_of(spec_again) == plan_of(spec)  # the layers are known without the .cfg file
    np.save(tmp_path / "pixels.npy", pixels[None])
    program = (
        "import sys, keras, numpy as np\n"
        "for name in ('spp', 'odd'):\n"
        "    heads = keras.models.load_model(name + '.keras').predict_on_batch(np.load('pixels.npy'))\n"
        "    np.savez(name + '.npz', *(heads if isinstance(heads, list) else [heads]))\n"
        "assert not [name for name in sys.modules if name.split('.')[0] == 'trainer']\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True, timeout=120, capture_output=True)
    for name, heads in expected.items():
        with np.load(tmp_path / f"{name}.npz") as found:
            assert len(found.files) == len(heads)
            for one, head in zip(found.files, heads):
                np.testing.assert_allclose(found[one], head, atol=1e-5)


# Digests of what our writer makes of the published files: yolov3.cfg and yolov3-tiny.cfg of pjreddie/darknet
# (sha256 22489ea3..., 84eb7a67...), MobileNetV2-YOLOv3-Nano-coco.cfg of dog-qiuqiu/MobileNet-Yolo (f9c93b91...).
PUBLISHED = {
    "yolov3": "9418e51a3588f97a81255eef758b2ea4caef9f8592c59b6655da4d3b90175e5a",
    "yolov3-tiny": "c134070e2e2523017b35e7ad34d586b93de1b7ec716919a9dc68557bea9698ac",
    "yolov3-nano": "3bf47407fb15da5b1f26392ca4dbfe67a0488b04110d13a0191bafe153994c4c",
}


@pytest.mark.parametrize("model", ARCHITECTURES)
def test_the_built_in_networks_are_the_published(model):
    spec = make_spec(model, 416, [f"c{index}" for index in range(80)], range(80))
    assert hashlib.sha256(cfg_text(plan_of(spec), spec).encode()).hexdigest() == PUBLISHED[model]


@pytest.mark.parametrize(
    ("model", "trainable", "statistics"),
    [("yolov3", 61_949_149, 52_608), ("yolov3-tiny", 8_852_366, 6_368), ("yolov3-nano", 873_150, 17_920)],
)
def test_parameter_counts_are_the_published(model, trainable, statistics):
    network = build_network(make_spec(model, 416, tuple(COCO), range(80)))
    assert sum(int(np.prod(w.shape)) for w in network.trainable_weights) == trainable
    assert sum(int(np.prod(w.shape)) for w in network.non_trainable_weights) == statistics


def test_a_network_of_any_size_gives_what_that_size_gives():
    spec = make_spec("yolov3-tiny", 96, ("a",), (1,))
    network = build_network(spec, any_size=True)
    fixed = build_network(replace(spec, size=64))
    fixed.set_weights(network.get_weights())
    pixels = np.random.default_rng(0).uniform(0, 1, (1, 64, 64, 3)).astype(np.float32)
    for mine, expected in zip(network(pixels), fixed(pixels)):
        np.testing.assert_allclose(np.asarray(mine), np.asarray(expected), atol=1e-6)


def test_a_fresh_head_expects_background():
    network = build_network(make_spec("yolov3-tiny", 64, ("a", "b"), (1, 2)), objectness_prior=0.01)
    for head in network.predict_on_batch(np.full((1, 64, 64, 3), 0.5, np.float32)):
        objectness = 1 / (1 + np.exp(-head.reshape(-1, 7)[:, 4]))
        np.testing.assert_allclose(objectness, 0.01, rtol=0.5)


@pytest.mark.parametrize("size", [100, 400])
def test_a_size_that_does_not_fit_names_the_next_that_does(size):
    fits = -(-size // 32) * 32
    with refusal(TrainerError, "yolov3-nano", size, fits):
        make_spec("yolov3-nano", size, ("a",), (1,))


def test_an_unknown_model_is_named():
    with refusal(TrainerError, "yolov9", "yolov3", "yolov3-tiny", "yolov3-nano"):
        make_spec("yolov9", 416, ("a",), (1,))


# (class, score, [left, top, right, bottom]) from OpenCV 4.14; the second car's score is Keras's own.
STRETCHED = [
    ("dog", 0.9829, [139, 218, 342, 520]),
    ("car", 0.9143, [466, 82, 708, 173]),
    ("car", 0.4774, [692, 114, 724, 156]),
    ("bicycle", 0.4598, [263, 199, 581, 411]),
]
LETTERBOXED = [
    ("dog", 0.9557, [128, 208, 352, 540]),
    ("car", 0.9278, [455, 76, 673, 165]),
    ("bicycle", 0.4060, [244, 175, 573, 422]),
]


@pytest.mark.parametrize("source", ["built-in", "cfg"])
@pytest.mark.parametrize(("boxed", "expected"), [(True, LETTERBOXED), (False, STRETCHED)])
def test_real_weights_on_a_real_image(shared, source, boxed, expected):
    stem = shared / "weights" / "mobilenetv2-yolov3-nano-coco"
    if source == "cfg":
        network, spec = load_model(f"{stem}.cfg,{stem}.weights")
    else:
        spec = make_spec("yolov3-nano", 320, tuple(COCO), COCO.values())
        network = build_network(spec)
        fill(network, read_weights(stem.with_suffix(".weights")))
    with Image.open(shared / "oracles" / "dog.jpg") as file:
        image = file.convert("RGB")
    affine = letterbox(*image.size, 320) if boxed else Affine(320 / 768, 320 / 576, 0, 0)
    boxes, scores = decode(network.predict_on_batch(warp(image, affine, 320)[None]), spec)
    found = best_detections(boxes[0], scores[0], 0.25, Suppression(), 100)
    detections = source_detections(*found, affine, image.size)
    assert [spec.classes[label] for label in detections.labels] == [name for name, _, _ in expected]
    for box, score, (_, expected_score, corners) in zip(detections.boxes, detections.scores, expected):
        assert score == pytest.approx(expected_score, abs=1e-3)
        np.testing.assert_allclose([box[0], box[1], box[0] + box[2], box[1] + box[3]], corners, atol=1)
