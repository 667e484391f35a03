"""The SOURCEs of the command line: still images with their ids, and streams (video files, cameras, addresses)."""

from __future__ import annotations

import glob
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Optional

from PIL import Image

from ..errors import TrainerError
from ..examples.readers import parse_data, read_labels, recognise, refuse_lost_files
from ..formats.files import images_in
from ..formats.label_set import SourceId, image_ids

VIDEO_SUFFIXES = (".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".ts", ".wmv", ".flv", ".3gp")
_CAMERA = re.compile(r"camera:(\d+)")


@dataclass(frozen=True)
class StillImage:
    """An image file.

    Attributes:
        image_id: the id that its detections carry.
        category_ids: the ids of the classes of the DATA it belongs to, by name; empty: the model's ids apply.
    """

    path: Path
    image_id: SourceId
    category_ids: Mapping[str, SourceId] = field(default_factory=dict[str, SourceId])


@dataclass(frozen=True)
class VideoStream:
    """Moving images: the path of a video file, ``camera:N``, or an address such as ``rtsp://host/path``."""

    address: str

    @property
    def camera(self) -> Optional[int]:
        """The number of the camera; None if the stream is not a camera."""
        match = _CAMERA.fullmatch(self.address)
        return int(match[1]) if match else None

    @property
    def live(self) -> bool:
        """Whether its images arrive in real time; a video file on a web server does not."""
        if self.camera is not None:
            return True
        scheme, separator, rest = self.address.partition("://")
        path = rest.partition("?")[0]
        return bool(separator) and not (scheme in ("http", "https") and path.lower().endswith(VIDEO_SUFFIXES))

    @property
    def stem(self) -> str:
        """The name of files made from it; the name of an address leaves out user names and passwords."""
        if self.camera is None and "://" not in self.address:
            return Path(self.address).stem
        place = self.address.rpartition("@")[2] if "@" in self.address else self.address.partition("://")[2]
        return re.sub(r"\W+", "_", place or self.address).strip("_")


@dataclass(frozen=True)
class Sources:
    """All sources of one command: first the still images, then the streams one after the other."""

    images: tuple[StillImage, ...]
    streams: tuple[VideoStream, ...]

    @property
    def first_frame_id(self) -> int:
        """The image id of the first frame of the first stream; the other frames follow."""
        return _first_free_id(self.images)


@dataclass(frozen=True)
class InputImage:
    """One image on its way through the pipeline: a still image, or a frame of a stream.

    Attributes:
        origin: the path or address it came from. name: its name in a COCO file.
        read_at: ``time.monotonic()`` when it was decoded.
        category_ids: as of ``StillImage``.
        index, seconds: position in a stream, from 0; None for a still image.
    """

    image: Image.Image = field(repr=False)
    origin: str
    name: str
    image_id: SourceId
    read_at: float
    category_ids: Mapping[str, SourceId] = field(default_factory=dict[str, SourceId])
    index: Optional[int] = None
    seconds: Optional[float] = None


def find_sources(names: Sequence[str]) -> Sources:
    """Resolve the command line's SOURCEs: images, folders, patterns, DATA, videos, ``camera:N``, addresses.

    Images of DATA keep its image ids; other images get theirs from ``label_set.image_ids``, or the next free
    numbers where these are taken. A file that several SOURCEs name is used once.

    Raises:
        TrainerError: a name that matches nothing, a folder without images, or two DATA with the same image id.
    """
    labelled: dict[tuple[Path, SourceId], StillImage] = {}
    loose: dict[Path, Path] = {}
    streams: dict[str, VideoStream] = {}
    for name in names:
        if _CAMERA.fullmatch(name) or "://" in name:
            streams[name] = VideoStream(name)
        elif _is_data(name):
            labelled |= {(image.path.resolve(), image.image_id): image for image in _data_images(name)}
        else:
            for path in _loose_files(name):
                if path.suffix.lower() in VIDEO_SUFFIXES:
                    streams.setdefault(str(path.resolve()), VideoStream(str(path)))
                else:
                    loose.setdefault(path.resolve(), path)
    images, known = list(labelled.values()), {path for path, _ in labelled}
    images += _numbered([path for key, path in loose.items() if key not in known], images)
    first_of: dict[SourceId, StillImage] = {}
    for image in images:
        if (first := first_of.setdefault(image.image_id, image)) is not image:
            raise TrainerError(
                f"{first.path} and {image.path}: both have the image id {image.image_id}; predict their DATA one by one"
            )
    return Sources(tuple(images), tuple(streams.values()))


def _data_images(name: str) -> list[StillImage]:
    """The images of DATA, with its own ids of images and categories; its labels are not checked."""
    labels = read_labels(name, names=(), problem=refuse_lost_files, masks=False)
    categories = labels.source_category_ids or {category.name: category.id for category in labels.info.categories}
    return [
        StillImage(image.image, image.frame.index if image.source_id is None else image.source_id, categories)
        for image in labels.images
    ]


def _numbered(paths: Sequence[Path], labelled: Sequence[StillImage]) -> list[StillImage]:
    images = [StillImage(path, image_id) for path, image_id in zip(paths, image_ids(paths))]
    taken = {image.image_id for image in labelled}
    if any(image.image_id in taken for image in images):
        first = _first_free_id(labelled)
        images = [replace(image, image_id=first + place) for place, image in enumerate(images)]
    return images


def _first_free_id(images: Sequence[StillImage]) -> int:
    return max((image.image_id for image in images if isinstance(image.image_id, int)), default=0) + 1


def _is_data(name: str) -> bool:
    try:
        path = parse_data(name).path
    except TrainerError:
        return False
    if path.is_file():
        return path.suffix.lower() in (".json", ".txt", ".yaml", ".yml", ".data", ".xml")
    if not path.is_dir():
        return False
    try:
        recognise(path)
    except TrainerError:
        return False  # a plain folder of images
    return True


def _loose_files(name: str) -> list[Path]:
    """The image and video files that a folder, a path or a pattern means. Raises TrainerError: none."""
    path = Path(name)
    if path.is_dir():
        return _files_of_folder(path, name)
    if path.is_file():
        return [path]
    matches = sorted(Path(match) for match in glob.glob(name, recursive=True) if Path(match).is_file())
    if not matches:
        raise TrainerError(
            f"{name}: no such image, folder or pattern, nor a video, camera:N or an address such as rtsp://host/path"
        )
    return matches


def _files_of_folder(folder: Path, name: str) -> list[Path]:
    """Its images, then its videos, each by name; hidden files, such as ``._a.jpg``, belong to the operating system."""
    videos = sorted(path for path in folder.iterdir() if path.suffix.lower() in VIDEO_SUFFIXES and path.is_file())
    files = [path for path in (*images_in(folder), *videos) if not path.name.startswith(".")]
    if not files:
        hint = (
            f"; for its subfolders give '{name.rstrip('/')}/**/*.jpg'"
            if any(map(Path.is_dir, folder.iterdir()))
            else ""
        )
        raise TrainerError(f"{name}: no images in this folder{hint}")
    return files
