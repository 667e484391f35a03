"""Video files and streams by FFmpeg (PyAV): read frame by frame, written as H.264."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Optional

from PIL import Image

from shared_format import atomic

from ..errors import ImageError, TrainerError
from ..extras import extra_module

SECONDS_TO_OPEN, SECONDS_TO_READ = 10.0, 10.0
# Of MPEG: a multiple of all usual rates, so every frame keeps its own time.
_TICKS = 90_000


def read_video(address: str) -> Iterator[tuple]:
    """Yield (seconds from the first frame, upright RGB image) of a file or a stream.

    A damaged part is left out; the rest follows.

    Raises:
        PictureError: cannot be opened, holds no video, breaks off, or is damaged throughout.
    """
    av = extra_module("av", "video", "reading video")
    options = {"rtsp_transport": "tcp"} if address.startswith("rtsp") else {}
    try:
        with av.open(address, options=options, timeout=(SECONDS_TO_OPEN, SECONDS_TO_READ)) as container:
            if not container.streams.video:
                raise ImageError(f"{address}: holds no video")
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            yield from _frames(av, container, stream, address)
    except (av.error.FFmpegError, OSError) as error:
        raise ImageError(f"{address}: cannot be read as video: {error.strerror or error}") from error


def _frames(av: object, container: object, stream: object, address: str) -> Iterator[tuple]:
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
            yield time - first, _upright(frame)
    if first is None:
        raise ImageError(f"{address}: no frame of it can be decoded ({damaged} damaged parts)")


def _upright(frame: object) -> Image.Image:
    """The frame as its player shows it: a telephone held upright stores what its sensor saw, and the angle."""
    image = frame.to_image()
    return image.rotate(frame.rotation, expand=True) if frame.rotation else image


def frame_count(path: str) -> Optional[int]:
    """How many frames a file says it has; None where it does not say."""
    av = extra_module("av", "video", "reading video")
    try:
        with av.open(path) as container:
            stream = container.streams.video[0]
            if stream.frames:
                return stream.frames
            if stream.duration and stream.average_rate:
                return int(stream.duration * stream.time_base * stream.average_rate)
    except (av.error.FFmpegError, OSError, IndexError):
        return None  # said, with its reason, when it is read
    return None


class VideoWriter:
    """An H.264 file, there under its name once it is whole. As a context manager; an error leaves nothing.

    Args:
        size: (width, height) of the images; an odd last row or column, which H.264 has no place for, is left out.
    """

    def __init__(self, path: Path, size: tuple) -> None:
        av = extra_module("av", "video", "writing video")
        self.path, self._av, self._last = path, av, -1
        self._temporary = atomic.temporary_path(path)
        self._size = tuple(max(2, side // 2 * 2) for side in size)
        try:
            self._container = av.open(str(self._temporary), "w", options={"movflags": "+faststart"})
        except (av.error.FFmpegError, OSError) as error:
            raise TrainerError(f"{path}: cannot be written: {error.strerror}") from error
        # The rate is a hint to the encoder; each frame carries its time.
        self._stream = self._container.add_stream("libx264", rate=30, options={"preset": "veryfast", "crf": "23"})
        self._stream.width, self._stream.height = self._size
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.time_base = Fraction(1, _TICKS)

    def write(self, image: Image.Image, seconds: float) -> None:
        """Add an image, shown from ``seconds`` on."""
        frame = self._av.VideoFrame.from_image(image.crop((0, 0, *self._size)))
        self._last = max(self._last + 1, round(seconds * _TICKS))
        frame.pts, frame.time_base = self._last, Fraction(1, _TICKS)
        self._container.mux(self._stream.encode(frame))

    def __enter__(self) -> VideoWriter:
        return self

    def __exit__(self, kind: Optional[type], *_: object) -> None:
        if kind is None:
            self._container.mux(self._stream.encode())
        self._container.close()
        if kind is None:
            atomic.commit(self._temporary, self.path)
        else:
            self._temporary.unlink(missing_ok=True)
