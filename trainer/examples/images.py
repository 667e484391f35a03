"""Image files: decoding, checking, numbering."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps

from ..errors import ImageError
from .example import ExampleSet, sized

# EXIF orientations whose upright image is as wide as the stored one is high.
QUARTER_TURNS = (5, 6, 7, 8)


def load_image(path: Path) -> Image.Image:
    """Decode the whole image as RGB, turned upright by its EXIF orientation, once and here only.

    Raises:
        PictureError: no such file, not an image, truncated or corrupt.
    """
    with opened(path) as image:
        return upright_rgb(image)


def upright_rgb(image: Image.Image) -> Image.Image:
    """An opened image of any mode, decoded, turned upright by its EXIF orientation, as RGB."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I;16"):  # Pillow would clip 16 bits to white instead of scaling them
        upright = Image.fromarray((np.asarray(upright, dtype=np.uint16) >> 8).astype(np.uint8))
    return upright.convert("RGB")


@contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """The opened image; whatever goes wrong with it inside is a PictureError."""
    try:
        with warnings.catch_warnings():
            # Pillow says of broken EXIF blocks, and of images near its size limit, that it went on anyway.
            warnings.simplefilter("ignore")
            with Image.open(path) as image:
                yield image
    except FileNotFoundError as error:
        raise ImageError(f"{path}: no such image") from error
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ImageError(f"{path}: cannot be read as an image: {str(error) or type(error).__name__}") from error


def image_size(path: Path) -> tuple:
    """The upright (width, height) of an image from its header alone. Raises PictureError."""
    with opened(path) as image:
        turned = image.getexif().get(ExifTags.Base.Orientation, 1) in QUARTER_TURNS
        return image.size[::-1] if turned else image.size


def checked(examples: ExampleSet) -> ExampleSet:
    """Decode every image once before the work begins, and note its real size in its example.

    Raises:
        PictureError: naming the first image that cannot be read.
        TrainerError: an image of another size than its labels say.
    """
    with ThreadPoolExecutor() as pool:
        sizes = pool.map(lambda example: load_image(example.path).size, examples.examples)
        seen = tuple(sized(example, *size) for example, size in zip(examples.examples, sizes))
    return replace(examples, examples=seen)
