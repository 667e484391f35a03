"""Letterbox and suppression: truth by analysis."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from shared_format.boxes import pairwise_iou, xywh_to_xyxy
from trainer.detection.nms import best_detections, soften, suppress
from trainer.detection.thresholds import Suppression
from trainer.examples.images import load_image
from trainer.examples.letterbox import letterbox, letterboxed

from .numpy_letterbox import warp

side = st.integers(20, 2000)


@given(side, side, st.sampled_from([320, 416, 608]), st.integers(0, 2**32 - 1))
@settings(max_examples=200, deadline=None)
def test_letterbox_round_trip_is_exact(width, height, size, seed):
    affine = letterbox(width, height, size)
    rng = np.random.default_rng(seed)
    corner = rng.uniform(0, 1, (5, 2, 2)) * (width, height)
    boxes = np.concatenate([corner.min(axis=1), corner.max(axis=1)], axis=1)
    there = affine.forward(boxes)
    assert there.min() >= -1e-9
    assert there.max() <= size + 1e-9
    np.testing.assert_allclose(affine.inverse(there), boxes, atol=1e-9 * max(width, height))


@pytest.mark.parametrize(
    ("width", "height", "corners"),
    [(768, 576, [0, 40, 320, 280]), (100, 320, [110, 0, 210, 320]), (640, 480, [0, 40, 320, 280])],
)
def test_letterbox_is_darknets(width, height, corners):
    np.testing.assert_allclose(letterbox(width, height, 320).forward([0, 0, width, height]), corners, atol=1e-9)


def by_opencv(image, size):
    return letterboxed(image, size)[0]


def by_the_referee(image, size):
    return warp(image, letterbox(*image.size, size), size)


@pytest.mark.parametrize("sample", [by_opencv, by_the_referee])
def test_the_letterbox_fills_with_half_and_keeps_pixels(sample):
    pixels = np.random.default_rng(0).integers(0, 256, (20, 40, 3), dtype=np.uint8)
    seen = sample(Image.fromarray(pixels), 40)
    assert np.all(seen[:10] == 0.5)
    assert np.all(seen[30:] == 0.5)
    np.testing.assert_array_equal(seen[10:30], pixels.astype(np.float32) / np.float32(255))


@pytest.mark.parametrize("sample", [by_opencv, by_the_referee])
def test_the_letterbox_is_opencvs_bilinear_resize(sample):
    noise = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    smooth = cv2.GaussianBlur(cv2.resize(noise, (400, 300)), (0, 0), 3)
    seen = sample(Image.fromarray(smooth), 160)[20:140]
    difference = np.abs(seen * 255 - cv2.resize(smooth, (160, 120)))
    assert difference.mean() < 0.01
    assert difference.max() < 1.01


def test_suppress_is_greedy():
    boxes = np.array([[0, 0, 10, 10], [0, 0, 10, 9], [20, 20, 30, 30], [0, 0, 10, 5.0]])
    scores = np.array([0.8, 0.9, 0.1, 0.7])
    assert suppress(boxes, scores, 0.45, 10).tolist() == [1, 2]  # 3 overlaps box 1 by 5/9
    assert suppress(boxes, scores, 0.6, 10).tolist() == [1, 3, 2]
    assert suppress(boxes, scores, 0.6, 2).tolist() == [1, 3]


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 0.9))
@settings(max_examples=60, deadline=None)
def test_suppression_properties(seed, threshold):
    rng = np.random.default_rng(seed)
    boxes = xywh_to_xyxy(np.concatenate([rng.uniform(0, 50, (40, 2)), rng.uniform(5, 40, (40, 2))], axis=1))
    scores = rng.uniform(0, 1, 40)
    kept = suppress(boxes, scores, threshold, 100)
    overlap = pairwise_iou(boxes, boxes)
    assert np.all(np.diff(scores[kept]) <= 0)
    assert np.all(overlap[np.ix_(kept, kept)][~np.eye(len(kept), dtype=bool)] <= threshold)
    for dropped in set(range(40)) - set(kept.tolist()):
        better = [k for k in kept if scores[k] >= scores[dropped]]
        assert overlap[dropped, better].max() > threshold


def _by_the_formula(boxes, scores, confidence):
    """Soft suppression as its paper writes it: every score is lowered again for each box that is taken."""
    rest, taken = dict(enumerate(scores.tolist())), {}
    while rest:
        best = max(rest, key=rest.get)
        if rest[best] <= confidence:
            break
        taken[best] = rest.pop(best)
        for other in rest:
            rest[other] *= np.exp(-(pairwise_iou(boxes[best], boxes[[other]])[0, 0] ** 2) / 0.3)
    return taken


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_soft_suppression_is_that_of_its_paper(seed):
    rng = np.random.default_rng(seed)
    boxes = xywh_to_xyxy(np.concatenate([rng.uniform(0, 50, (30, 2)), rng.uniform(5, 40, (30, 2))], axis=1))
    scores = rng.uniform(0, 1, 30)
    kept, lowered = soften(boxes, scores, 0.05, 100)
    expected = _by_the_formula(boxes, scores, 0.05)
    assert kept.tolist() == list(expected)
    np.testing.assert_allclose(lowered, list(expected.values()), rtol=1e-9)
    assert np.all(np.diff(lowered) <= 0)
    assert np.all(lowered <= scores[kept] + 1e-12)
    assert len(soften(boxes, scores, 0.05, 3)[0]) == 3


def test_soft_suppression_keeps_a_person_before_another():
    """Boxes of two people in a row overlap by more than hard suppression allows."""
    boxes = np.array([[0, 0, 10, 30], [3, 0, 13, 30], [40, 0, 50, 30.0]])
    scores = np.array([[0.9], [0.8], [0.4]])
    hard, soft = (best_detections(boxes, scores, 0.1, Suppression(soft=soft), 10) for soft in (False, True))
    assert hard.scores.tolist() == [0.9, 0.4]
    assert soft.boxes.tolist() == [boxes[0].tolist(), boxes[2].tolist(), boxes[1].tolist()]
    assert 0.1 < soft.scores[2] < 0.4


def test_boxes_that_do_not_overlap_are_the_same_either_way():
    boxes = np.array([[20.0 * n, 0, 20.0 * n + 10, 10] for n in range(5)])
    scores = np.linspace(0.2, 0.9, 5)[:, None]
    hard, soft = (best_detections(boxes, scores, 0.1, Suppression(soft=soft), 10) for soft in (False, True))
    assert all(np.array_equal(one, other) for one, other in zip(hard, soft))


def test_classes_do_not_suppress_each_other_and_one_box_may_be_two_classes():
    boxes = np.array([[0, 0, 10, 10], [0, 0, 10, 10.0]])
    scores = np.array([[0.9, 0.2], [0.8, 0.7]])
    _, values, labels = best_detections(boxes, scores, 0.1, Suppression(), 100)
    assert list(zip(values.tolist(), labels.tolist())) == [(0.9, 0), (0.7, 1)]
    assert len(best_detections(boxes, scores, 0.1, Suppression(), 1)[0]) == 1


def test_sixteen_bit_images_are_scaled_not_clipped(tmp_path):
    grey = np.arange(256, dtype=np.uint16).reshape(16, 16)
    Image.fromarray(grey * 257).save(tmp_path / "deep.png")
    assert (np.asarray(load_image(tmp_path / "deep.png"))[..., 0] == grey).all()
