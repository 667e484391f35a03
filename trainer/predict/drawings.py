"""Images and videos with the detections drawn on them, people pixelated if requested."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Optional

from PIL import Image

from shared_format import atomic

from ..detection.draw import draw_detections
from ..disk_errors import make_folder
from ..errors import TrainerError
from ..network.spec import ModelSpec
from .outputs import ImageDetections, Output
from .privacy import PeopleBlur
from .sources import InputImage, Sources
from .video import VideoWriter

IMAGE_SUFFIX, VIDEO_SUFFIX = ".jpg", ".mp4"


def file_stems(sources: Sources, reserved: Collection[str] = ()) -> dict[str, str]:
    """The stem of the output files of each origin, unique also where upper and lower case count as the same.

    The stem of the source, with the image id where several images share it, and a number where that is used.
    """
    stems = {str(source.path): source.path.stem for source in sources.images}
    stems |= {stream.address: stream.stem for stream in sources.streams}
    folded = [stem.casefold() for stem in stems.values()]
    shared = {stem for stem in folded if folded.count(stem) > 1} | {stem.casefold() for stem in reserved}
    used = set(folded) | shared
    ids = {str(source.path): source.image_id for source in sources.images}
    names: dict[str, str] = {}
    for origin, stem in stems.items():
        if stem.casefold() in shared:
            stem = _unused(f"{stem}_{ids[origin]}" if origin in ids else f"{stem}_2", stem, used)
            used.add(stem.casefold())
        names[origin] = stem
    return names


def _unused(proposal: str, stem: str, used: Collection[str]) -> str:
    number = 2
    while proposal.casefold() in used:
        number += 1
        proposal = f"{stem}_{number}"
    return proposal


class DrawingOutput(Output):
    """JPEGs and H.264 videos in a folder.

    Args:
        names: the stem of the file of each origin. blur: pixelate people.
        people: names of the classes that are people; empty: the usual ones.

    Raises:
        TrainerError: a drawing would replace its source, or the model has no class of people to pixelate.
    """

    def __init__(
        self, folder: Path, spec: ModelSpec, names: Mapping[str, str], blur: bool, people: Sequence[str] = ()
    ) -> None:
        self.folder, self._spec, self._names, self._blur, self._named = folder, spec, names, blur, people
        self._video: Optional[VideoWriter] = None
        self._video_origin: Optional[str] = None
        self._people = PeopleBlur(spec.classes, moving=False, people=people) if blur else None
        originals = {Path(origin).resolve() for origin in names}
        for stem in names.values():
            for suffix in (IMAGE_SUFFIX, VIDEO_SUFFIX):
                if (folder / f"{stem}{suffix}").resolve() in originals:
                    raise TrainerError(
                        f"{folder}: the drawing {stem}{suffix} would replace its source; choose another --out"
                    )
        make_folder(folder)

    def write(self, image: InputImage, detections: ImageDetections) -> None:
        """Implement ``Output.write``."""
        if image.origin != self._video_origin:
            self._finish_video(None)
            if image.index is not None:
                self._begin_video(image)
        base = image.image if self._people is None else self._people.apply(image.image, detections.all)
        drawn = draw_detections(base, detections.shown, self._spec.classes, detections.track_ids)
        if self._video is None:
            _save(self.folder / f"{self._names[image.origin]}{IMAGE_SUFFIX}", drawn)
        else:
            self._video.write(drawn, image.seconds or 0.0)

    def _begin_video(self, image: InputImage) -> None:
        path = self.folder / f"{self._names[image.origin]}{VIDEO_SUFFIX}"
        self._video, self._video_origin = VideoWriter(path, image.image.size), image.origin
        if self._blur:
            self._people = PeopleBlur(self._spec.classes, moving=True, people=self._named)

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
