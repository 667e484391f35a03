"""Images decoded for training, where speed counts: no larger than the network can see."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ..errors import ImageError
from .images import END_OF_JPEG, QUARTER_TURNS, load_image, opened, stored_orientation

_OPENCV_REDUCTIONS = {
    1: cv2.IMREAD_COLOR,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    8: cv2.IMREAD_REDUCED_COLOR_8,
}


@dataclass(frozen=True)
class Decoded:
    """An image in memory: (ceil(height / reduction), ceil(width / reduction), 3) uint8 RGB.

    Each of its pixels is the mean of ``reduction`` x ``reduction`` of the image's.
    """

    pixels: NDArray[np.uint8]
    reduction: int = 1


def load_reduced(path: Path, reduction: int) -> Decoded:
    """Decode an upright image at 1 / ``reduction`` (1, 2, 4 or 8) of its size: for training, where speed counts.

    At full size the pixels are those of ``load_image``. JPEGs are decoded by OpenCV, which is faster and can skip the
    highest frequencies; the orientation is applied here, once, as there.

    Raises:
        ImageError: as ``load_image``.
    """
    with opened(path) as image:
        plain = image.format == "JPEG" and image.mode == "RGB"
        orientation = stored_orientation(image) if plain else 1
        # The remainder that fills no reduced pixel is at the end of the stored image; turning would move it in front.
        whole_pixels = not any(side % reduction for side in image.size)
    if not plain or (orientation > 1 and not whole_pixels):
        whole = load_image(path)
        return Decoded(np.asarray(whole.reduce(reduction) if reduction > 1 else whole), reduction)
    content = path.read_bytes()
    if not content.endswith(END_OF_JPEG):
        content += END_OF_JPEG  # without it OpenCV's decoder prints a warning for every image of every epoch
    flags = _OPENCV_REDUCTIONS[reduction] | cv2.IMREAD_IGNORE_ORIENTATION
    pixels = cv2.imdecode(np.frombuffer(content, np.uint8), flags)
    if pixels is None:
        raise ImageError(f"{path}: cannot be read as an image: OpenCV does not decode it")
    return Decoded(np.asarray(cv2.cvtColor(_upright(pixels, orientation), cv2.COLOR_BGR2RGB), np.uint8), reduction)


def reduction_for(width: int, height: int, size: int) -> int:
    """The largest of 1, 2, 4, 8 by which the image can shrink without being smaller than in a ``size`` input."""
    shrink = max(width, height) / size
    return max(reduction for reduction in _OPENCV_REDUCTIONS if reduction <= max(shrink, 1))


def _upright(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """Turn upright from EXIF's eight orientations: 5 to 8 are stored on their side, every second pair mirrored."""
    if orientation in QUARTER_TURNS:
        pixels = cv2.transpose(pixels)
    mirrored, upside_down = orientation in (2, 3, 6, 7), orientation in (3, 4, 7, 8)
    if mirrored or upside_down:
        pixels = cv2.flip(pixels, -1 if mirrored and upside_down else int(mirrored))
    return pixels
