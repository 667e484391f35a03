"""The networks against OpenCV's reading of darknet files, on made-up weights everywhere, on real ones where present."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from trainer.architectures import ARCHITECTURES, Convolution, Head, MaxPool, Route, Shortcut, Upsample, make_spec
from trainer.darknet import load_weights
from trainer.decode import decode
from trainer.detect import source_detections
from trainer.errors import TrainerError
from trainer.letterbox import Affine, letterbox, warp
from trainer.network import build_network
from trainer.nms import best_detections

cv2 = pytest.importorskip("cv2")


def cfg_text(model, size, classes):
    """The darknet .cfg of an architecture, and the cfg indices of its heads' convolutions."""
    plan = ARCHITECTURES[model]
    lines = [f"[net]\nwidth={size}\nheight={size}\nchannels=3\n"]
    index, heads, places = -1, [], {}
    for layer in plan.layers:
        index += 1
        match layer:
            case Convolution(filters, kernel, stride, activation, depthwise):
                groups = f"groups={filters}\n" if depthwise else ""
                lines.append(
                    f"[convolutional]\nbatch_normalize=1\nfilters={filters}\nsize={kernel}\nstride={stride}\npad=1\n"
                    f"{groups}activation={activation}\n"
                )
            case MaxPool(kernel, stride):
                lines.append(f"[maxpool]\nsize={kernel}\nstride={stride}\n")
            case Upsample():
                lines.append("[upsample]\nstride=2\n")
            case Route(sources):
                lines.append(f"[route]\nlayers={','.join(str(places[source]) for source in sources)}\n")
            case Shortcut(source):
                lines.append(f"[shortcut]\nfrom={places[source]}\nactivation=linear\n")
            case Head(mask, _, stretch):
                anchors = ",".join(f"{w},{h}" for w, h in plan.anchors)
                lines.append(
                    f"[convolutional]\nfilters={3 * (5 + classes)}\nsize=1\nstride=1\npad=1\nactivation=linear\n"
                    f"[yolo]\nmask={','.join(map(str, mask))}\nanchors={anchors}\nclasses={classes}\n"
                    f"num={len(plan.anchors)}\nscale_x_y={stretch}\n"
                )
                heads.append(f"conv_{index}")
                index += 1
        if layer.name:
            places[layer.name] = index
    return "\n".join(lines), heads


def write_random_weights(path, network, seed=0):
    """A darknet weight file for ``network``; batch normalisations far from the identity."""
    rng = np.random.default_rng(seed)
    parts = [np.array([0, 2, 5], "<i4").tobytes(), np.array([0], "<i8").tobytes()]
    for layer in sorted(network.layers, key=lambda layer: layer.name):
        if not hasattr(layer, "kernel"):
            continue
        height, width, inputs, outputs = layer.kernel.shape
        if layer.__class__.__name__ == "DepthwiseConv2D":
            inputs, outputs = 1, inputs
        parts.append(rng.normal(0, 0.2, outputs))
        if not layer.use_bias:
            parts += [rng.uniform(0.5, 1.5, outputs), rng.normal(0, 0.2, outputs), rng.uniform(0.2, 2, outputs)]
        parts.append(rng.normal(0, 1.4 / np.sqrt(inputs * height * width), outputs * inputs * height * width))
    path.write_bytes(b"".join(p if isinstance(p, bytes) else p.astype("<f4").tobytes() for p in parts))


@pytest.mark.parametrize("model", ["yolov3-tiny", "yolov3-nano"])
def test_heads_equal_opencvs(tmp_path, model):
    size, classes = 128, 2
    spec = make_spec(model, size, ("a", "b"), (1, 2))
    network = build_network(spec)
    text, head_names = cfg_text(model, size, classes)
    (tmp_path / "net.cfg").write_text(text)
    write_random_weights(tmp_path / "net.weights", network)
    assert load_weights(network, tmp_path / "net.weights")
    reference = cv2.dnn.readNetFromDarknet(str(tmp_path / "net.cfg"), str(tmp_path / "net.weights"))
    pixels = np.random.default_rng(1).uniform(0, 1, (1, size, size, 3)).astype(np.float32)
    reference.setInput(pixels.transpose(0, 3, 1, 2))
    theirs = [reference.forward(name) for name in head_names]
    mine = network.predict_on_batch(pixels)
    for head, expected in zip(mine, theirs):
        expected = expected.transpose(0, 2, 3, 1)
        assert head.shape == expected.shape
        assert np.abs(head - expected).max() / expected.std() < 2e-3


