"""Images and videos with the detections drawn on them, people pixelated where that is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from PIL import Image

from shared_format import atomic

from ..detection.draw import draw_detections
from ..disk_errors import make_folder
from ..errors import TrainerError
from ..network.spec import DetectorSpec
from .outputs import Found, Output
from .privacy import PeopleBlur
from .sources import Frame, Sources
from .video import VideoWriter

IMAGE_SUFFIX, VIDEO_SUFFIX = ".jpg", ".mp4"


def file_stems(sources: Sources) -> dict:
    """The stem of the files made of each origin; the image id goes into it where stems repeat."""
    stems = [source.path.stem for source in sources.images]
    names = {
        str(source.path): stem if stems.count(stem) == 1 else f"{stem}_{source.image_id}"
        for source, stem in zip(sources.images, stems)
    }
    taken = set(names.values())
    for stream in sources.streams:
        name, number = stream.stem, 1
        while name in taken:
            number += 1
            name = f"{stream.stem}_{number}"
        taken.add(name)
        names[stream.address] = name
    return names


class DrawingOutput(Output):
    """JPEGs and H.264 videos in a folder."""

    def __init__(self, folder: Path, spec: DetectorSpec, names: dict, blur: bool) -> None:
        """Never over a source. Raises TrainerError."""
        self.folder, self._spec, self._names, self._blur = folder, spec, names, blur
        self._video: Optional[VideoWriter] = None
        self._video_origin: Optional[str] = None
        self._people = PeopleBlur(spec.classes, moving=False) if blur else None
        originals = {Path(origin).resolve() for origin in names}
        for stem in names.values():
            for suffix in (IMAGE_SUFFIX, VIDEO_SUFFIX):
                if (folder / f"{stem}{suffix}").resolve() in originals:
                    raise TrainerError(
                        f"{folder}: the drawing {stem}{suffix} would replace its source; choose another --out"
                    )
        make_folder(folder)

    def write(self, frame: Frame, found: Found) -> None:
        """As ``Output.write``."""
        if frame.origin != self._video_origin:
            self._finish_video(None)
            if frame.index is not None:
                self._begin_video(frame)
        image = frame.image if self._people is None else self._people.apply(frame.image, found.all)
        drawn = draw_detections(image, found.shown, self._spec.classes, found.ids)
        if self._video is None:
            _save(self.folder / f"{self._names[frame.origin]}{IMAGE_SUFFIX}", drawn)
        else:
            self._video.write(drawn, frame.seconds)

    def _begin_video(self, frame: Frame) -> None:
        path = self.folder / f"{self._names[frame.origin]}{VIDEO_SUFFIX}"
        self._video, self._video_origin = VideoWriter(path, frame.image.size), frame.origin
        if self._blur:
            self._people = PeopleBlur(self._spec.classes, moving=True)

    def _finish_video(self, kind: Optional[type]) -> None:
        if self._video is not None:
            self._video.__exit__(kind)
        self._video = self._video_origin = None

    def __exit__(self, kind: Optional[type], *_: object) -> None:
        self._finish_video(kind)


def _save(path: Path, image: Image.Image) -> None:
    temporary = atomic.temporary_path(path)
    image.save(temporary, quality=92)
    atomic.commit(temporary, path)
