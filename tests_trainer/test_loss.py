"""The loss against libdarknet's own gradient, and against a numpy restatement on random data."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from trainer.assign import assign, truth_rows
from trainer.loss import TERMS, loss_terms
from trainer.spec import DetectorSpec

from .numpy_loss import deltas


def spec_of(anchors, masks, net, classes, threshold, stretch=None):
    grids = [3, 6, 12][: len(masks)]
    return DetectorSpec(
        model="yolov3-tiny",
        size=net,
        classes=tuple(f"c{i}" for i in range(classes)),
        category_ids=tuple(range(classes)),
        anchors=tuple(map(tuple, anchors)),
        masks=tuple(tuple(int(i) for i in mask) for mask in masks),
        strides=tuple(net // grid for grid in grids),
        scale_x_y=tuple(stretch or [1.0] * len(masks)),
        ignore_threshold=threshold,
    )


def gradients(logits, boxes, labels, spec, ignore=None):
    """Gradient of the summed loss w.r.t. logits given as (A, 5 + C, H, W) a head."""
    tensorflow = pytest.importorskip("tensorflow") if keras.backend.backend() == "tensorflow" else None
    if tensorflow is None:
        pytest.skip("the gradient is taken with TensorFlow's tape")
    ignore = np.zeros(len(boxes), bool) if ignore is None else ignore
    targets = [target[None] for target in assign(boxes[~ignore], labels[~ignore], spec)]
    truths = truth_rows(boxes, ignore, len(boxes) + 3)[None]
    raw = [tensorflow.Variable(v.reshape(-1, *v.shape[2:]).transpose(1, 2, 0)[None].astype(np.float32)) for v in logits]
    with tensorflow.GradientTape() as tape:
        terms = loss_terms([v.value() for v in raw], targets, truths, spec)
        total = sum(terms[name] for name in TERMS)
    found = tape.gradient(total, raw)
    return [g.numpy()[0].transpose(2, 0, 1).reshape(v.shape) for g, v in zip(found, logits)], terms


def test_gradient_is_minus_libdarknets_delta(shared):
    oracle = np.load(shared / "oracles" / "darknet_yolo_loss.npz")
    spec = spec_of(oracle["anchors"], oracle["masks"], int(oracle["net_size"]), 4, float(oracle["ignore_thresh"]))
    truth = oracle["truth_xywhc"]
    found, _ = gradients([oracle["logits_3"], oracle["logits_6"]], truth[:, :4], truth[:, 4].astype(int), spec)
    np.testing.assert_allclose(found[0], -oracle["delta_3"], atol=1e-5)
    np.testing.assert_allclose(found[1], -oracle["delta_6"], atol=1e-5)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("stretch", [None, [1.1, 1.05]])
def test_gradient_equals_the_numpy_restatement(seed, stretch):
    rng = np.random.default_rng(seed)
    anchors = [(4, 5), (8, 10), (13, 12), (18, 16), (36, 30), (64, 70)]
    spec = spec_of(anchors, [[3, 4, 5], [0, 1, 2]], 96, 3, 0.5, stretch)
    logits = [rng.normal(0, 1, (3, 8, 3, 3)), rng.normal(0, 1, (3, 8, 6, 6))]
    size = rng.uniform(0.05, 0.7, (6, 2))
    boxes = np.concatenate([size / 2 + rng.uniform(0, 1, (6, 2)) * (1 - size), size], axis=1)
    boxes[5] = boxes[4]  # two truths on one box: classes of both
    labels = np.array([0, 1, 2, 0, 1, 2])
    found, _ = gradients(logits, boxes, labels, spec)
    expected = deltas(logits, boxes, labels, anchors, spec.masks, 96, 0.5, stretch)
    for mine, theirs in zip(found, expected):
        np.testing.assert_allclose(mine, -theirs, atol=2e-6)


def test_a_picture_without_truths_is_background_only():
    spec = spec_of([(10, 10), (20, 20)], [[1], [0]], 96, 1, 0.5)
    logits = [np.zeros((1, 6, 3, 3)), np.zeros((1, 6, 6, 6))]
    found, terms = gradients(logits, np.zeros((0, 4)), np.zeros(0, int), spec)
    assert float(terms["background"]) == pytest.approx(45 * np.log(2), rel=1e-5)
    assert [float(terms[name]) for name in TERMS if name != "background"] == [0, 0, 0, 0]
    assert np.all(found[0][:, 4] == 0.5)


def test_ignored_regions_count_neither_way():
    """A prediction inside a region to ignore gets no gradient at all; the region is no truth either."""
    spec = spec_of([(10, 10), (20, 20)], [[1], [0]], 96, 1, 0.5)
    logits = [np.zeros((1, 6, 3, 3)), np.zeros((1, 6, 6, 6))]
    boxes = np.array([[0.25, 0.5, 0.5, 1.0]])  # the left half
    found, terms = gradients(logits, boxes, np.array([0]), spec, ignore=np.array([True]))
    assert float(terms["object"]) == 0
    assert np.all(found[1][0, 4, :, :3] == 0)
    assert np.all(found[1][0, 4, :, 3:] == 0.5)


def test_huge_sizes_do_not_poison_the_loss():
    spec = spec_of([(10, 10), (20, 20)], [[1], [0]], 96, 1, 0.5)
    logits = [np.full((1, 6, 3, 3), 300.0), np.full((1, 6, 6, 6), -300.0)]
    found, terms = gradients(logits, np.array([[0.4, 0.4, 0.2, 0.2]]), np.array([0]), spec)
    assert all(np.isfinite(float(value)) for value in terms.values())
    assert all(np.isfinite(head).all() for head in found)
