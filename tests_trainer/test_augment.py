"""Augmentation: a filled rectangle goes in, and wherever its pixels come out, its box is there."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_format import masks
from trainer.augment import NO_AUGMENTATION, Augmentation, Composition, Member, draw_composition, training_view
from trainer.augment.colour import LUMA, ColourChange, change_colour, hue_rotation
from trainer.augment.degrade import CameraDegradation, degrade, line_kernel
from trainer.augment.geometry import cut_boxes, draw_mosaic, draw_placement
from trainer.augment.paste import Paste, cut_out, draw_patches, paste_object
from trainer.augment.view import View, hide, visible_part
from trainer.errors import TrainerError
from trainer.examples.annotations import Annotations
from trainer.examples.example import make_example
from trainer.examples.letterbox import letterbox
from trainer.examples.reduced import Decoded

from .numpy_letterbox import warp
from .refusals import refusal

SIZE = 128
# Levels of the rectangle, which is red, and of what is around it. Red less green is then the rectangle's share of a
# pixel, whether it blends with its surroundings or with the grey outside the image.
INSIDE, OUTSIDE = 250, 5
seeds = st.integers(0, 2**32 - 1)
examples_of_a_property = settings(max_examples=60, deadline=None)


def still(**limits):
    """Nothing but what is asked for."""
    return replace(NO_AUGMENTATION, min_visible=0.0, **limits)


def rectangle_image(rng, reduction=1, mask=False, channel=0):
    """An image with one filled rectangle, as an example and decoded; sides are multiples of the reduction."""
    unit = 8 * reduction
    width, height = (int(side) for side in rng.integers(10, 40, 2) * unit)
    w, h = (int(rng.integers(2, length // (2 * unit) + 1)) * unit for length in (width, height))
    x, y = (int(rng.integers(0, (length - part) // unit + 1)) * unit for length, part in ((width, w), (height, h)))
    pixels = np.full((height, width, 3), OUTSIDE, dtype=np.uint8)
    pixels[y : y + h, x : x + w, channel] = INSIDE
    known = {}
    if mask:
        body = np.zeros((height, width), dtype=bool)
        body[y : y + h, x : x + w] = True
        known["masks"] = (masks.encode(body),)
    example = make_example("drawn", 1, [([x, y, w, h], 0, False, w * h)], width=width, height=height, **known)
    return example, Decoded(pixels[::reduction, ::reduction], reduction)


def view_boxes(boxes, labels=None):
    """The annotations of a view that carries boxes only."""
    count = len(boxes)
    labels = np.zeros(count, int) if labels is None else labels
    return Annotations(boxes, labels, np.zeros(count, bool), np.prod(boxes[:, 2:] - boxes[:, :2], axis=1))


def shown(pixels):
    """The extent [x1, y1, x2, y2] of the rectangle's pixels, or None."""
    red = pixels[..., 0].astype(int) - pixels[..., 1]
    rows, columns = np.nonzero(red > (INSIDE - OUTSIDE) / 2)
    return np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]) if len(rows) else None


def assert_follows(view):
    found = shown(view.pixels)
    if found is None or (found[2:] - found[:2]).min() <= 3:
        return  # nothing, or a sliver: may be no box at all, and its corners blend with what is around it
    assert len(view.annotations.boxes) == 1
    np.testing.assert_allclose(view.annotations.boxes[0], found, atol=1.0)


GEOMETRIES = {
    "flip": {"flip": 1.0},
    "scale": {"scale": 0.5},
    "enlarge": {"enlarge": 1.5},
    "stretch": {"stretch": 0.6},
    "translate": {"translate": 0.5},
    "crop": {"crop": 1.0, "crop_share": 0.3},
    "all": {"flip": 0.5, "scale": 0.4, "stretch": 0.3, "translate": 0.3, "crop": 0.5, "crop_share": 0.5},
}


@pytest.mark.parametrize("reduction", [1, 2, 4])
@pytest.mark.parametrize("name", GEOMETRIES)
@given(seeds)
@examples_of_a_property
def test_a_box_follows_its_pixels(name, reduction, seed):
    rng = np.random.default_rng(seed)
    example, decoded = rectangle_image(rng, reduction)
    limits = still(**GEOMETRIES[name])
    view, _ = training_view(Composition((Member(example),)), SIZE, limits, rng, lambda _: decoded)
    assert view.pixels.shape == (SIZE, SIZE, 3)
    assert_follows(view)


