"""Picture files: decoding, checking, numbering."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps

from shared_format.label_set import PICTURE_SUFFIXES as SUFFIXES

from ..errors import PictureError
from .example import ExampleSet, sized

# EXIF orientations whose upright picture is as wide as the stored one is high.
QUARTER_TURNS = (5, 6, 7, 8)


def load_picture(path: Path) -> Image.Image:
    """Decode the whole picture as RGB, turned upright by its EXIF orientation, once and here only.

    Raises:
        PictureError: no such file, not a picture, truncated or corrupt.
    """
    with opened(path) as picture:
        return upright_rgb(picture)


def upright_rgb(picture: Image.Image) -> Image.Image:
    """An opened picture of any mode, decoded, turned upright by its EXIF orientation, as RGB."""
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I;16"):  # Pillow would clip 16 bits to white instead of scaling them
        upright = Image.fromarray((np.asarray(upright, dtype=np.uint16) >> 8).astype(np.uint8))
    return upright.convert("RGB")


@contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """The opened picture; whatever goes wrong with it inside is a PictureError."""
    try:
        with warnings.catch_warnings():
            # Pillow says of broken EXIF blocks, and of pictures near its size limit, that it went on anyway.
            warnings.simplefilter("ignore")
            with Image.open(path) as picture:
                yield picture
    except FileNotFoundError as error:
        raise PictureError(f"{path}: no such picture") from error
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureError(f"{path}: cannot be read as a picture: {str(error) or type(error).__name__}") from error


def picture_size(path: Path) -> tuple:
    """The upright (width, height) of a picture from its header alone. Raises PictureError."""
    with opened(path) as picture:
        turned = picture.getexif().get(ExifTags.Base.Orientation, 1) in QUARTER_TURNS
        return picture.size[::-1] if turned else picture.size


def checked(examples: ExampleSet) -> ExampleSet:
    """Decode every picture once before the work begins, and note its real size in its example.

    Raises:
        PictureError: naming the first picture that cannot be read.
        TrainerError: a picture of another size than its labels say.
    """
    with ThreadPoolExecutor() as pool:
        sizes = pool.map(lambda example: load_picture(example.path).size, examples.examples)
        seen = tuple(sized(example, *size) for example, size in zip(examples.examples, sizes))
    return ExampleSet(seen, examples.classes, examples.category_ids, examples.source)


def pictures_in(folder: Path) -> Iterable[Path]:
    """The picture files directly in ``folder``, by name."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())
