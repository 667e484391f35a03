"""The losses: darknet's against libdarknet's own gradient and a numpy restatement, the modern one against
plain numpy; both on boxes that are no boxes.
"""

from __future__ import annotations

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops

from trainer.errors import TrainerError
from trainer.feeding.target_rows import ground_truth_rows
from trainer.loss.overlap import iou_and_ciou
from trainer.loss.terms import BOX_WEIGHT, TERMS, loss_terms
from trainer.network.darknet_detector import with_head
from trainer.network.spec import ModelSpec, YoloHead

from . import numpy_assign
from .gradient import gradients as gradients_of
from .made_up import random_boxes
from .numpy_loss import deltas, sigmoid
from .refusals import refusal

ANCHORS = [(4, 5), (8, 10), (13, 12), (18, 16), (36, 30), (64, 70)]


def spec_of(anchors, masks, net, classes, threshold, stretch=None):
    grids = [3, 6, 12][: len(masks)]
    return ModelSpec(
        model="yolov3-tiny",
        size=net,
        classes=tuple(f"c{i}" for i in range(classes)),
        category_ids=tuple(range(classes)),
        head=YoloHead(
            anchors=tuple(map(tuple, anchors)),
            masks=tuple(tuple(int(i) for i in mask) for mask in masks),
            strides=tuple(net // grid for grid in grids),
            scale_x_y=tuple(stretch or [1.0] * len(masks)),
            ignore_thresholds=(threshold,) * len(masks),
        ),
    )


def channels_last(logits):
    """(A, 5 + C, H, W) as darknet has it -> (1, H, W, A * (5 + C)) as Keras does."""
    return logits.reshape(-1, *logits.shape[2:]).transpose(1, 2, 0)[None].astype(np.float32)


def gradients(logits, boxes, labels, spec, ignore=None, loss="darknet"):
    """Gradient of the summed loss w.r.t. logits given as (A, 5 + C, H, W) a head, and the terms."""
    ignore = np.zeros(len(boxes), bool) if ignore is None else ignore
    ground_truths = ground_truth_rows(boxes, labels, ignore, len(boxes) + 3)[None]
    raw = [channels_last(values) for values in logits]
    found = gradients_of(lambda heads: sum(loss_terms(heads, ground_truths, spec, loss).values()), raw)
    terms = {name: float(value) for name, value in loss_terms(raw, ground_truths, spec, loss).items()}
    return [g[0].transpose(2, 0, 1).reshape(v.shape) for g, v in zip(found, logits)], terms


def test_gradient_is_minus_libdarknets_delta(shared):
    oracle = np.load(shared / "oracles" / "darknet_yolo_loss.npz")
    spec = spec_of(oracle["anchors"], oracle["masks"], int(oracle["net_size"]), 4, float(oracle["ignore_thresh"]))
    ground_truth = oracle["truth_xywhc"]
    found, _ = gradients(
        [oracle["logits_3"], oracle["logits_6"]], ground_truth[:, :4], ground_truth[:, 4].astype(int), spec
    )
    np.testing.assert_allclose(found[0], -oracle["delta_3"], atol=1e-5)
    np.testing.assert_allclose(found[1], -oracle["delta_6"], atol=1e-5)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("stretch", [None, [1.1, 1.05]])
def test_gradient_equals_the_numpy_restatement(seed, stretch):
    rng = np.random.default_rng(seed)
    spec = spec_of(ANCHORS, [[3, 4, 5], [0, 1, 2]], 96, 3, 0.5, stretch)
    logits = [rng.normal(0, 1, (3, 8, 3, 3)), rng.normal(0, 1, (3, 8, 6, 6))]
    size = rng.uniform(0.05, 0.7, (6, 2))
    boxes = np.concatenate([size / 2 + rng.uniform(0, 1, (6, 2)) * (1 - size), size], axis=1)
    boxes[5] = boxes[4]  # two truths on one box: classes of both
    labels = np.array([0, 1, 2, 0, 1, 2])
    found, _ = gradients(logits, boxes, labels, spec)
    expected = deltas(logits, boxes, labels, ANCHORS, spec.head.masks, 96, 0.5, stretch)
    for mine, theirs in zip(found, expected):
        np.testing.assert_allclose(mine, -theirs, atol=2e-6)


@pytest.mark.parametrize("loss", TERMS)
def test_the_number_of_ground_truths_may_be_open_in_the_graph(loss):
    """TensorFlow traces a step anew for a few numbers of truths, and then once for any number."""
    if keras.backend.backend() != "tensorflow":
        pytest.skip("the other backends trace every shape by itself")
    import tensorflow

    rng = np.random.default_rng(5)
    spec = spec_of(ANCHORS, [[3, 4, 5], [0, 1, 2]], 96, 3, 0.5, stretch=[1.0, 1.1])
    heads = [rng.normal(0, 1, (2, grid, grid, 24)).astype(np.float32) for grid in (3, 6)]
    signature = [tensorflow.TensorSpec((None, None, 6))]
    traced = tensorflow.function(
        lambda ground_truths: loss_terms(heads, ground_truths, spec, loss), input_signature=signature
    )
    for count in (1, 9, 40):
        rows = [ground_truth_rows(random_boxes(rng, count), rng.integers(0, 3, count), np.zeros(count, bool), 64)] * 2
        ground_truths = np.stack(rows)[:, : count + 1]
        for name, value in loss_terms(heads, ground_truths, spec, loss).items():
            assert float(traced(ground_truths)[name]) == pytest.approx(float(value), rel=1e-5)


def test_a_image_without_ground_truths_is_background_only():
    spec = spec_of([(10, 10), (20, 20)], [[1], [0]], 96, 1, 0.5)
    logits = [np.zeros((1, 6, 3, 3)), np.zeros((1, 6, 6, 6))]
    found, terms = gradients(logits, np.zeros((0, 4)), np.zeros(0, int), spec)
    assert terms["background"] == pytest.approx(45 * np.log(2), rel=1e-5)
    assert [terms[name] for name in TERMS["darknet"] if name != "background"] == [0, 0, 0, 0]
    assert np.all(found[0][:, 4] == 0.5)


@pytest.mark.parametrize("loss", TERMS)
def test_ignored_regions_count_neither_way(loss):
    """A prediction inside a region to ignore gets no gradient at all; the region is no truth either."""
    spec = spec_of([(10, 10), (20, 20)], [[1], [0]], 96, 1, 0.5)
    logits = [np.zeros((1, 6, 3, 3)), np.zeros((1, 6, 6, 6))]
    boxes = np.array([[0.25, 0.5, 0.5, 1.0]])  # the left half
    found, terms = gradients(logits, boxes, np.array([0]), spec, np.array([True]), loss)
    assert terms["object"] == 0
    assert np.all(found[1][0, 4, :, :3] == 0)
    assert np.all(found[1][0, 4, :, 3:] == 0.5)


@pytest.mark.parametrize("loss", TERMS)
@pytest.mark.parametrize("value", [300.0, -300.0, 1e4, -1e4, 0.0])
@pytest.mark.parametrize("side", [0.2, 1e-7, 1.0])
def test_no_size_poisons_the_loss(loss, value, side):
    """Boxes of no size and of all sizes, predicted and given: every term and every gradient stays a number."""
    spec = spec_of([(10, 10), (20, 20)], [[1], [0]], 96, 1, 0.5)
    logits = [np.full((1, 6, 3, 3), value), np.full((1, 6, 6, 6), -value)]
    found, terms = gradients(logits, np.array([[0.4, 0.4, side, 0.2]]), np.array([0]), spec, loss=loss)
    assert all(np.isfinite(value) for value in terms.values())
    assert all(np.isfinite(head).all() for head in found)


def ciou_by_hand(a, b):
    """Complete IoU of two centre boxes, arXiv 1911.08287, in Python numbers."""
    low = [max(a[i] - a[i + 2] / 2, b[i] - b[i + 2] / 2) for i in range(2)]
    high = [min(a[i] + a[i + 2] / 2, b[i] + b[i + 2] / 2) for i in range(2)]
    overlap = max(high[0] - low[0], 0) * max(high[1] - low[1], 0)
    iou = overlap / (a[2] * a[3] + b[2] * b[3] - overlap)
    around = [
        max(a[i] + a[i + 2] / 2, b[i] + b[i + 2] / 2) - min(a[i] - a[i + 2] / 2, b[i] - b[i + 2] / 2) for i in range(2)
    ]
    apart = ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) / (around[0] ** 2 + around[1] ** 2)
    aspect = 4 / np.pi**2 * (np.arctan(b[2] / b[3]) - np.arctan(a[2] / a[3])) ** 2
    return iou, iou - apart - (aspect * aspect / (1 - iou + aspect) if aspect else 0)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_ciou_equals_its_definition(seed):
    a, b = random_boxes(np.random.default_rng(seed), 2)
    iou, ciou = iou_and_ciou(a.astype(np.float32)[None], b.astype(np.float32)[None])
    np.testing.assert_allclose([float(iou[0]), float(ciou[0])], ciou_by_hand(a, b), atol=2e-4)


