"""What the command line's SOURCEs mean: images with their ids, and moving ones: video files, cameras, streams."""

from __future__ import annotations

import glob
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

from PIL import Image

from shared_format.label_set import image_ids

from ..errors import TrainerError
from ..examples.example import split_slice
from ..examples.images import SUFFIXES, images_in
from ..examples.readers import read_data, recognise

VIDEO_SUFFIXES = (".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".ts", ".wmv", ".flv", ".3gp")
_CAMERA = re.compile(r"camera:(\d+)")


@dataclass(frozen=True)
class Still:
    """An image to look at and the id its detections carry."""

    path: Path
    image_id: int


@dataclass(frozen=True)
class Stream:
    """Moving images: the path of a file, ``camera:N``, or an address such as ``rtsp://host/path``."""

    address: str

    @property
    def camera(self) -> Optional[int]:
        """The number of the camera; None where it is none."""
        match = _CAMERA.fullmatch(self.address)
        return int(match[1]) if match else None

    @property
    def live(self) -> bool:
        """Whether images come when they come, not when they are asked for; a video on a web server is a file."""
        if self.camera is not None:
            return True
        scheme, there, rest = self.address.partition("://")
        path = rest.partition("?")[0]
        return bool(there) and not (scheme in ("http", "https") and path.lower().endswith(VIDEO_SUFFIXES))

    @property
    def stem(self) -> str:
        """A name for files made of it; of an address without what may be a password."""
        if self.camera is None and "://" not in self.address:
            return Path(self.address).stem
        place = self.address.rpartition("@")[2] if "@" in self.address else self.address.partition("://")[2]
        return re.sub(r"\W+", "_", place or self.address).strip("_")


@dataclass(frozen=True)
class Sources:
    """All there is to look at: first the images, then the streams one after the other."""

    images: tuple
    streams: tuple

    @property
    def first_frame_id(self) -> int:
        """The image id of the first frame of the first stream; the others follow."""
        return max((source.image_id for source in self.images), default=0) + 1


@dataclass(frozen=True)
class Frame:
    """One image on its way through.

    Attributes:
        origin: the path or address it came from. name: what a COCO file calls it.
        index, seconds: place in a stream, from 0; None of a single image.
        read_at: ``time.monotonic()`` when it was there.
    """

    image: Image.Image = field(repr=False)
    origin: str
    name: str
    image_id: int
    read_at: float
    index: Optional[int] = None
    seconds: Optional[float] = None


def find_sources(names: Sequence[str]) -> Sources:
    """The command line's SOURCEs: images, folders, globs, DATA with its own ids, videos, ``camera:N``, addresses.

    Raises:
        TrainerError: a name that means nothing, or no image in a folder.
    """
    sources: list = []
    loose: list = []
    streams: list = []
    for name in names:
        if _CAMERA.fullmatch(name) or "://" in name:
            streams.append(Stream(name))
        elif _is_data(name):
            sources += [Still(example.path, example.image_id) for example in read_data(name, classes=()).examples]
        else:
            for path in _loose_files(name):
                if path.suffix.lower() in VIDEO_SUFFIXES:
                    streams.append(Stream(str(path)))
                else:
                    loose.append(path)
    sources += [Still(path, image_id) for path, image_id in zip(loose, image_ids(loose))]
    if len({source.image_id for source in sources}) < len(sources):
        raise TrainerError("two images would have the same image id; predict these sources one by one")
    return Sources(tuple(sources), tuple(streams))


def _is_data(name: str) -> bool:
    path = Path(split_slice(name)[0])
    if path.is_file():
        return path.suffix.lower() in (".json", ".txt", ".yaml", ".yml")
    if not path.is_dir():
        return False
    try:
        recognise(path)
    except TrainerError:
        return False  # a plain folder of images
    return True


def _loose_files(name: str) -> list:
    path = Path(name)
    if path.is_dir():
        found = list(images_in(path))
        if not found:
            raise TrainerError(f"{name}: no images in this folder ({', '.join(SUFFIXES)})")
        return found
    if path.is_file():
        return [path]
    found = sorted(Path(match) for match in glob.glob(name, recursive=True) if Path(match).is_file())
    if not found:
        raise TrainerError(
            f"{name}: no such image, folder or pattern, nor a video, camera:N or an address such as rtsp://host/path"
        )
    return found