@given(seeds)
@examples_of_a_property
def test_boxes_follow_their_pixels_in_a_mosaic(seed):
    """One member has the rectangle, the three others none: it must be in that member's window."""
    rng = np.random.default_rng(seed)
    example, decoded = rectangle_image(rng)
    empty = make_example("empty", 2, [], width=64, height=48)
    images = {"drawn": decoded, "empty": Decoded(np.full((48, 64, 3), OUTSIDE, np.uint8))}
    place = int(rng.integers(4))
    members = [Member(empty)] * 4
    members[place] = Member(example)
    limits = still(flip=0.5, scale=0.3, stretch=0.3)
    view, done = training_view(Composition(tuple(members)), SIZE, limits, rng, lambda one: images[str(one.path)])
    assert done[0] == "mosaic"
    assert_follows(view)


@given(seeds)
@examples_of_a_property
def test_the_windows_of_a_mosaic_fill_the_input_once(seed):
    covered = np.zeros((SIZE, SIZE), dtype=int)
    for x1, y1, x2, y2 in draw_mosaic(SIZE, np.random.default_rng(seed)):
        covered[y1:y2, x1:x2] += 1
    assert (covered == 1).all()


@given(seeds)
@examples_of_a_property
def test_in_a_mixup_both_images_keep_their_boxes(seed):
    """One rectangle is red, the other green: each box is found in its own channel."""
    rng = np.random.default_rng(seed)
    (red, red_decoded), (green, green_decoded) = (rectangle_image(rng, channel=channel) for channel in (0, 1))
    green = replace(green, path="green")
    images = {"drawn": red_decoded, "green": green_decoded}
    limits = still(flip=0.5, scale=0.2)
    composition = Composition((Member(red),), (Member(green),))
    view, _ = training_view(composition, SIZE, limits, rng, lambda one: images[str(one.path)])
    excess = view.pixels.astype(int)
    for box, own, other in zip(view.annotations.boxes, (0, 1), (1, 0)):
        x1, y1, x2, y2 = np.rint(box).astype(int)
        inner = excess[y1 + 2 : y2 - 2, x1 + 2 : x2 - 2]
        if inner.size and len(view.annotations.boxes) == 2 and not _overlap(*view.annotations.boxes):
            assert (inner[..., own] > inner[..., other] + 50).all()


def _overlap(a, b):
    return min(a[2], b[2]) + 4 > max(a[0], b[0]) and min(a[3], b[3]) + 4 > max(a[1], b[1])


@given(seeds)
@examples_of_a_property
def test_a_cutout_takes_from_a_box_what_it_hides(seed):
    rng = np.random.default_rng(seed)
    example, decoded = rectangle_image(rng)
    limits = still(cutout=1.0, cutout_share=0.6)
    view, done = training_view(Composition((Member(example),)), SIZE, limits, rng, lambda _: decoded)
    assert any(step.startswith("cutout of") for step in done)
    assert_follows(view)


def test_what_is_hidden_is_lost_by_hand():
    """A 40 x 20 box, its right three quarters covered; then all of it; then its middle only."""
    box = np.array([10.0, 10.0, 50.0, 30.0])
    hidden = np.zeros((60, 60), dtype=bool)
    hidden[:, 20:] = True
    left, share = visible_part(box, hidden)
    np.testing.assert_array_equal(left, [10, 10, 20, 30])
    assert share == 0.25
    hidden[:] = True
    assert visible_part(box, hidden)[1] == 0
    hidden[:] = False
    hidden[15:25, 20:40] = True
    left, share = visible_part(box, hidden)
    np.testing.assert_array_equal(left, box)
    assert share == 0.75


def test_a_body_that_does_not_fill_its_box_loses_only_its_own_pixels():
    """The mask is the left half of the box: covering the right half hides nothing of it."""
    box = np.array([10.0, 10.0, 50.0, 30.0])
    body = np.zeros((60, 60), dtype=bool)
    body[10:30, 10:30] = True
    hidden = np.zeros((60, 60), dtype=bool)
    hidden[:, 30:] = True
    left, share = visible_part(box, hidden, body)
    assert share == 1
    np.testing.assert_array_equal(left, box)


