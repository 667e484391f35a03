"""Weights from another detector: what is carried over is exact, what is new is fresh, what does not fit is refused."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from trainer.detection.detector import Detector
from trainer.errors import TrainerError
from trainer.examples.letterbox import letterboxed
from trainer.models.class_subset import narrowed, resized
from trainer.models.files import load_model, save_model
from trainer.models.transfer import chosen_loss, start_from, transfer
from trainer.network.architectures import make_spec, plan_of
from trainer.network.build import build_network
from trainer.network.darknet_detector import trained_masks, with_constants, with_head
from trainer.network.darknet_names import COCO
from trainer.network.darknet_weights import OFFICIAL_TINY_MASKS, fill, read_weights
from trainer.network.decode import decode

from .cfgs import NET, ODDITIES, conv, head, section
from .network_referees import darknet_files, write_random_weights
from .refusals import names, refusal

SMALL = NET.format(size=64) + "".join(
    [
        conv(8, 3, 2),
        conv(8, 3, 4),
        conv(16, 3, 2),
        head("2,3,4"),
        section("route", layers="-3"),
        head("0,1,2"),
    ]
)


@pytest.fixture
def small(tmp_path):
    """A detector of classes ``left`` and ``right``, MODEL, and the pixels it was made for."""
    model, pixels, _ = darknet_files(tmp_path, SMALL, 64)
    (tmp_path / "net.names").write_text("left\nright\n")
    return model, pixels


def fresh(spec, classes, **constants):
    spec = with_head(with_constants(spec, classes=classes, category_ids=tuple(range(len(classes)))), **constants)
    return build_network(spec, objectness_prior=0.01), spec


def outputs(network, spec, pixels):
    boxes, scores = decode(network.predict_on_batch(pixels[None]), spec)
    return boxes[0], scores[0]


@pytest.mark.parametrize("classes", [("right",), ("right", "left"), ("new", "left", "other", "right")])
def test_shared_classes_keep_boxes_and_scores(small, classes):
    model, pixels = small
    source, source_spec = load_model(model)
    network, spec = fresh(source_spec, classes)
    carried = transfer(source, source_spec, network, spec, "there")
    boxes, scores = outputs(source, source_spec, pixels)
    new_boxes, new_scores = outputs(network, spec, pixels)
    np.testing.assert_allclose(new_boxes, boxes, rtol=1e-5, atol=1e-4)
    assert carried == {classes.index(name): index for index, name in enumerate(("left", "right")) if name in classes}
    for mine, theirs in carried.items():
        np.testing.assert_allclose(new_scores[:, mine], scores[:, theirs], rtol=1e-5, atol=1e-7)


def test_new_classes_start_as_a_class_of_the_weights(small):
    model, pixels = small
    source, source_spec = load_model(model)
    network, spec = fresh(source_spec, ("patient", "left", "staff"))
    carried = transfer(source, source_spec, network, spec, "there", "right")
    assert carried == {0: 1, 1: 0, 2: 1}
    boxes, scores = outputs(source, source_spec, pixels)
    new_boxes, new_scores = outputs(network, spec, pixels)
    np.testing.assert_allclose(new_boxes, boxes, rtol=1e-5, atol=1e-4)
    np.testing.assert_allclose(new_scores, scores[:, [1, 0, 1]], rtol=1e-5, atol=1e-7)
    with pytest.raises(TrainerError, match=r"there.*'lefd'.*'left'"):
        transfer(source, source_spec, network, spec, "there", "lefd")


def test_fit_says_what_new_classes_start_as(small, capsys):
    source_spec = load_model(small[0]).spec
    network, spec = fresh(source_spec, ("patient", "left"))
    start_from(network, spec, small[0], new_classes_from="right")
    line = capsys.readouterr().err.strip()
    assert all(names(line, value) for value in ("left", "patient", "right"))


def test_another_input_size_keeps_weights_and_anchors(small):
    source, spec = load_model(small[0])
    network, larger = resized(source, spec, 96)
    assert (network.input_shape, larger.size, larger.head.anchors) == ((None, 96, 96, 3), 96, spec.head.anchors)
    for old, new in zip(source.get_weights(), network.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    assert plan_of(larger) == plan_of(spec)
    for same in (None, 64):
        assert resized(source, spec, same) == (source, spec)
    with refusal(TrainerError, "--size 70", 16, "net"):
        resized(source, spec, 70)


def test_heads_stay_fresh_where_no_class_is_shared(small):
    model, _ = small
    source, source_spec = load_model(model)
    network, spec = fresh(source_spec, ("new",))
    before = {layer.name: layer.get_weights() for layer in network.layers if layer.name.endswith("_head")}
    assert transfer(source, source_spec, network, spec, "there") == {}
    for name, weights in before.items():
        for old, new in zip(weights, network.get_layer(name).get_weights()):
            np.testing.assert_array_equal(old, new)
    np.testing.assert_array_equal(
        network.get_layer("conv002").get_weights()[0], source.get_layer("conv002").get_weights()[0]
    )


def test_other_anchors_keep_the_boxes(small):
    """exp(t) * anchor: the heads take up the difference."""
    model, pixels = small
    source, source_spec = load_model(model)
    anchors = tuple((width * 1.7, height * 0.6) for width, height in source_spec.head.anchors)
    network, spec = fresh(source_spec, ("left", "right"), anchors=anchors)
    transfer(source, source_spec, network, spec, "there")
    for mine, theirs in zip(outputs(network, spec, pixels), outputs(source, source_spec, pixels)):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-3)


def test_a_normalised_head_is_carried_too(tmp_path):
    model, pixels, _ = darknet_files(tmp_path, ODDITIES, 96)
    source, source_spec = load_model(model)
    anchors = tuple((width * 2, height) for width, height in source_spec.head.anchors)
    network, spec = fresh(source_spec, ("class1",), anchors=anchors)
    assert transfer(source, source_spec, network, spec, "there") == {0: 1}
    boxes, scores = outputs(source, source_spec, pixels)
    new_boxes, new_scores = outputs(network, spec, pixels)
    np.testing.assert_allclose(new_boxes, boxes, rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(new_scores[:, 0], scores[:, 1], rtol=1e-4)


def test_starting_from_a_keras_file_takes_its_anchors_over(small, tmp_path):
    model, pixels = small
    source, source_spec = load_model(model)
    own = with_head(source_spec, anchors=tuple((side, side) for side in range(20, 80, 12)))
    save_model(source, own, tmp_path / "own.keras")
    network, spec = fresh(source_spec, ("left", "new"))
    spec = start_from(network, spec, str(tmp_path / "own.keras"))
    assert spec.head.anchors == own.head.anchors
    assert spec.seen == 77  # as the weight file said
    np.testing.assert_allclose(outputs(network, spec, pixels)[0], outputs(source, own, pixels)[0], rtol=1e-5, atol=1e-4)


def test_given_anchors_stay(small):
    model, pixels = small
    source, source_spec = load_model(model)
    anchors = tuple((side, side) for side in range(20, 80, 12))
    network, spec = fresh(source_spec, ("left",), anchors=anchors)
    spec = start_from(network, spec, model, keep_anchors=True)
    assert spec.head.anchors == anchors
    np.testing.assert_allclose(
        outputs(network, spec, pixels)[0], outputs(source, source_spec, pixels)[0], rtol=1e-4, atol=1e-3
    )


def test_a_bare_weight_file_has_the_classes_of_the_names_beside_it(tmp_path):
    seven = build_network(make_spec("yolov3-nano", 64, tuple("abcdefg"), range(7)))
    write_random_weights(tmp_path / "seven.weights", seven)
    (tmp_path / "seven.names").write_text("a\nb\nc\nd\nperson\nf\ng\n")
    network, spec = fresh(make_spec("yolov3-nano", 64, ("x",), (1,)), ("person",))
    before = network.get_layer("conv053_head").get_weights()[1]
    start_from(network, spec, str(tmp_path / "seven.weights"))
    fill(seven, read_weights(tmp_path / "seven.weights"))
    rows = seven.get_layer("conv053_head").get_weights()[1].reshape(3, 12)[:, [0, 1, 2, 3, 4, 9]]
    after = network.get_layer("conv053_head").get_weights()[1]
    np.testing.assert_array_equal(after.reshape(3, 6), rows)
    assert np.abs(after - before).max() > 0.01


def test_the_beginning_of_a_weight_file_fills_the_backbone(tmp_path):
    source = build_network(make_spec("yolov3-tiny", 64, ("a",), (1,)))
    write_random_weights(tmp_path / "whole.weights", source)
    content = (tmp_path / "whole.weights").read_bytes()
    backbone = [source.get_layer(f"conv{number:03d}") for number in range(1, 8)]
    numbers = sum(layer.count_params() + 4 * layer.filters for layer in backbone)
    (tmp_path / "tiny.conv.13").write_bytes(content[: 20 + 4 * numbers])
    network, spec = fresh(make_spec("yolov3-tiny", 64, ("a",), (1,)), ("b",))
    before = network.get_layer("conv008").get_weights()[0]
    assert start_from(network, spec, str(tmp_path / "tiny.conv.13")) == spec
    fill(source, read_weights(tmp_path / "whole.weights"))
    for layer in backbone:
        np.testing.assert_array_equal(network.get_layer(layer.name).get_weights()[0], layer.get_weights()[0])
    np.testing.assert_array_equal(network.get_layer("conv008").get_weights()[0], before)
    (tmp_path / "tiny.conv.13").write_bytes(content[: 24 + 4 * numbers])
    with refusal(TrainerError, "tiny.conv.13"):
        start_from(network, spec, str(tmp_path / "tiny.conv.13"))


def test_another_architecture_is_refused(small, tmp_path):
    model, _ = small
    network, spec = fresh(make_spec("yolov3-tiny", 64, ("x",), (1,)), ("left",))
    with refusal(TrainerError, "net", "yolov3-tiny", "--model"):
        start_from(network, spec, model)


def test_the_official_tiny_weights_get_the_masks_they_were_trained_with():
    """By their digest, since no other thing tells them from weights trained with 0,1,2 (DETECTOR rule 5)."""
    spec = make_spec("yolov3-tiny", 416, tuple(COCO), COCO.values())
    official = trained_masks(spec, "dccea06f59b781ec1234ddf8d1e94b9519a97f4245748a7d4db75d5b7080a42c")
    assert official.head.masks == OFFICIAL_TINY_MASKS == ((3, 4, 5), (1, 2, 3))
    assert trained_masks(spec, "0" * 64) == spec
    np.testing.assert_array_equal(official.head.anchors_of(1), [[23, 27], [37, 58], [81, 82]])


def test_darknets_names_of_coco_are_cocos():
    network, spec = fresh(make_spec("yolov3-tiny", 64, ("x",), (1,)), ("sofa", "person"))
    kept, kept_spec = narrowed(network, spec, ["person", "couch"])
    assert kept_spec.classes == ("couch", "person")
    assert kept.output_shape[0][-1] == 21
    with refusal(TrainerError, "yolov3-tiny", "sofa", "person", "cat"):
        narrowed(network, spec, ["cat"])


def test_a_detector_of_persons_out_of_eighty_classes(shared):
    """The shared COCO weights cut down to person: its scores and boxes on real images, to the last digits."""
    stem = shared / "weights" / "mobilenetv2-yolov3-nano-coco"
    source, source_spec = load_model(f"{stem}.cfg,{stem}.weights")
    network = build_network(make_spec("yolov3-nano", 320, ("person",), (1,)), objectness_prior=0.01)
    spec = start_from(network, make_spec("yolov3-nano", 320, ("person",), (1,)), f"{stem}.weights")
    images = [shared / "oracles" / "dog.jpg", *sorted((shared / "real" / "home" / "images").iterdir())[:3]]
    best = []
    for path in images:
        with Image.open(path) as file:
            image = file.convert("RGB")
        pixels = letterboxed(image, 320)[0]
        boxes, scores = outputs(source, source_spec, pixels)
        person_boxes, person_scores = outputs(network, spec, pixels)
        np.testing.assert_allclose(person_boxes, boxes, rtol=1e-5, atol=1e-3)
        np.testing.assert_allclose(person_scores[:, 0], scores[:, 0], rtol=1e-4, atol=1e-6)
        best.append(scores[:, 0].max())
    assert best[0] < 0.2  # a dog, a bicycle and cars
    assert max(best[1:]) > 0.9
    eighty = next(Detector(source, source_spec).detect([image], 0.25))
    one = next(Detector(network, spec).detect([image], 0.25))
    persons = eighty.labels == 0
    np.testing.assert_allclose(one.boxes, eighty.boxes[persons], atol=1e-2)
    np.testing.assert_allclose(one.scores, eighty.scores[persons], atol=1e-5)


def test_the_loss_follows_the_weights_unless_it_is_said():
    assert chosen_loss("auto", None) == chosen_loss("auto", "run/best.keras") == "modern"
    assert {chosen_loss("auto", name) for name in ("a.weights", "a.cfg,a.weights", "a.conv.74")} == {"darknet"}
    assert chosen_loss("modern", "a.weights") == "modern"


def test_masks_of_another_length_are_refused(small):
    model, _ = small
    source, source_spec = load_model(model)
    network, spec = fresh(source_spec, ("left",))
    with refusal(TrainerError, "there"):
        transfer(source, source_spec, network, with_head(spec, masks=((2, 3), (0, 1, 2))), "there")
