"""Decoding for training: the same pixels as for evaluation, or their means."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from trainer.errors import ImageError
from trainer.examples.example import make_example
from trainer.examples.images import load_image
from trainer.examples.reduced import load_reduced, reduction_for
from trainer.feeding.cache import plan_cache

from .refusals import refusal


def smooth_image(path, width, height, orientation=None, **options):
    import cv2

    noise = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    image = Image.fromarray(cv2.GaussianBlur(noise, (0, 0), 2))
    exif = image.getexif()
    if orientation is not None:
        exif[274] = orientation
    image.save(path, exif=exif, **options)
    return path


@pytest.mark.parametrize("orientation", [None, *range(1, 10)])
def test_pixels_are_those_of_evaluation_and_upright_once(tmp_path, orientation):
    path = smooth_image(tmp_path / "a.jpg", 45, 33, orientation, quality=95)
    np.testing.assert_array_equal(load_reduced(path, 1).pixels, np.asarray(load_image(path)))


@pytest.mark.parametrize("reduction", [2, 4, 8])
@pytest.mark.parametrize(("width", "height"), [(101, 67), (64, 48)])
@pytest.mark.parametrize("orientation", [None, 3, 6])
def test_a_reduced_pixel_is_the_mean_of_its_block(tmp_path, width, height, reduction, orientation):
    path = smooth_image(tmp_path / "a.jpg", width, height, orientation, quality=95)
    whole, decoded = load_image(path), load_reduced(path, reduction)
    assert decoded.pixels.shape == (-(-whole.height // reduction), -(-whole.width // reduction), 3)
    means = np.asarray(whole.reduce(reduction)).astype(int)
    inner = slice(0, -1), slice(0, -1)  # the last row and column may hold a part of a block only
    assert np.abs(decoded.pixels[inner] - means[inner]).max() <= 8


@pytest.mark.parametrize("name", ["a.png", "a.bmp", "grey.jpg", "cmyk.jpg", "palette.png"])
def test_other_kinds_of_images_are_decoded_too(tmp_path, name):
    path = smooth_image(tmp_path / "a.png", 40, 30)
    modes = {"grey": "L", "cmyk": "CMYK", "palette": "P"}
    with Image.open(path) as image:
        image.convert(modes.get(name.split(".")[0], "RGB")).save(tmp_path / name)
    np.testing.assert_array_equal(load_reduced(tmp_path / name, 1).pixels, np.asarray(load_image(tmp_path / name)))
    assert load_reduced(tmp_path / name, 2).pixels.shape == (15, 20, 3)


def test_what_is_no_image_is_named(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"no image")
    with refusal(ImageError, "a.jpg"):
        load_reduced(tmp_path / "a.jpg", 1)
    with pytest.raises(ImageError, match="no such image"):
        load_reduced(tmp_path / "b.jpg", 1)


def test_an_image_is_never_decoded_smaller_than_it_is_shown():
    assert [reduction_for(side, 10, 416) for side in (100, 416, 831, 832, 1663, 1664, 9999)] == [1, 1, 1, 2, 2, 4, 8]


def test_the_cache_keeps_what_fits_and_reads_the_rest(tmp_path):
    examples = []
    for number in range(3):
        path = smooth_image(tmp_path / f"{number}.png", 40, 30)
        examples.append(make_example(path, number, [], width=40, height=30))
    plan = plan_cache(examples, 64, 2 * (40 * 30 * 3 + 1) + 5)
    assert list(plan.places) == [str(example.path) for example in examples[:2]]
    cache = plan.opened(np.zeros(plan.size_bytes, dtype=np.uint8))
    before = [cache.decode(example).pixels.copy() for example in examples]
    for example in examples[:2]:
        example.path.unlink()
    for example, pixels in zip(examples, before):
        np.testing.assert_array_equal(cache.decode(example).pixels, pixels)
    with pytest.raises(ValueError, match="read-only"):
        cache.decode(examples[0]).pixels[0] = 0
    examples[2].path.unlink()
    with pytest.raises(ImageError):
        cache.decode(examples[2])
