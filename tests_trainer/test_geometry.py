"""Letterbox, augmentation of boxes, assignment, decoding, suppression: truth by analysis."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from shared_format.boxes import corners_from_xywh, iou_corners
from trainer.architectures import make_spec
from trainer.assign import BOX_SCALE, LOG_H, LOG_W, TARGET_CHANNELS, X, Y, assign
from trainer.augment import NO_AUGMENTATION, Augmentation, cut_boxes, jitter_colour, random_affine
from trainer.decode import decode
from trainer.letterbox import letterbox, warp
from trainer.nms import best_detections, suppress
from trainer.pictures import load_picture

SPEC = make_spec("yolov3-tiny", 416, ("person", "bed"), (1, 2))
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


def test_warp_fills_with_half_and_keeps_pixels():
    pixels = np.random.default_rng(0).integers(0, 256, (20, 40, 3), dtype=np.uint8)
    seen = warp(Image.fromarray(pixels), letterbox(40, 20, 40), 40)
    assert np.all(seen[:10] == 0.5)
    assert np.all(seen[30:] == 0.5)
    np.testing.assert_array_equal(seen[10:30], pixels.astype(np.float32) / np.float32(255))


def test_warp_equals_opencvs_bilinear_resize():
    cv2 = pytest.importorskip("cv2")
    noise = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    smooth = cv2.GaussianBlur(cv2.resize(noise, (400, 300)), (0, 0), 3)
    seen = warp(Image.fromarray(smooth), letterbox(400, 300, 160), 160)[20:140]
    difference = np.abs(seen * 255 - cv2.resize(smooth, (160, 120)))
    assert difference.mean() < 0.01
    assert difference.max() < 1.01


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_augmented_boxes_follow_their_pixels(seed):
    """A white rectangle on black, augmented: its box's pixels are white, those well around it are not."""
    rng = np.random.default_rng(seed)
    pixels = np.zeros((90, 120, 3), dtype=np.uint8)
    pixels[30:60, 40:80] = 255
    affine = random_affine(120, 90, 128, Augmentation(), rng)
    seen = warp(Image.fromarray(pixels), affine, 128)[..., 0]
    cut, present, _ = cut_boxes(affine.forward(np.array([[40, 30, 80, 60]])), (0, 0, 128, 128), 0.0)
    assert present[0]
    x1, y1, x2, y2 = cut[0]
    white = np.argwhere(seen > 0.75)
    found = [white[:, 1].min(), white[:, 0].min(), white[:, 1].max() + 1, white[:, 0].max() + 1]
    np.testing.assert_allclose(found, [x1, y1, x2, y2], atol=1.5)


def test_no_augmentation_is_the_letterbox():
    rng = np.random.default_rng(0)
    assert random_affine(300, 200, 416, NO_AUGMENTATION, rng) == letterbox(300, 200, 416)
    pixels = rng.uniform(0, 1, (8, 8, 3)).astype(np.float32)
    np.testing.assert_allclose(jitter_colour(pixels, NO_AUGMENTATION, rng), pixels, atol=1e-6)


def test_cut_boxes_lose_what_is_cut():
    boxes = np.array([[-30.0, 10, 10, 20], [50, 50, 60, 60], [200, 0, 210, 10]])
    cut, present, rest = cut_boxes(boxes, (0, 0, 100, 100), 0.3)
    np.testing.assert_allclose(cut[0], [0, 10, 10, 20])
    assert present.tolist() == [True, True, False]
    assert rest[:2].tolist() == [True, False]  # a quarter of the first is left


def test_assignment_by_hand():
    """A 80x80 box at (100, 200) of 416: anchor 81x82 (index 3), stride 32, column 3, row 6."""
    targets = assign(np.array([[100 / 416, 200 / 416, 80 / 416, 80 / 416]]), np.array([1]), SPEC)
    assert np.count_nonzero(targets[1]) == 0
    assert np.argwhere(targets[0][..., BOX_SCALE]).tolist() == [[6, 3, 0]]
    cell = targets[0][6, 3, 0]
    np.testing.assert_allclose(cell[[X, Y]], [100 / 32 - 3, 200 / 32 - 6], atol=1e-6)
    np.testing.assert_allclose(cell[[LOG_W, LOG_H]], [np.log(80 / 81), np.log(80 / 82)], atol=1e-6)
    assert cell[BOX_SCALE] == pytest.approx(2 - (80 / 416) ** 2)
    assert cell[TARGET_CHANNELS:].tolist() == [0, 1]


