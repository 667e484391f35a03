"""Image files: decoded upright as RGB, and checked."""

from __future__ import annotations

import io
import random
import struct
import warnings
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Optional

import numpy as np
from PIL import ExifTags, Image, TiffImagePlugin

from ..errors import ImageError
from .example import ExampleSet, ImageSize, sized

# How to turn a stored image upright, by its EXIF orientation; 1 is upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# EXIF orientations whose upright image is as wide as the stored one is high.
QUARTER_TURNS = (5, 6, 7, 8)
# What Pillow's decoders raise for files that are damaged or of an unknown kind.
_DECODING_ERRORS = (
    *(OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, EOFError, OverflowError, NotImplementedError),
    *(struct.error, zlib.error, Image.DecompressionBombError),
)
END_OF_JPEG = b"\xff\xd9"
_HEIF_SUFFIXES = (".heic", ".heif")


def load_image(path: Path) -> Image.Image:
    """Decode the whole image as RGB, turned upright by its EXIF orientation, once and here only.

    Raises:
        ImageError: no such file, not an image, truncated or corrupt, or without a range of brightness.
    """
    with opened(path) as image:
        return upright_rgb(image)


def upright_rgb(image: Image.Image) -> Image.Image:
    """An opened image of any mode, decoded, turned upright by its EXIF orientation, as RGB.

    Transparent pixels keep their colour; 16 bits are scaled to 8, and floating-point numbers from 0..1.

    Raises:
        ValueError: pixels whose range is unknown, such as 32-bit integers.
        OSError: truncated, as other errors of Pillow.
    """
    # Pillow turns TIFFs upright itself while it decodes them.
    orientation = 1 if image.format == "TIFF" else stored_orientation(image)
    decoded = _eight_bits(_loaded(image))
    turn = _UPRIGHT.get(orientation)
    return (decoded if turn is None else decoded.transpose(turn)).convert("RGB")


def stored_orientation(image: Image.Image) -> int:
    """The EXIF orientation of an image that is not loaded yet, 1 to 8; 1 where there is none that makes sense."""
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # a broken EXIF block, for which Pillow raises whatever its parser stumbles over
        return 1
    # A broken block may hold several numbers, or bytes.
    numbers: list[Any] = list(value) if isinstance(value, (bytes, tuple, list)) else [value]
    try:
        number = int(numbers[0])
    except (IndexError, TypeError, ValueError, OverflowError, ZeroDivisionError):
        return 1
    return number if number in _UPRIGHT else 1


def _loaded(image: Image.Image) -> Image.Image:
    """The image, decoded; a JPEG that only lacks its end is whole. Raises OSError where pixels are missing."""
    try:
        image.load()
    except OSError:
        whole = _jpeg_without_end(image)
        if whole is None:
            raise
        return whole
    return image


def _jpeg_without_end(image: Image.Image) -> Optional[Image.Image]:
    """A JPEG whose end marker is missing, decoded; None if it is something else or its pixels are incomplete.

    The decoder says only that the file ends early. If all pixels are there, bytes that follow them change nothing: the
    file is decoded with the end marker alone, and with arbitrary bytes in front of it.
    """
    source = getattr(image, "fp", None)
    if image.format not in ("JPEG", "MPO") or source is None:
        return None
    source.seek(0)
    content = source.read().removesuffix(b"\xff")
    other = bytes(random.Random(0).choices(range(255), k=64))
    whole, tested = (
        Image.open(io.BytesIO(content + tail + END_OF_JPEG), formats=["JPEG"]).convert(image.mode)
        for tail in (b"", other)
    )
    return whole if whole.tobytes() == tested.tobytes() else None


def _eight_bits(image: Image.Image) -> Image.Image:
    """The image with 8 bits per channel. Raises ValueError where the range of its numbers is unknown."""
    if image.mode.startswith("I;16") or (image.mode == "I" and image.format == "PNG"):
        # Pillow would clip 16 bits to white; some of its versions read a PNG of 16 bits as one of 32.
        return Image.fromarray((np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8))
    if image.mode == "I":
        raise ValueError("32-bit or signed pixels, whose range is unknown; save it with 8 or 16 bits per channel")
    if image.mode == "F":
        values = np.asarray(image)
        if not (values.min() >= 0 and values.max() <= 1):
            raise ValueError("floating-point pixels outside 0..1, whose range is unknown; save it with 8 or 16 bits")
        return Image.fromarray(np.rint(values * 255).astype(np.uint8))
    return image


@contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """The opened image; errors of the decoder inside the block become an ImageError that names the file."""
    try:
        with warnings.catch_warnings():
            # Pillow warns about broken EXIF blocks, and about images near its size limit, and continues.
            warnings.simplefilter("ignore")
            with Image.open(path) as image:
                yield image
    except FileNotFoundError as error:
        raise ImageError(f"{path}: no such image") from error
    except ImageError:
        raise
    except _DECODING_ERRORS as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        if isinstance(error, Image.UnidentifiedImageError):
            reason = "no known image format"
            if path.suffix.lower() in _HEIF_SUFFIXES:
                reason = "HEIC is not supported; convert it to JPEG or PNG"
        raise ImageError(f"{path}: cannot be read as an image: {reason}") from error


def image_size(path: Path) -> ImageSize:
    """The upright size of an image from its header alone. Raises ImageError."""
    with opened(path) as image:
        width, height = _stored_size(image)
        return ImageSize(height, width) if stored_orientation(image) in QUARTER_TURNS else ImageSize(width, height)


def _stored_size(image: Image.Image) -> tuple[int, int]:
    """Width and height as stored: some versions of Pillow give those of the upright image for TIFFs."""
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        return image.tag_v2[TiffImagePlugin.IMAGEWIDTH], image.tag_v2[TiffImagePlugin.IMAGELENGTH]
    return image.size


def checked(examples: ExampleSet) -> ExampleSet:
    """Decode every image once before the work begins, and store its actual size in its example.

    Raises:
        ImageError: naming the first image that cannot be read.
        TrainerError: an image of another size than its labels say.
    """
    with ThreadPoolExecutor() as pool:
        sizes = pool.map(lambda example: load_image(example.path).size, examples.examples)
        seen = tuple(sized(example, *size) for example, size in zip(examples.examples, sizes))
    return replace(examples, examples=seen)
