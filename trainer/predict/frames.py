"""Sources become frames, in the order given; what cannot be read is noted and the rest goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from ..errors import ImageError
from ..examples.images import load_image
from .camera import read_camera
from .sources import Frame, Still, Stream
from .video import read_video


def read_images(sources: Sequence[Still], failed: Callable[[str, ImageError], None]) -> Iterator[Frame]:
    """Yield the frames of the images that can be read; ``failed`` is told of each of the others."""
    for source in sources:
        try:
            image = load_image(source.path)
        except ImageError as error:
            failed(str(source.path), error)
        else:
            yield Frame(image, str(source.path), source.path.name, source.image_id, time.monotonic())


def read_stream(
    stream: Stream, first_id: int, seconds: float, failed: Callable[[str, ImageError], None]
) -> Iterator[Frame]:
    """Yield the frames of a stream for up to ``seconds``; where it breaks off, ``failed`` is told why."""
    moments = read_video(stream.address) if stream.camera is None else read_camera(stream.camera)
    try:
        for index, (at, image) in enumerate(moments):
            if at > seconds:
                return
            name = f"{stream.stem}#{index:06d}"
            yield Frame(image, stream.address, name, first_id + index, time.monotonic(), index, at)
    except ImageError as error:
        failed(stream.address, error)
    finally:
        moments.close()
