"""Cameras of this machine, by OpenCV, which knows those of every system."""

from __future__ import annotations

import time
from collections.abc import Iterator

import cv2
from PIL import Image

from ..errors import ImageError


def read_camera(number: int) -> Iterator[tuple]:
    """Yield (seconds from the first image, RGB image) of camera ``number``, without end.

    Raises:
        PictureError: no such camera, or it was unplugged.
    """
    capture = cv2.VideoCapture(number)
    try:
        if not capture.isOpened():
            raise ImageError(f"camera:{number}: no such camera, or another program has it; the first is camera:0")
        first = None
        while True:
            there, pixels = capture.read()
            now = time.monotonic()
            if not there:
                raise ImageError(f"camera:{number}: gives no more images; is it still plugged in?")
            first = now if first is None else first
            yield now - first, Image.fromarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB))
    finally:
        capture.release()
