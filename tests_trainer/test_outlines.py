"""Masks as outlines: drawn again by this project, by OpenCV and by COCO's own code, they are the masks they were."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from trainer.formats import polygons
from trainer.formats.outlines import INSET, joined, parts

small_masks = arrays.arrays(bool, st.tuples(st.integers(1, 12), st.integers(1, 12)))
often = settings(max_examples=300, deadline=None)


def opencv(outline, shape):
    """As Ultralytics draws: fractions of pixels are dropped, the border is filled as well."""
    mask = np.zeros(shape, np.uint8)
    cv2.fillPoly(mask, [outline.astype(np.float32).astype(np.int32)], 1)
    return mask.astype(bool)


@often
@given(small_masks)
def test_the_parts_of_a_mask_are_the_mask(mask):
    height, width = mask.shape
    found = parts(mask)
    assert sum(part.area for part in found) == mask.sum()
    assert [part.area for part in found] == sorted((part.area for part in found), reverse=True)
    assert len(found) == cv2.connectedComponents(mask.astype(np.uint8), connectivity=4)[0] - 1
    assert (polygons.fill([part.outline.ravel().tolist() for part in found], width, height) == mask).all()
    inner = [opencv(part.outline, mask.shape) for part in parts(mask, INSET)]
    assert (np.any(inner, axis=0) == mask).all() if inner else not mask.any()


@often
@given(small_masks)
def test_one_outline_loses_what_it_says(mask):
    height, width = mask.shape
    found = joined(mask)
    assert found.dropped < max(mask.sum(), 1)
    if not mask.any():
        assert found.outline.shape == (0, 2)
        return
    drawn = polygons.fill([found.outline.ravel().tolist()], width, height)
    assert not (drawn & ~mask).any()
    assert (mask & ~drawn).sum() == found.dropped
    filled = opencv(found.outline, mask.shape)
    assert (filled & ~mask).sum() <= found.bridges
    assert (mask & ~filled).sum() <= found.dropped


@often
@given(small_masks)
def test_an_outline_stays_inside_the_edges_of_its_pixels(mask):
    for part, inner in zip(parts(mask), parts(mask, INSET)):
        assert part.outline.shape == inner.outline.shape
        np.testing.assert_allclose(part.outline, inner.outline, rtol=0, atol=INSET * 1.001)
        low, high = inner.outline.min(axis=0), inner.outline.max(axis=0)
        np.testing.assert_allclose(low, part.outline.min(axis=0) + INSET)
        np.testing.assert_allclose(high, part.outline.max(axis=0) - INSET)


def test_the_outline_of_a_rectangle():
    mask = np.zeros((9, 12), bool)
    mask[2:5, 3:10] = True
    (part,) = parts(mask)
    assert (part.area, part.holes) == (21, 0)
    assert sorted(part.outline.tolist()) == [[3, 2], [3, 5], [10, 2], [10, 5]]


def test_a_ring_keeps_its_hole():
    mask = np.zeros((30, 30), bool)
    mask[5:25, 5:25] = True
    mask[10:15, 10:15] = mask[18:20, 12:22] = False
    found = joined(mask)
    assert (found.parts, found.holes, found.bridges, found.dropped) == (1, 2, 0, 0)
    assert (opencv(found.outline, mask.shape) == mask).all()


@pytest.mark.parametrize(("gap", "kept"), [(0, True), (4, True), (15, True), (16, False), (20, False)])
def test_a_part_is_joined_where_the_line_is_shorter_than_the_part(gap, kept):
    mask = np.zeros((20, 60), bool)
    mask[2:18, 2:20] = True
    mask[2:6, 20 + gap : 24 + gap] = True
    found = joined(mask)
    assert (found.bridges, found.dropped) == ((gap, 0) if kept else (0, 16))
    assert (opencv(found.outline, mask.shape) ^ mask).sum() == (gap if kept else 16)


def test_coco_draws_the_parts_alike():
    tools = pytest.importorskip("pycocotools.mask")
    mask = cv2.GaussianBlur(np.random.default_rng(4).random((80, 90)), (0, 0), 2) > 0.5
    listed = [part.outline.ravel().tolist() for part in parts(mask)]
    assert len(listed) > 5
    assert (tools.decode(tools.merge(tools.frPyObjects(listed, 80, 90))).astype(bool) == mask).all()
