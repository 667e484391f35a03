"""Video files and streams, decoded frame by frame by FFmpeg (PyAV)."""

from __future__ import annotations

import math
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Optional

import numpy as np
from PIL import Image

from ..errors import ImageError
from ..extras import extra_module

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video import VideoFrame
    from av.video.stream import VideoStream

SECONDS_TO_OPEN, SECONDS_TO_READ = 10.0, 10.0
_FIXED_POINT = 65536  # of a display matrix
_ALIGNED = 0.02  # deviation from a multiple of 90 degrees that is rounding, not a turn

_Flip = Image.Transpose
# The (a, b, c, d) of a display matrix, rounded: x' = a x + c y, y' = b x + d y with y downwards.
_ORIENTATIONS: dict[tuple[int, ...], Optional[Image.Transpose]] = {
    (1, 0, 0, 1): None,
    (-1, 0, 0, 1): _Flip.FLIP_LEFT_RIGHT,
    (1, 0, 0, -1): _Flip.FLIP_TOP_BOTTOM,
    (-1, 0, 0, -1): _Flip.ROTATE_180,
    (0, 1, -1, 0): _Flip.ROTATE_270,
    (0, -1, 1, 0): _Flip.ROTATE_90,
    (0, 1, 1, 0): _Flip.TRANSPOSE,
    (0, -1, -1, 0): _Flip.TRANSVERSE,
}


class TimedImage(NamedTuple):
    """A frame of a stream: seconds since its first frame, and the upright RGB image."""

    seconds: float
    image: Image.Image


def read_video(address: str) -> Generator[TimedImage, None, None]:
    """Yield the frames of a video file or stream, as a player shows them; damaged parts are left out.

    Raises:
        ImageError: it cannot be opened, holds no video, breaks off, or is damaged throughout.
    """
    av = extra_module("av", "video", "reading video")
    options = {"rtsp_transport": "tcp"} if address.startswith("rtsp") else {}
    try:
        with av.open(video_location(address), options=options, timeout=(SECONDS_TO_OPEN, SECONDS_TO_READ)) as container:
            stream = container.streams.best("video")
            if stream is None:
                raise ImageError(f"{address}: holds no video")
            stream.thread_type = "AUTO"
            yield from _frames(container, stream, address)
    except (av.error.FFmpegError, OSError) as error:
        raise ImageError(f"{address}: cannot be read as video: {error.strerror or error}") from error


def video_location(address: str) -> str:
    """What FFmpeg opens: the absolute path of a file, in whose name it would take a colon for a protocol."""
    return address if "://" in address else str(Path(address).absolute())


def _frames(container: InputContainer, stream: VideoStream, address: str) -> Generator[TimedImage, None, None]:
    av = extra_module("av", "video", "reading video")
    first: Optional[float] = None
    damaged = 0
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            damaged += 1
            continue
        for frame in frames:
            time = frame.time if frame.time is not None else 0.0
            first = time if first is None else first
            yield TimedImage(time - first, upright_frame(frame))
    if first is None:
        raise ImageError(f"{address}: no frame of it can be decoded ({damaged} damaged parts)")


def upright_frame(frame: VideoFrame) -> Image.Image:
    """Decode a frame as a player shows it: turned and mirrored by its display matrix, which telephones write."""
    image = frame.to_image()
    matrix = _display_matrix(frame)
    if matrix is None:
        return image
    rounded = tuple(round(value) for value in matrix)
    if rounded in _ORIENTATIONS and np.abs(np.subtract(matrix, rounded)).max() <= _ALIGNED:
        orientation = _ORIENTATIONS[rounded]
        return image if orientation is None else image.transpose(orientation)
    a, b, c, d = matrix
    if a * d - b * c < 0:  # mirrored before it is turned: the matrix is a turn times a mirror
        image, a, b = image.transpose(_Flip.FLIP_LEFT_RIGHT), -a, -b
    return image.rotate(-math.degrees(math.atan2(b, a)), expand=True)


def _display_matrix(frame: VideoFrame) -> Optional[tuple[float, ...]]:
    """The (a, b, c, d) of the frame's display matrix, scaled to length 1; None without one, or if it is degenerate."""
    side_data = frame.side_data.get("DISPLAYMATRIX")
    if side_data is None:
        return None
    a, b, _, c, d = (float(value) / _FIXED_POINT for value in np.frombuffer(side_data, dtype="=i4")[:5])
    first, second = math.hypot(a, b), math.hypot(c, d)
    return None if min(first, second) == 0 else (a / first, b / first, c / second, d / second)


def frame_count(path: str) -> Optional[int]:
    """The number of frames that a file states; None if it does not."""
    av = extra_module("av", "video", "reading video")
    # An unreadable file is reported, with its reason, when it is read.
    with suppress(av.error.FFmpegError, OSError), av.open(video_location(path)) as container:
        stream = container.streams.best("video")
        if stream is None:
            return None
        if stream.frames:
            return stream.frames
        if stream.duration and stream.average_rate and stream.time_base:
            return int(stream.duration * stream.time_base * stream.average_rate)
    return None