def test_ciou_of_a_box_with_itself_is_one_and_pulls_distant_boxes_together():
    box = np.array([[0.3, 0.4, 0.2, 0.1]], np.float32)
    assert [float(value[0]) for value in iou_and_ciou(box, box)] == pytest.approx([1, 1], abs=1e-6)
    far = np.array([[0.8, 0.4, 0.2, 0.1]], np.float32)
    (gradient,) = gradients_of(lambda boxes: ops.sum(iou_and_ciou(boxes[0], far)[1]), [box])
    assert gradient[0, 0] > 0  # to the right, where nothing overlaps yet


def modern_by_hand(logits, boxes, labels, spec):
    """The modern loss of one image without ignored regions, prediction by prediction."""
    terms, positives = dict.fromkeys(TERMS["modern"], 0.0), 0
    cross_entropy = lambda logit, target: np.logaddexp(0, logit) - logit * target  # noqa: E731
    for head, values in enumerate(logits):
        answers = numpy_assign.modern(boxes, labels, spec, head)
        stretch, grid = spec.head.scale_x_y[head], round(spec.size / spec.head.strides[head])
        for a in range(values.shape[0]):
            for j in range(grid):
                for i in range(grid):
                    v = values[a, :, j, i]
                    box = [
                        (stretch * sigmoid(v[0]) - (stretch - 1) / 2 + i) / grid,
                        (stretch * sigmoid(v[1]) - (stretch - 1) / 2 + j) / grid,
                        np.exp(v[2]) * spec.head.anchors_of(head)[a, 0] / spec.size,
                        np.exp(v[3]) * spec.head.anchors_of(head)[a, 1] / spec.size,
                    ]
                    if (j, i, a) in answers:
                        number, classes = answers[j, i, a]
                        iou, ciou = ciou_by_hand(box, boxes[number])
                        positives += 1
                        terms["box"] += BOX_WEIGHT * (1 - ciou)
                        terms["object"] += cross_entropy(v[4], iou)
                        for c in range(len(spec.classes)):
                            terms["class"] += cross_entropy(v[5 + c], float(c in classes))
                    elif (
                        max(ciou_by_hand(box, ground_truth)[0] for ground_truth in boxes)
                        <= spec.head.ignore_thresholds[head]
                    ):
                        terms["background"] += cross_entropy(v[4], 0.0)
    return {name: value / max(positives, 1) for name, value in terms.items()}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("stretch", [[1.1, 1.05], [2.0, 2.0]])
