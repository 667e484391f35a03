"""Annotations follow the pixels through every augmentation: key points, masks, attributes."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_format import masks
from shared_format.keypoints import HIDDEN, NOT_IN_IMAGE, VISIBLE
from trainer.augment import NO_AUGMENTATION, Composition, training_view
from trainer.augment.compose import Member
from trainer.augment.paste import Paste, cut_out, paste_object
from trainer.augment.view import PixelWindow, View, view_annotations
from trainer.examples.annotations import (
    BOXES_ONLY,
    Annotations,
    Carried,
    cut_keypoints,
    hide_keypoints,
    joined,
    stacked_keypoints,
)
from trainer.examples.example import make_example
from trainer.examples.reduced import Decoded
from trainer.formats.skeletons import Skeleton

# The corners of a patch, which have a colour each: what is drawn says where every key point is.
CORNERS = Skeleton(("left_top", "right_top", "left_bottom", "right_bottom"), (1, 0, 3, 2))
COLOURS = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [0, 0, 0]], dtype=np.uint8)
EVERYTHING = Carried(masks=True, skeleton=CORNERS, attributes=True)
SIZE = 96
seeds = st.integers(0, 2**32 - 1)
property_of_many = settings(max_examples=40, deadline=None)


def patch_image(x, y, side, width=128, height=96):
    """A grey image with a square of four coloured quarters, each with a key point in its middle; and its pixels."""
    pixels = np.full((height, width, 3), 128, np.uint8)
    body = np.zeros((height, width), bool)
    body[y : y + side, x : x + side] = True
    half = side // 2
    keypoints = []
    for corner, colour in enumerate(COLOURS):
        left, top = x + (corner % 2) * half, y + (corner // 2) * half
        pixels[top : top + half, left : left + half] = colour
        keypoints.append([left + half / 2, top + half / 2, VISIBLE])
    example = make_example(
        f"patch{x}",
        1,
        [([x, y, side, side], 0, False, side * side)],
        width=width,
        height=height,
        masks=(masks.encode(body),),
        keypoints=stacked_keypoints([keypoints], CORNERS),
        object_attributes=({"place": x},),
    )
    return example, Decoded(pixels)


def middle_of(pixels, colour):
    """The (x, y) middle of the pixels that are nearly of a colour, or None."""
    rows, columns = np.nonzero((np.abs(pixels.astype(int) - colour) < 60).all(axis=-1))
    return None if len(rows) < 12 else np.array([columns.mean() + 0.5, rows.mean() + 0.5])


def named_colour(index, mirrored):
    """The colour at a key point of the view: the names change sides where the image is mirrored."""
    return COLOURS[CORNERS.mirrored[index] if mirrored else index]


@given(seeds, st.integers(8, 60), st.integers(8, 30), st.booleans())
@property_of_many
def test_key_points_stay_on_their_pixels(seed, x, y, flip):
    example, decoded = patch_image(x, y, 48)
    limits = replace(NO_AUGMENTATION, flip=float(flip), scale=0.2, translate=0.1)
    rng = np.random.default_rng(seed)
    view, _ = training_view(Composition((Member(example),)), SIZE, limits, rng, lambda _: decoded, EVERYTHING)
    if not len(view.annotations):
        return
    for index, (px, py, visibility) in enumerate(view.annotations.keypoints[0]):
        found = middle_of(view.pixels, named_colour(index, flip))
        inside = 12 < px < SIZE - 12 and 12 < py < SIZE - 12  # its whole quarter is shown
        if visibility == VISIBLE and inside and found is not None:
            np.testing.assert_allclose([px, py], found, atol=1.0)


@given(seeds, st.integers(8, 60), st.integers(8, 30))
@property_of_many
def test_masks_cover_the_pixels_of_their_object(seed, x, y):
    example, decoded = patch_image(x, y, 48)
    limits = replace(NO_AUGMENTATION, flip=0.5, scale=0.3, translate=0.2, crop=0.5)
    rng = np.random.default_rng(seed)
    view, _ = training_view(Composition((Member(example),)), SIZE, limits, rng, lambda _: decoded, EVERYTHING)
    coloured = (np.abs(view.pixels.astype(int) - 128) > 40).any(axis=-1)
    if not len(view.annotations):
        assert coloured.sum() < SIZE * 2  # at most a line of pixels at the border
        return
    (mask,) = view.annotations.masks
    assert mask.shape == (SIZE, SIZE)
    edge = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    assert (mask == coloured)[~edge].all()


@given(seeds)
@property_of_many
def test_a_mosaic_keeps_every_objects_own_annotations(seed):
    drawn = {place: patch_image(place, 20, 40) for place in (10, 30, 50, 70)}
    images = {example.path: decoded for example, decoded in drawn.values()}
    members = tuple(Member(example) for example, _ in drawn.values())
    rng = np.random.default_rng(seed)
    limits = replace(NO_AUGMENTATION, mosaic=1.0)
    view, _ = training_view(Composition(members), SIZE, limits, rng, lambda one: images[one.path], EVERYTHING)
    objects = view.annotations
    assert len(objects) == len(objects.masks) == len(objects.keypoints) == len(objects.attributes)
    for (x1, y1, x2, y2), mask, points in zip(objects.boxes, objects.masks, objects.keypoints):
        rows, columns = np.nonzero(mask)
        assert columns.min() >= np.floor(x1) - 1
        assert columns.max() <= np.ceil(x2)
        assert rows.min() >= np.floor(y1) - 1
        assert rows.max() <= np.ceil(y2)
        shown = points[points[:, 2] == VISIBLE]
        assert ((shown[:, :2] >= [x1 - 1e-9, y1 - 1e-9]) & (shown[:, :2] <= [x2 + 1e-9, y2 + 1e-9])).all()
    assert {one["place"] for one in objects.attributes} <= set(drawn)


def test_a_mirrored_image_swaps_left_and_right():
    example, decoded = patch_image(30, 20, 40)
    flipped = replace(NO_AUGMENTATION, flip=1.0)
    rng = np.random.default_rng(0)
    view, _ = training_view(Composition((Member(example),)), 128, flipped, rng, lambda _: decoded, EVERYTHING)
    left_top, right_top = view.annotations.keypoints[0][:2]
    assert left_top[0] < right_top[0]  # the left one of the mirrored image was the right one
    np.testing.assert_allclose(left_top[:2], [128 - 60, 30 + 16])


def test_points_outside_are_dropped_and_covered_ones_hidden():
    points = np.array([[[5.0, 5, VISIBLE], [15, 5, HIDDEN], [25, 5, VISIBLE], [0, 0, NOT_IN_IMAGE]]])
    cut = cut_keypoints(points, (0, 0, 20, 10))
    assert cut[0, :, 2].tolist() == [VISIBLE, HIDDEN, NOT_IN_IMAGE, NOT_IN_IMAGE]
    np.testing.assert_array_equal(cut[0, 2], [0, 0, 0])
    hidden = np.zeros((10, 30), bool)
    hidden[:, 0:18] = True
    assert hide_keypoints(points, hidden)[0, :, 2].tolist() == [HIDDEN, HIDDEN, VISIBLE, NOT_IN_IMAGE]


def test_a_patch_hides_points_and_takes_its_part_of_the_mask():
    example, decoded = patch_image(10, 10, 40)
    view = View(decoded.pixels, view_annotations(example, 1, EVERYTHING))
    seen = cut_out(view, (PixelWindow(10, 10, 30, 50),), 0.25)
    assert seen.annotations.keypoints[0, :, 2].tolist() == [HIDDEN, VISIBLE, HIDDEN, VISIBLE]
    assert seen.annotations.masks[0].sum() == 20 * 40
    np.testing.assert_array_equal(seen.annotations.boxes, [[30, 10, 50, 50]])


@given(st.floats(0.2, 0.6), st.floats(0.3, 0.7), st.booleans())
@property_of_many
def test_a_pasted_object_brings_its_annotations(height, middle, mirrored):
    donor, donated = patch_image(40, 20, 48)
    empty = make_example("empty", 2, [], width=128, height=96, keypoints=stacked_keypoints([], CORNERS))
    view = View(np.full((96, 128, 3), 128, np.uint8), view_annotations(empty, 1, EVERYTHING))
    pasted = paste_object(view, empty, 1, Paste(0, height, middle, 0.9, mirrored), donor, donated, 0.25, EVERYTHING)
    objects = pasted.annotations
    assert objects.attributes == ({"place": 40},)
    for index, (px, py, visibility) in enumerate(objects.keypoints[0]):
        assert visibility == VISIBLE
        found = middle_of(pasted.pixels, named_colour(index, mirrored))
        if found is not None:
            np.testing.assert_allclose([px, py], found, atol=1.0)
    rows, columns = np.nonzero(objects.masks[0])
    np.testing.assert_array_equal(objects.boxes[0], [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])


def test_what_is_not_carried_is_not_there():
    example, decoded = patch_image(10, 10, 40)
    rng = np.random.default_rng(0)
    view, _ = training_view(Composition((Member(example),)), SIZE, NO_AUGMENTATION, rng, lambda _: decoded, BOXES_ONLY)
    assert (view.annotations.masks, view.annotations.keypoints, view.annotations.attributes) == ((), None, ())


def test_selecting_and_joining_keep_every_field_together():
    def objects(first, count):
        numbers = np.arange(first, first + count)
        return Annotations(
            np.repeat(numbers[:, None], 4, axis=1).astype(float),
            numbers,
            numbers % 2 == 0,
            numbers * 10.0,
            tuple(np.full((2, 2), number) for number in numbers),
            np.repeat(numbers, 12).reshape(-1, 4, 3).astype(float),
            tuple({"number": number} for number in numbers),
        )

    both = joined([objects(0, 3), objects(3, 2)])
    chosen = both.keep(np.array([False, True, False, True, True]))
    assert chosen.labels.tolist() == [1, 3, 4]
    assert chosen.areas.tolist() == [10, 30, 40]
    assert [one["number"] for one in chosen.attributes] == [1, 3, 4]
    assert [int(mask[0, 0]) for mask in chosen.masks] == [1, 3, 4]
    assert chosen.keypoints[:, 0, 0].tolist() == [1, 3, 4]
    assert chosen.one(2).labels.tolist() == [4]


def test_another_number_of_key_points_is_refused():
    with pytest.raises(ValueError, match="3"):
        stacked_keypoints([[[1, 1, 2]] * 3], CORNERS)