def test_too_small_a_rest_is_ignored_and_nothing_at_all_is_dropped():
    boxes = np.array([[0.0, 0, 40, 10], [0, 20, 40, 30], [50, 0, 60, 10]])
    view = View(np.zeros((40, 64, 3), np.uint8), view_boxes(boxes, np.array([0, 1, 2])))
    hidden = np.zeros((40, 64), dtype=bool)
    hidden[:10, 8:], hidden[20:30] = True, True
    seen = hide(view, hidden, 0.25)
    assert seen.annotations.labels.tolist() == [0]  # the two others are gone
    assert seen.annotations.ignore.tolist() == [True]
    np.testing.assert_array_equal(seen.annotations.boxes, [[0, 0, 8, 10]])


def test_cut_boxes_lose_what_is_cut():
    boxes = np.array([[-30.0, 10, 10, 20], [50, 50, 60, 60], [200, 0, 210, 10]])
    cut, present, rest = cut_boxes(boxes, (0, 0, 100, 100), 0.3)
    np.testing.assert_allclose(cut[0], [0, 10, 10, 20])
    assert present.tolist() == [True, True, False]
    assert rest[:2].tolist() == [True, False]  # a quarter of the first is left


@pytest.mark.parametrize("reduction", [1, 2])
@given(seeds, st.floats(0.1, 0.9), st.floats(0, 1), st.floats(0.1, 1.1), st.booleans())
@examples_of_a_property
def test_a_pasted_person_has_the_box_of_its_pixels(reduction, seed, height, middle, foot, mirrored):
    """Pasted on a black image, so that its pixels are the only bright ones."""
    rng = np.random.default_rng(seed)
    donor, donated = rectangle_image(rng, reduction, mask=True)
    empty = make_example("empty", 2, [], width=200, height=160)
    view = View(np.full((160, 200, 3), OUTSIDE, np.uint8), view_boxes(np.zeros((0, 4))))
    pasted = paste_object(view, empty, 1, Paste(0, height, middle, foot, mirrored), donor, donated, 0.25)
    found = shown(pasted.pixels)
    assert len(pasted.annotations.boxes) == (found is not None)
    if found is not None:
        np.testing.assert_allclose(pasted.annotations.boxes[0], found, atol=1.0)
    assert (view.pixels == OUTSIDE).all()  # the image itself, perhaps a kept one, is as it was


def test_who_is_pasted_over_loses_what_is_hidden():
    """A 40-pixel square; the paste, 30 wide, lands on its right half."""
    donor, donated = rectangle_image(np.random.default_rng(1), mask=True)
    body = np.zeros((100, 100), dtype=bool)
    body[40:80, 30:70] = True
    example = make_example(
        "drawn", 1, [([30, 40, 40, 40], 0, False, 1600)], width=100, height=100, masks=(masks.encode(body),)
    )
    view = View(np.zeros((100, 100, 3), np.uint8), view_boxes(np.array([[30.0, 40, 70, 80]])))
    pasted = paste_object(view, example, 1, Paste(0, 0.9, 0.9, 1.0, False), donor, donated, 0.25)
    own = pasted.annotations.boxes[-1]
    assert own[0] > 30
    np.testing.assert_allclose(pasted.annotations.boxes[0], [30, 40, min(70, own[0]), 80], atol=1)
    assert len(pasted.annotations.boxes) == len(pasted.annotations.labels) == len(pasted.annotations.ignore) == 2


@given(seeds)
@examples_of_a_property
def test_looks_never_move_a_box(seed):
    rng = np.random.default_rng(seed)
    example, decoded = rectangle_image(rng)
    changes = {"brightness": 0.4, "contrast": 0.4, "saturation": 0.9, "hue": 0.5, "tint": 0.2, "grey": 0.5}
    bad = {"infrared": 0.3, "blur": 0.5, "motion": 0.5, "noise": 0.5, "jpeg": 0.5}
    view, _ = training_view(Composition((Member(example),)), SIZE, still(**changes, **bad), rng, lambda _: decoded)
    x, y, w, h = example.annotations.boxes[0]
    corners = letterbox(example.width, example.height, SIZE).forward([x, y, x + w, y + h])
    np.testing.assert_allclose(view.annotations.boxes, [corners], atol=1e-9)