def test_colliding_truths_the_later_owns_the_box_and_classes_add_up():
    boxes = np.array([[0.5, 0.5, 0.2, 0.2], [0.51, 0.5, 0.19, 0.2]])
    targets = assign(boxes, np.array([0, 1]), SPEC)
    (row, column, slot), *more = np.argwhere(targets[0][..., BOX_SCALE])
    assert not more
    assert targets[0][row, column, slot, X] == pytest.approx(0.51 * 13 - column, abs=1e-6)
    assert targets[0][row, column, slot, TARGET_CHANNELS:].tolist() == [1, 1]


def test_truths_on_the_last_pixel_stay_in_the_grid():
    targets = assign(np.array([[1.0, 1.0, 0.2, 0.2]]), np.array([0]), SPEC)
    assert np.argwhere(targets[0][..., BOX_SCALE])[0].tolist()[:2] == [12, 12]


@pytest.mark.parametrize("model", ["yolov3-tiny", "yolov3-nano"])
@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_decode_inverts_assign(model, seed):
    """Logits written from the targets decode to the truths, on every head, stretched sigmoid or not."""
    spec = make_spec(model, 128, ("person",), (1,))
    rng = np.random.default_rng(seed)
    size = rng.uniform(0.05, 0.5, (3, 2))
    truths = np.concatenate([size / 2 + rng.uniform(0, 1, (3, 2)) * (1 - size), size], axis=1)
    heads = []
    for head, target in enumerate(assign(truths, np.zeros(3, int), spec)):
        stretch = spec.scale_x_y[head]
        share = (target[..., [X, Y]].astype(np.float64) + (stretch - 1) / 2) / stretch
        share = np.clip(share, 1e-6, 1 - 1e-6)
        positive = target[..., BOX_SCALE : BOX_SCALE + 1] > 0
        raw = np.concatenate(
            [
                np.log(share / (1 - share)),
                target[..., [LOG_W, LOG_H]],
                np.where(positive, 20, -20),
                np.where(positive, 20, -20),
            ],
            axis=-1,
        )
        heads.append(raw.reshape(1, *raw.shape[:2], -1).astype(np.float32))
    boxes, scores = decode(heads, spec)
    found = boxes[0][scores[0, :, 0] > 0.5]
    half = truths[:, 2:] / 2
    corners = np.concatenate([truths[:, :2] - half, truths[:, :2] + half], axis=1) * 128
    iou = iou_corners(corners, found)
    # Truths that met on one box leave the later of them; all that were found are exact.
    assert len(found)
    np.testing.assert_allclose(iou.max(axis=0), 1, atol=1e-3)


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
    boxes = corners_from_xywh(np.concatenate([rng.uniform(0, 50, (40, 2)), rng.uniform(5, 40, (40, 2))], axis=1))
    scores = rng.uniform(0, 1, 40)
    kept = suppress(boxes, scores, threshold, 100)
    overlap = iou_corners(boxes, boxes)
    assert np.all(np.diff(scores[kept]) <= 0)
    assert np.all(overlap[np.ix_(kept, kept)][~np.eye(len(kept), dtype=bool)] <= threshold)
    for dropped in set(range(40)) - set(kept.tolist()):
        better = [k for k in kept if scores[k] >= scores[dropped]]
        assert overlap[dropped, better].max() > threshold


def test_classes_do_not_suppress_each_other_and_one_box_may_be_two_classes():
    boxes = np.array([[0, 0, 10, 10], [0, 0, 10, 10.0]])
    scores = np.array([[0.9, 0.2], [0.8, 0.7]])
    _, values, labels = best_detections(boxes, scores, 0.1, 0.45, 100)
    assert list(zip(values.tolist(), labels.tolist())) == [(0.9, 0), (0.7, 1)]
    assert len(best_detections(boxes, scores, 0.1, 0.45, 1)[0]) == 1


def test_sixteen_bit_pictures_are_scaled_not_clipped(tmp_path):
    grey = np.arange(256, dtype=np.uint16).reshape(16, 16)
    Image.fromarray(grey * 257).save(tmp_path / "deep.png")
    assert (np.asarray(load_picture(tmp_path / "deep.png"))[..., 0] == grey).all()