@pytest.mark.parametrize(
    ("model", "classes", "trainable", "statistics"),
    [("yolov3-tiny", 80, 8_852_366, 6_368), ("yolov3-nano", 80, 873_150, 17_920)],
)
def test_parameter_counts_are_the_published(model, classes, trainable, statistics):
    names = tuple(f"c{i}" for i in range(classes))
    network = build_network(make_spec(model, 416, names, tuple(range(classes))))
    assert sum(int(np.prod(w.shape)) for w in network.trainable_weights) == trainable
    assert sum(int(np.prod(w.shape)) for w in network.non_trainable_weights) == statistics


@pytest.mark.parametrize("cut", [4, 400, -4])
def test_a_weight_file_of_another_length_is_refused(tmp_path, cut):
    network = build_network(make_spec("yolov3-nano", 64, ("a",), (1,)))
    write_random_weights(tmp_path / "net.weights", network)
    content = (tmp_path / "net.weights").read_bytes()
    (tmp_path / "net.weights").write_bytes(content[:-cut] if cut > 0 else content + bytes(-cut))
    with pytest.raises(TrainerError, match=r"net\.weights: \d+ numbers after the header"):
        load_weights(network, tmp_path / "net.weights")


@pytest.mark.parametrize("content", [b"", b"short", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_weight_file_is_refused(tmp_path, content):
    (tmp_path / "x.weights").write_bytes(content)
    with pytest.raises(TrainerError, match=r"x\.weights"):
        load_weights(build_network(make_spec("yolov3-nano", 64, ("a",), (1,))), tmp_path / "x.weights")


def test_weights_for_other_classes_fill_all_but_the_heads(tmp_path):
    names = tuple("abcdefg")
    seven = build_network(make_spec("yolov3-nano", 64, names, tuple(range(7))))
    write_random_weights(tmp_path / "seven.weights", seven)
    load_weights(seven, tmp_path / "seven.weights")
    one = build_network(make_spec("yolov3-nano", 64, ("a",), (1,)))
    before = one.get_layer("conv059_head").get_weights()[0]
    assert load_weights(one, tmp_path / "seven.weights") is False
    np.testing.assert_array_equal(one.get_layer("conv059_head").get_weights()[0], before)
    for layer in one.layers:
        if layer.weights and not layer.name.endswith("_head"):
            for mine, theirs in zip(layer.get_weights(), seven.get_layer(layer.name).get_weights()):
                np.testing.assert_array_equal(mine, theirs)


@pytest.fixture(scope="module")
def coco_nano(shared):
    names = tuple((shared / "weights" / "coco.names").read_text().split("\n")[:80])
    spec = make_spec("yolov3-nano", 320, names, tuple(range(80)))
    network = build_network(spec)
    assert load_weights(network, shared / "weights" / "mobilenetv2-yolov3-nano-coco.weights")
    return network, spec


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


@pytest.mark.parametrize(("boxed", "expected"), [(True, LETTERBOXED), (False, STRETCHED)])
def test_real_weights_on_a_real_picture(shared, coco_nano, boxed, expected):
    network, spec = coco_nano
    with Image.open(shared / "oracles" / "dog.jpg") as file:
        picture = file.convert("RGB")
    affine = letterbox(*picture.size, 320) if boxed else Affine(320 / 768, 320 / 576, 0, 0)
    boxes, scores = decode(network.predict_on_batch(warp(picture, affine, 320)[None]), spec)
    found = best_detections(boxes[0], scores[0], 0.25, 0.45, 100)
    detections = source_detections(*found, affine, picture.size)
    assert [spec.classes[label] for label in detections.labels] == [name for name, _, _ in expected]
    for box, score, (_, expected_score, corners) in zip(detections.boxes, detections.scores, expected):
        assert score == pytest.approx(expected_score, abs=1e-3)
        np.testing.assert_allclose([box[0], box[1], box[0] + box[2], box[1] + box[3]], corners, atol=1)