def test_no_augmentation_is_the_letterbox():
    rng = np.random.default_rng(0)
    placement = draw_placement(300, 200, 416, NO_AUGMENTATION, rng)
    assert placement.affine == letterbox(300, 200, 416)
    assert placement.window == (0, 0, 416, 416)
    pixels = rng.integers(0, 256, (40, 40, 3), dtype=np.uint8)
    example = make_example("x", 1, [], width=40, height=40)
    view, done = training_view(Composition((Member(example),)), 40, NO_AUGMENTATION, rng, lambda _: Decoded(pixels))
    np.testing.assert_array_equal(view.pixels, pixels)
    assert done == []


def test_hue_turns_red_to_green_at_a_third_and_leaves_grey():
    np.testing.assert_allclose(hue_rotation(1 / 3) @ [1, 0, 0], [0, 1, 0], atol=1e-12)
    np.testing.assert_allclose(hue_rotation(0.17) @ [1, 1, 1], [1, 1, 1], atol=1e-12)
    np.testing.assert_allclose(hue_rotation(0.3) @ hue_rotation(0.7), np.eye(3), atol=1e-12)


def test_grey_is_luma_and_contrast_keeps_the_mean():
    pixels = np.random.default_rng(0).integers(60, 200, (64, 64, 3), dtype=np.uint8)
    grey = change_colour(pixels, ColourChange(grey=True))
    np.testing.assert_allclose(grey[..., 0], pixels @ LUMA, atol=0.55)
    assert (grey[..., 0] == grey[..., 2]).all()
    even = np.repeat(np.repeat(pixels[::8, ::8], 8, 0), 8, 1)  # the mean is taken over every eighth pixel
    strong = change_colour(even, ColourChange(contrast=1.5))
    assert strong.std() > 1.3 * even.std()
    assert abs(strong.mean() - even.mean()) < 1


def test_infrared_is_colourless_and_brightest_where_the_lamp_points():
    pixels = np.full((64, 64, 3), 120, dtype=np.uint8)
    seen = change_colour(pixels, ColourChange(lamp=(0.25, 0.5, 0.4)))
    assert (seen[..., 0] == seen[..., 1]).all()
    assert seen[32, 16, 0] == seen.max()
    assert (np.diff(seen[32, 16:, 0].astype(int)) <= 0).all()
    level = 255 * (120 / 255) ** 0.75
    assert abs(seen[31, 15, 0] - level) < 2
    assert abs(seen[0, 63, 0] - 0.4 * level) < 3


@given(st.floats(2, 60), st.floats(0, 180))
@examples_of_a_property
def test_a_smear_keeps_the_light_and_its_length(length, angle):
    kernel = line_kernel(length, angle)
    assert kernel.sum() == pytest.approx(1, abs=1e-5)
    assert kernel.shape[0] % 2 == 1
    middle = kernel.shape[0] // 2
    rows, columns = np.mgrid[: kernel.shape[0], : kernel.shape[1]] - middle
    assert abs((kernel * columns).sum()) < 1e-3  # nothing moves
    assert abs((kernel * rows).sum()) < 1e-3
    along = columns * np.cos(np.radians(angle)) - rows * np.sin(np.radians(angle))
    # A line of length L has a variance of L^2 / 12; sampling between pixels adds up to a quarter of a pixel.
    assert abs((kernel * along**2).sum() - (length - 1) ** 2 / 12) < 0.6 + 0.1 * length


