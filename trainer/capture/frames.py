"""What a camera or a video shows, frame by frame, with the time of each."""

from __future__ import annotations

import importlib.util
import os
import re
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NamedTuple, Union

import cv2
import numpy as np

from ..errors import TrainerError
from ..examples.video import read_video

_CAMERA = re.compile(r"camera:(\d{1,3})")
_STREAM = re.compile(r"(rtsp|rtsps|http|https)://.+")


class TimedFrame(NamedTuple):
    """Seconds since the first frame, and the (H, W, 3) uint8 BGR image."""

    seconds: float
    image: np.ndarray


def frames(source: str) -> Generator[TimedFrame]:
    """Yield the frames of a camera, video or stream until it ends.

    A camera's seconds are the clock's; a video file stands in for a camera, as fast as it can be read, and has its own.

    Args:
        source: ``camera:0``, a video file, or a stream's address (``rtsp:``, ``http:``).

    Raises:
        TrainerError: it cannot be opened, or returns no image.
    """
    camera, stream = _CAMERA.fullmatch(source), _STREAM.fullmatch(source)
    if not camera and not stream and not Path(source).is_file():
        raise TrainerError(f"{source}: no such video; expected camera:0, a video file or a stream's address")
    if not camera and not stream and importlib.util.find_spec("av") is not None:
        for seconds, image in read_video(source):  # OpenCV turns a video, but does not mirror it
            yield TimedFrame(seconds, cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2BGR))
        return
    capture = _opened(int(camera[1]) if camera else source)
    try:
        if not capture.isOpened():
            raise TrainerError(f"{source}: cannot be opened as a {'camera' if camera else 'video'}")
        yield from _read(capture, source, live=bool(camera or stream))
    finally:
        capture.release()


def _opened(source: Union[int, str]) -> cv2.VideoCapture:
    """A capture whose libraries print nothing: errors are reported here, in one line."""
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    cv2.setLogLevel(0)
    return cv2.VideoCapture(source)


def _read(capture: cv2.VideoCapture, source: str, live: bool) -> Iterator[TimedFrame]:
    rate = capture.get(cv2.CAP_PROP_FPS)
    begin, number = time.monotonic(), 0
    while True:
        got, image = capture.read()
        if not got:
            break
        # A file's own time stamps are unreliable after the first frame with some codecs; its rate is not.
        seconds = time.monotonic() - begin if live or rate <= 0 else number / rate
        yield TimedFrame(seconds, _colour(image))
        number += 1
    if number == 0:
        raise TrainerError(f"{source}: returns no image")


def _colour(image: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(image, cv2.COLOR_GRAY2BGR) if image.ndim == 2 else image
