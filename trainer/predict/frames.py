"""Sources decoded one image at a time, in the order given; unreadable ones are reported and skipped."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import cv2
from PIL import Image

from ..errors import ImageError
from ..examples.images import load_image, opened
from ..examples.video import TimedImage, read_video
from ..progress import note
from .sources import InputImage, StillImage, VideoStream

Report = Callable[[str, ImageError], None]
# Formats that may hold several images in one file.
_SEVERAL_IMAGES = (".gif", ".webp", ".tif", ".tiff", ".png", ".apng")


def read_images(sources: Sequence[StillImage], report: Report) -> Generator[InputImage, None, None]:
    """Yield the images that can be read; call ``report`` with the path and the error of each of the others."""
    for source in sources:
        try:
            image = load_image(source.path)
            _note_further_images(source.path)
        except ImageError as error:
            report(str(source.path), error)
        else:
            yield InputImage(
                image, str(source.path), source.path.name, source.image_id, time.monotonic(), source.category_ids
            )


def _note_further_images(path: Path) -> None:
    """Say that only the first image of an animation or of a file of several pages is used."""
    if path.suffix.lower() not in _SEVERAL_IMAGES:
        return
    with opened(path) as image:
        if getattr(image, "is_animated", False):
            note(f"{path}: holds several images; only the first is used")


def read_stream(
    stream: VideoStream, first_id: int, seconds: float, report: Report
) -> Generator[InputImage, None, None]:
    """Yield the frames of a stream for up to ``seconds``; where it breaks off, call ``report`` with the error."""
    moments = read_video(stream.address) if stream.camera is None else read_camera(stream.camera)
    try:
        for index, (at, image) in enumerate(moments):
            if at > seconds:
                return
            name = f"{stream.stem}#{index:06d}"
            yield InputImage(image, stream.address, name, first_id + index, time.monotonic(), index=index, seconds=at)
    except ImageError as error:
        report(stream.address, error)
    finally:
        moments.close()


def read_camera(number: int) -> Generator[TimedImage, None, None]:
    """Yield (seconds since the first image, RGB image) of a camera of this machine, without end, by OpenCV.

    Raises:
        ImageError: there is no such camera, or it was unplugged.
    """
    capture = cv2.VideoCapture(number)
    try:
        if not capture.isOpened():
            raise ImageError(f"camera:{number}: no such camera, or another program uses it; the first is camera:0")
        first = None
        while True:
            received, pixels = capture.read()
            now = time.monotonic()
            if not received:
                raise ImageError(f"camera:{number}: returns no more images; is it still connected?")
            first = now if first is None else first
            yield TimedImage(now - first, Image.fromarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)))
    finally:
        capture.release()
