"""Which predictions answer for a truth: by hand, against plain loops, and back through the decoder."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops

from shared_format.boxes import pairwise_iou, size_iou
from trainer.feeding.target_rows import GROUND_TRUTH_COLUMNS, ground_truth_rows
from trainer.loss.assign import Targets, darknet_targets, modern_targets
from trainer.network.architectures import make_spec
from trainer.network.darknet_detector import with_head
from trainer.network.decode import decode

from . import numpy_assign
from .made_up import random_boxes

SPEC = make_spec("yolov3-tiny", 416, ("person", "bed"), (1, 2))
RULES = {"darknet": (darknet_targets, numpy_assign.darknet), "modern": (modern_targets, numpy_assign.modern)}


def targets_of(boxes, labels, spec=SPEC, rule=darknet_targets, ignore=None):
    """Targets of every head for one image, as numpy without the batch; one row of padding."""
    boxes = np.asarray(boxes, float).reshape(-1, 4)
    ignore = np.zeros(len(boxes), bool) if ignore is None else ignore
    ground_truths = ground_truth_rows(boxes, np.asarray(labels, int), ignore, len(boxes) + 1)[None]
    found = []
    for head in range(len(spec.head.masks)):
        grid = (round(spec.size / spec.head.strides[head]),) * 2
        found.append(Targets(*(ops.convert_to_numpy(part)[0] for part in rule(ground_truths, spec, head, grid))))
    return found


def test_assignment_by_hand():
    """An 80x80 box at (100, 200) of 416: anchor 81x82, the first of the coarse head, in cell (3, 6)."""
    coarse, fine = targets_of([[100 / 416, 200 / 416, 80 / 416, 80 / 416]], [1])
    assert np.argwhere(coarse.positive).tolist() == [[6, 3, 0]]
    np.testing.assert_allclose(coarse.boxes[6, 3, 0] * 416, [100, 200, 80, 80], rtol=1e-6)
    assert coarse.classes[6, 3, 0].tolist() == [0, 1]
    assert not fine.positive.any()


def test_colliding_ground_truths_the_later_owns_the_box_and_classes_add_up():
    coarse, _ = targets_of([[0.5, 0.5, 0.2, 0.2], [0.51, 0.5, 0.19, 0.2]], [0, 1])
    (place,) = map(tuple, np.argwhere(coarse.positive))
    assert coarse.boxes[place][0] == pytest.approx(0.51)
    assert coarse.classes[place].tolist() == [1, 1]


@pytest.mark.parametrize("rule", [darknet_targets, modern_targets])
def test_ground_truths_on_the_last_pixel_stay_in_the_grid(rule):
    coarse, _ = targets_of([[1.0, 1.0, 0.2, 0.2]], [0], rule=rule)
    assert {tuple(place[:2]) for place in np.argwhere(coarse.positive).tolist()} == {(12, 12)}


def test_an_anchor_of_two_heads_is_answered_by_both():
    """As with the masks 3,4,5 and 1,2,3 of the official tiny weights."""
    spec = with_head(SPEC, masks=((3, 4, 5), (1, 2, 3)))
    coarse, fine = targets_of([[0.5, 0.5, 81 / 416, 82 / 416]], [0], spec)
    assert np.argwhere(coarse.positive).tolist() == [[6, 6, 0]]
    assert np.argwhere(fine.positive).tolist() == [[13, 13, 2]]
    coarse, fine = targets_of([[0.5, 0.5, 10 / 416, 14 / 416]], [0], spec)
    assert not coarse.positive.any()  # nobody owns the smallest anchor
    assert not fine.positive.any()


def test_ignored_regions_are_nobodys_ground_truth():
    for rule in (darknet_targets, modern_targets):
        found = targets_of([[0.5, 0.5, 0.2, 0.2]], [0], rule=rule, ignore=np.array([True]))
        assert not any(head.positive.any() for head in found)


@pytest.mark.parametrize(
    ("stretch", "cells"),
    [
        (1.0, {(6, 6)}),
        (1.1, {(6, 6)}),  # reaches a twentieth of a cell, the centre is 0.2 and 0.4 away
        (1.5, {(6, 6), (6, 5)}),
        (2.0, {(6, 6), (6, 5), (7, 6)}),
    ],
)
def test_neighbours_answer_where_their_decode_reaches(stretch, cells):
    spec = with_head(SPEC, scale_x_y=(stretch, stretch))
    coarse, _ = targets_of([[6.2 / 13, 6.6 / 13, 0.2, 0.2]], [0], spec, modern_targets)
    assert {tuple(place[:2]) for place in np.argwhere(coarse.positive).tolist()} == cells


def test_the_modern_rule_never_leaves_a_ground_truth_alone():
    """A box of one pixel, and one far from the shape of every anchor."""
    for box in ([0.5, 0.5, 1 / 416, 1 / 416], [0.5, 0.5, 1.0, 2 / 416]):
        assert sum(head.positive.sum() for head in targets_of([box], [0], rule=modern_targets)) >= 1


@pytest.mark.parametrize("rule", RULES)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.sampled_from([1.0, 1.05, 2.0]))
@settings(max_examples=30, deadline=None)
def test_the_rules_equal_their_restatement(rule, seed, count, stretch):
    rng = np.random.default_rng(seed)
    spec = replace(with_head(SPEC, scale_x_y=(stretch, stretch), masks=((3, 4, 5), (1, 2, 3))), size=96)
    boxes = random_boxes(rng, count).astype(np.float32)
    boxes[count // 2 :, :2] = boxes[: count - count // 2, :2]  # some share a cell
    labels = rng.integers(0, 2, count)
    in_graph, in_loops = RULES[rule]
    for head, found in enumerate(targets_of(boxes, labels, spec, in_graph)):
        positive, owner, classes = numpy_assign.dense(in_loops(boxes, labels.tolist(), spec, head), spec, head)
        np.testing.assert_array_equal(found.positive, positive)
        np.testing.assert_array_equal(found.classes, classes)
        np.testing.assert_allclose(found.boxes[positive > 0], boxes[owner[positive > 0]])


@pytest.mark.parametrize("model", ["yolov3-tiny", "yolov3-nano"])
@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_decode_inverts_assign(model, seed):
    """Logits written from the targets decode to the truths, on every head, stretched sigmoid or not."""
    spec = make_spec(model, 128, ("person",), (1,))
    ground_truths = random_boxes(np.random.default_rng(seed), 3)
    heads = []
    for head, target in enumerate(targets_of(ground_truths, [0, 0, 0], spec)):
        stretch, grid = spec.head.scale_x_y[head], round(spec.size / spec.head.strides[head])
        columns, rows = np.meshgrid(np.arange(grid), np.arange(grid))
        within = target.boxes[..., :2] * grid - np.stack([columns, rows], axis=-1)[:, :, None]
        share = np.clip((within + (stretch - 1) / 2) / stretch, 1e-6, 1 - 1e-6)
        size = np.where(target.positive[..., None] > 0, target.boxes[..., 2:], 1) * 128 / spec.head.anchors_of(head)
        sure = np.where(target.positive[..., None] > 0, 20, -20)
        raw = np.concatenate([np.log(share / (1 - share)), np.log(size), sure, sure], axis=-1)
        heads.append(raw.reshape(1, grid, grid, -1).astype(np.float32))
    boxes, scores = decode(heads, spec)
    found = boxes[0][scores[0, :, 0] > 0.5]
    half = ground_truths[:, 2:] / 2
    corners = np.concatenate([ground_truths[:, :2] - half, ground_truths[:, :2] + half], axis=1) * 128
    # Truths that met on one box leave the later of them; all that were found are exact.
    assert len(found)
    np.testing.assert_allclose(pairwise_iou(corners, found).max(axis=0), 1, atol=2e-3)


def test_size_iou_by_hand():
    np.testing.assert_allclose(size_iou(np.array([[2, 2]]), np.array([[2, 2], [4, 1]])), [[1, 2 / 6]])


def test_rows_hold_everything_and_padding_says_so():
    rows = ground_truth_rows(np.array([[0.5, 0.5, 0.1, 0.2]]), np.array([3]), np.array([True]), 3)
    assert rows.shape == (3, GROUND_TRUTH_COLUMNS)
    np.testing.assert_allclose(rows[0], [0.5, 0.5, 0.1, 0.2, 2, 3], rtol=1e-6)
    assert not rows[1:].any()
