"""Videos written as H.264 by FFmpeg (PyAV)."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Optional

from PIL import Image

from shared_format import atomic

from ..errors import TrainerError
from ..examples.video import video_location
from ..extras import extra_module

# MPEG's clock: a multiple of all usual frame rates, so every frame keeps its own time.
_TICKS = 90_000


class VideoWriter:
    """An H.264 file that appears under its name once it is complete. As a context manager; an error leaves nothing.

    Args:
        size: (width, height) of the images; H.264 needs even sides, so an odd last row or column is left out.
    """

    def __init__(self, path: Path, size: tuple[int, int]) -> None:
        av = extra_module("av", "video", "writing video")
        self.path, self._av, self._last = path, av, -1
        self._temporary = atomic.temporary_path(path)
        width, height = (max(2, side // 2 * 2) for side in size)
        self._size = (width, height)
        try:
            self._container = av.open(video_location(str(self._temporary)), "w", options={"movflags": "+faststart"})
        except (av.error.FFmpegError, OSError) as error:
            raise TrainerError(f"{path}: cannot be written: {error.strerror}") from error
        # The rate is a hint to the encoder; each frame carries its time.
        self._stream = self._container.add_stream("libx264", rate=30, options={"preset": "veryfast", "crf": "23"})
        self._stream.width, self._stream.height = self._size
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.time_base = Fraction(1, _TICKS)

    def write(self, image: Image.Image, seconds: float) -> None:
        """Append an image that is shown from ``seconds`` on."""
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