def test_noise_has_the_drawn_strength_and_compression_the_drawn_quality():
    flat = np.full((128, 128, 3), 128, dtype=np.uint8)
    noisy = degrade(flat, CameraDegradation(noise_sigma=0.05, noise_seed=3))
    assert noisy.astype(float).std() == pytest.approx(0.05 * 255, rel=0.03)
    assert (noisy == degrade(flat, CameraDegradation(noise_sigma=0.05, noise_seed=3))).all()
    smooth = cv2.GaussianBlur(noisy, (0, 0), 1.0)
    fine, coarse = (degrade(smooth, CameraDegradation(jpeg_quality=quality)) for quality in (95, 10))
    error = [np.abs(each.astype(int) - smooth).mean() for each in (fine, coarse)]
    assert 0 < error[0] < 0.75 * error[1]
    blurred = degrade(noisy, CameraDegradation(blur_sigma=2.0))
    # White noise under a Gaussian keeps 1 / (2 sqrt(pi) sigma) of its deviation.
    assert blurred.astype(float).std() == pytest.approx(0.05 * 255 / (2 * np.sqrt(np.pi) * 2), rel=0.1)


def test_the_same_generator_gives_the_same_view_and_another_a_different():
    example, decoded = rectangle_image(np.random.default_rng(5), mask=True)
    limits = Augmentation(
        **{"mosaic": 0.5, "mixup": 0.5, "copy_paste": 0.5, "cutout": 0.5, "crop": 0.5, "stretch": 0.3},
        **{"grey": 0.2, "infrared": 0.2, "blur": 0.5, "motion": 0.5, "noise": 0.5, "jpeg": 0.5},
    )

    def drawn(seed):
        rng = np.random.default_rng(seed)
        composition = draw_composition(example, lambda: example, lambda: example, limits, rng)
        return training_view(composition, SIZE, limits, rng, lambda _: decoded)

    for seed in range(12):
        (first, done), (second, again) = drawn(seed), drawn(seed)
        assert done == again
        np.testing.assert_array_equal(first.pixels, second.pixels)
        np.testing.assert_array_equal(first.annotations.boxes, second.annotations.boxes)
    assert len({str(drawn(seed)[1]) for seed in range(12)}) == 12


@given(seeds)
@examples_of_a_property
def test_patches_lie_in_the_input(seed):
    limits = still(cutout=1.0, cutout_share=0.9)
    patches = draw_patches(SIZE, limits, np.random.default_rng(seed))
    assert 1 <= len(patches) <= 4
    for x1, y1, x2, y2 in patches:
        assert 0 <= x1 < x2 <= SIZE
        assert 0 <= y1 < y2 <= SIZE
        assert max(x2 - x1, y2 - y1) <= round(0.9 * SIZE)


def test_a_view_without_patches_is_itself():
    view = View(np.zeros((8, 8, 3), np.uint8), view_boxes(np.zeros((0, 4))))
    assert cut_out(view, (), 0.25) is view


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        ({"flip": 1.5}, ("augment.flip", 1.5, "0.0", "1.0")),
        ({"jpeg_quality": 0}, ("augment.jpeg_quality", 0, 1, 100)),
        ({"close": "nothing"}, ("augment.close", "nothing", "mixing", "all")),
    ],
)
def test_limits_out_of_range_are_named(limits, named):
    with refusal(TrainerError, *named):
        Augmentation(**limits)


def test_the_last_epochs_are_closed_as_chosen():
    limits = Augmentation(mosaic=1.0, mixup=0.5, flip=0.5, close_last=2)
    assert [limits.at(epoch, 5).mosaic for epoch in range(5)] == [1.0, 1.0, 1.0, 0.0, 0.0]
    assert limits.at(4, 5).flip == 0.5
    assert replace(limits, close="all").at(4, 5) == NO_AUGMENTATION
    never = replace(limits, close_last=0)
    assert never.at(9, 5) is never  # also in epochs beyond those that were planned


def test_opencv_draws_what_the_letterbox_says():
    """The one sampler of training against the one of evaluation, on a smooth image."""
    from PIL import Image

    from trainer.augment.geometry import place

    noise = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    smooth = cv2.GaussianBlur(cv2.resize(noise, (200, 150)), (0, 0), 3)
    affine = letterbox(200, 150, SIZE)
    canvas = np.zeros((SIZE, SIZE, 3), dtype=np.uint8)
    place(canvas, smooth, affine, (0, 0, SIZE, SIZE))
    expected = warp(Image.fromarray(smooth), affine, SIZE) * 255
    inside = slice(18, 110)  # away from the image's edge, where one of them blends with the grey
    assert np.abs(canvas[inside] - expected[inside])[:, 2:-2].max() < 3