def test_the_modern_loss_equals_its_restatement(seed, stretch):
    rng = np.random.default_rng(seed)
    spec = spec_of(ANCHORS, [[3, 4, 5], [0, 1, 2]], 96, 3, 0.5, stretch)
    logits = [rng.normal(0, 1, (3, 8, 3, 3)), rng.normal(0, 1, (3, 8, 6, 6))]
    boxes, labels = random_boxes(rng, 6), np.array([0, 1, 2, 0, 1, 2])
    _, terms = gradients(logits, boxes, labels, spec, loss="modern")
    assert terms == pytest.approx(modern_by_hand(logits, boxes, labels.tolist(), spec), rel=1e-4)


def test_the_objectness_target_passes_no_gradient_to_the_box():
    """Else a box would be pulled away from its truth where the objectness is low."""
    spec = with_head(spec_of(ANCHORS, [[3, 4, 5], [0, 1, 2]], 96, 1, 0.5), scale_x_y=(2.0, 2.0))
    rng = np.random.default_rng(0)
    raw = [channels_last(rng.normal(0, 1, (3, 6, grid, grid))) for grid in (3, 6)]
    ground_truths = ground_truth_rows(random_boxes(rng, 3), np.zeros(3, int), np.zeros(3, bool), 3)[None]
    found = gradients_of(lambda heads: loss_terms(heads, ground_truths, spec, "modern")["object"], raw)
    for gradient in found:
        gradient = gradient.reshape(-1, 6)
        assert not gradient[:, :4].any()
    assert any(gradient.any() for gradient in found)


@pytest.mark.parametrize("loss", TERMS)
def test_padding_changes_nothing_and_images_add_up(loss):
    spec = spec_of(ANCHORS, [[3, 4, 5], [0, 1, 2]], 96, 2, 0.5)
    rng = np.random.default_rng(3)
    raw = [rng.normal(0, 1, (1, grid, grid, 21)).astype(np.float32) for grid in (3, 6)]
    boxes, labels, counted = random_boxes(rng, 4), np.array([0, 1, 0, 1]), np.zeros(4, bool)
    one = loss_terms(raw, ground_truth_rows(boxes, labels, counted, 4)[None], spec, loss)
    padded = ground_truth_rows(boxes, labels, counted, 9)[None]
    twice = loss_terms([np.repeat(head, 2, axis=0) for head in raw], np.repeat(padded, 2, axis=0), spec, loss)
    for name in TERMS[loss]:
        assert float(twice[name]) == pytest.approx(2 * float(one[name]), rel=1e-5)


def test_an_unknown_loss_is_named():
    with refusal(TrainerError, "focal", "darknet", "modern"):
        loss_terms([], np.zeros((1, 1, 6)), spec_of(ANCHORS, [[0]], 96, 1, 0.5), "focal")
