"""Image files as people have them: orientations, odd EXIF, missing ends, bit depths and modes."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from PIL import Image, features

from trainer.errors import ImageError
from trainer.examples import pictures
from trainer.examples.images import image_size, load_image
from trainer.examples.reduced import load_reduced

from .refusals import refusal

WIDTH, HEIGHT = 48, 32
# Orientation -> the upright pixels as they are stored.
STORED = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.transpose(1, 0, 2),
    6: lambda upright: np.rot90(upright, 1),
    7: lambda upright: upright[::-1, ::-1].transpose(1, 0, 2),
    8: lambda upright: np.rot90(upright, -1),
}
FORMATS = {
    "jpg": {"quality": 100, "subsampling": 0},
    "png": {},
    "webp": {"lossless": True},
    "tif": {},
    **({"avif": {"quality": 100, "subsampling": "4:4:4"}} if features.check("avif") else {}),
}


def upright_pixels():
    """Blocks of 8 pixels, so that JPEG and AVIF keep them nearly exactly."""
    return np.kron(np.random.default_rng(0).integers(20, 235, (HEIGHT // 8, WIDTH // 8, 3)), np.ones((8, 8, 1))).astype(
        np.uint8
    )


def jpeg(exif=b"", **options):
    buffer = io.BytesIO()
    Image.fromarray(upright_pixels()).save(buffer, "JPEG", **{"quality": 95, "subsampling": 0, **options})
    content = buffer.getvalue()
    segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif if exif else b""
    return content[:2] + segment + content[2:]


def exif(*entries):
    """An EXIF block of (tag, type, count, four bytes)."""
    body = b"".join(struct.pack("<HHI", tag, kind, count) + value for tag, kind, count, value in sorted(entries))
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, len(entries)) + body + struct.pack("<IIIII", 0, 1, 0, 7, 3)


ORIENTATION_6 = (0x0112, 3, 1, struct.pack("<HH", 6, 0))


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("orientation", STORED)
def test_every_format_is_turned_upright_once(tmp_path, suffix, orientation):
    path, upright = tmp_path / f"a.{suffix}", upright_pixels()
    image = Image.fromarray(np.ascontiguousarray(STORED[orientation](upright)))
    block = image.getexif()
    block[274] = orientation
    image.save(path, exif=block, **FORMATS[suffix])
    pixels = np.asarray(load_image(path))
    assert pixels.shape == upright.shape
    assert np.abs(pixels.astype(int) - upright).max() <= (12 if suffix in ("jpg", "avif") else 0)
    np.testing.assert_array_equal(load_reduced(path, 1).pixels, pixels)
    assert image_size(path) == (WIDTH, HEIGHT)


@pytest.mark.parametrize(
    "block",
    [
        exif(ORIENTATION_6, (0x0100, 2, 4, b"abc\0")),  # the width is text
        exif(ORIENTATION_6, (0x010E, 11, 1, struct.pack("<f", 2))),  # the description is a number
        exif(ORIENTATION_6, (0x011A, 1, 1, b"\x48\0\0\0")),  # the resolution is bytes
        exif(ORIENTATION_6, (0x0102, 4, 2, struct.pack("<I", 40))),  # beyond the end
        exif(ORIENTATION_6, (0x9999, 99, 1, bytes(4))),  # of no known type
        exif((0x0112, 4, 1, struct.pack("<I", 6))),  # the orientation is long,
        exif((0x0112, 3, 2, struct.pack("<HH", 6, 6))),  # twice,
        exif((0x0112, 1, 1, b"\x06\0\0\0")),  # a byte,
        exif((0x0112, 2, 2, b"6\0\0\0")),  # or text
    ],
)
def test_odd_entries_of_exif_cost_neither_the_image_nor_its_orientation(tmp_path, block):
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(block))
    assert image_size(path) == load_image(path).size == (HEIGHT, WIDTH)
    np.testing.assert_array_equal(load_reduced(path, 1).pixels, np.asarray(load_image(path)))
    turned = np.rot90(upright_pixels(), -1).astype(int)
    assert np.abs(np.asarray(load_image(path)) - turned).mean() < 3


@pytest.mark.parametrize(
    "block",
    [
        b"Exif\0\0nonsense",
        b"Exif\0\0II*\0" + struct.pack("<I", 4000),
        exif((0x0112, 3, 1, struct.pack("<HH", 9, 0))),
        exif((0x0112, 5, 1, struct.pack("<I", 0))),
        exif(ORIENTATION_6)[:20],
    ],
)
def test_a_broken_exif_block_is_no_orientation(tmp_path, block):
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(block))
    assert image_size(path) == load_image(path).size == (WIDTH, HEIGHT)
    assert load_reduced(path, 1).pixels.shape == (HEIGHT, WIDTH, 3)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"quality": 30}])
@pytest.mark.parametrize("missing", [1, 2])
def test_a_jpeg_without_its_end_marker_has_every_pixel(tmp_path, capfd, options, missing):
    whole, path = tmp_path / "whole.jpg", tmp_path / "a.jpg"
    whole.write_bytes(jpeg(exif(ORIENTATION_6), **options))
    path.write_bytes(whole.read_bytes()[:-missing])
    np.testing.assert_array_equal(np.asarray(load_image(path)), np.asarray(load_image(whole)))
    for reduction in (1, 2):
        np.testing.assert_array_equal(load_reduced(path, reduction).pixels, load_reduced(whole, reduction).pixels)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("missing", [3, 4, 8, 40, 300])
def test_a_jpeg_without_some_of_its_pixels_is_refused(tmp_path, missing):
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    path = tmp_path / "a.jpg"
    Image.fromarray(noise).save(path, quality=90)
    path.write_bytes(path.read_bytes()[:-missing])
    with refusal(ImageError, "a.jpg"):
        load_image(path)


@pytest.mark.parametrize("suffix", FORMATS)
def test_bytes_after_the_end_change_nothing(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(upright_pixels()).save(path, **FORMATS[suffix])
    before = np.asarray(load_image(path))
    path.write_bytes(path.read_bytes() + b"trailing\xff\xd9")
    np.testing.assert_array_equal(np.asarray(load_image(path)), before)
    np.testing.assert_array_equal(load_reduced(path, 1).pixels, before)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("1", (255, 255, 255)),
        ("L", (200, 200, 200)),
        ("LA", (200, 200, 200)),
        ("P", (200, 100, 50)),
        ("RGBA", (200, 100, 50)),
        ("CMYK", (200, 100, 50)),
    ],
)
def test_modes_become_rgb(tmp_path, mode, expected):
    value = {"1": 1, "L": 200, "LA": (200, 10), "RGBA": (200, 100, 50, 10)}.get(mode)
    image = Image.new(mode, (8, 8), value) if value else Image.new("RGB", (8, 8), (200, 100, 50)).convert(mode)
    options = {"transparency": bytes([9] * 256)} if mode == "P" else {}
    path = tmp_path / ("a.tif" if mode == "CMYK" else "a.png")
    image.save(path, **options)
    assert np.abs(np.asarray(load_image(path))[3, 3].astype(int) - expected).max() <= 4


def test_sixteen_bits_and_floating_point_are_scaled(tmp_path):
    ramp = np.linspace(0, 1, 64).reshape(8, 8)
    Image.fromarray((ramp * 65535).astype(np.uint16)).save(tmp_path / "a.png")
    Image.fromarray((ramp * 65535).astype(np.uint16)).save(tmp_path / "a.tif")
    Image.fromarray(ramp.astype(np.float32)).save(tmp_path / "f.tif")
    for name in ("a.png", "a.tif", "f.tif"):
        pixels = np.asarray(load_image(tmp_path / name))
        assert np.abs(pixels[..., 0] - ramp * 255).max() <= 1
        np.testing.assert_array_equal(load_reduced(tmp_path / name, 1).pixels, pixels)


@pytest.mark.parametrize(
    "values",
    [
        np.full((8, 8), 70_000, np.int32),
        np.full((8, 8), 100, np.float32),
        np.full((8, 8), -0.1, np.float32),
        np.full((8, 8), np.nan, np.float32),
    ],
)
def test_pixels_of_unknown_range_are_refused(tmp_path, values):
    Image.fromarray(values).save(tmp_path / "a.tif")
    with pytest.raises(ImageError, match=r"a\.tif.* 8 or 16 bits"):
        load_image(tmp_path / "a.tif")


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (5000, 1)])
def test_the_smallest_images_are_images(tmp_path, size):
    Image.new("RGB", size, (10, 20, 30)).save(tmp_path / "a.png")
    assert load_image(tmp_path / "a.png").size == size
    assert load_reduced(tmp_path / "a.png", 8).pixels.shape == (-(-size[1] // 8), -(-size[0] // 8), 3)


def test_what_no_memory_should_be_spent_on_is_refused_in_one_line(tmp_path):
    Image.new("1", (20_000, 20_000)).save(tmp_path / "a.png")
    with pytest.raises(ImageError) as refused:
        load_image(tmp_path / "a.png")
    assert "400000000" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_heic_is_named(tmp_path):
    (tmp_path / "a.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100))
    with pytest.raises(ImageError, match="HEIC"):
        load_image(tmp_path / "a.heic")


@pytest.mark.parametrize("suffix", ["png", "webp", "tif", "gif", "bmp"])
def test_damaged_files_are_one_line(tmp_path, suffix):
    """Every cut, and bytes overwritten at random: an image or an error of one line, never anything else."""
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(upright_pixels()).save(path)
    content = path.read_bytes()
    rng = np.random.default_rng(0)
    for length in np.linspace(1, len(content) - 1, 25).astype(int):
        damaged = bytearray(content)
        for place in rng.integers(0, len(content), 6):
            damaged[place] = rng.integers(256)
        for part in (content[:length], bytes(damaged)):
            path.write_bytes(part)
            message = ""
            try:
                load_image(path)
            except ImageError as error:
                message = str(error)
            assert "\n" not in message


def test_the_former_name_of_the_module_still_imports():
    """Programs that were written for an earlier version find the same functions."""
    assert (pictures.load_picture, pictures.picture_size) == (load_image, image_size)
