"""What every label file is read into, whatever its format: records, and where their images lie.

One reader a format fills a ``LabelSet``; training, evaluation, conversion and checking all start from it. A
reader that meets something unusable calls ``Reading.problem``: it raises by default, and a caller that wants
to go on, such as a check of the whole data, passes a function that takes notes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional

from .dataset import DatasetInfo
from .errors import FormatError
from .record import Frame

IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff")

SPLIT = "split"  # the attribute of an image that names its part: train, val, test
_LARGEST_ID = 2**53  # the largest integer that every reader of JSON keeps


def refuse(finding: str, message: str) -> None:
    """The strict answer to a problem: raise FormatError with its message."""
    raise FormatError(message)


@dataclass(frozen=True)
class Reading:
    """How labels are read.

    Attributes:
        picture_size: the (width, height) in pixels of an image file, upright, for labels that do not state it.
            Raises FormatError.
        names: the classes of a format that numbers them, where the data itself does not name them; empty: their
            numbers are their names.
        problem: called with a finding's id, such as ``labels.malformed``, and one line that says what is wrong.
            If it returns, the reader leaves the label or image out and goes on.
        masks: whether masks are wanted; drawing them from polygons costs time.
    """

    image_size: Callable[[Path], tuple]
    names: tuple = ("person",)
    problem: Callable[[str, str], None] = refuse
    masks: bool = True

    def size_of(self, image: Path) -> Optional[tuple]:
        """The image's (width, height), or None after the problem was reported: it cannot be read."""
        try:
            return self.image_size(image)
        except FormatError as error:
            self.problem("files.corrupt_image", str(error))
            return None


@dataclass(frozen=True)
class LabelledImage:
    """An image's record, the image's file, and where its label is written, for messages."""

    frame: Frame
    image: Path
    where: str


@dataclass(frozen=True)
class LabelSet:
    """Labelled images in the order of their index.

    Attributes:
        kind: the format they were read from.
        path: the file or folder.
        info: what ``dataset.json`` would say of them.
        images: sequence of ``LabelledPicture``; it may read from the disk while it is walked.
        policy: which of a record's boxes this data has, where its format holds one; None: the reader chooses.
    """

    kind: str
    path: Path
    info: DatasetInfo
    images: Sequence
    policy: Optional[str] = None

    @property
    def root(self) -> Path:
        """The folder that the data lies in."""
        return self.path if self.path.is_dir() else self.path.parent

    @property
    def category_names(self) -> tuple:
        """The classes in the order of their ids."""
        return tuple(category.name for category in sorted(self.info.categories, key=lambda c: c.id))

    def part(self, wanted: slice) -> LabelSet:
        """The same set with the images of a slice."""
        return replace(self, images=self.images[wanted])


def converted_info(kind: str, path: Path, categories: Sequence, licences: Sequence = ()) -> DatasetInfo:
    """What is known of a dataset that another program wrote: no seed drew it and no config."""
    name = path.name if path.is_dir() else path.parent.resolve().name
    return DatasetInfo(
        name=name,
        seed=0,
        config={},
        categories=tuple(categories),
        licences=tuple(licences),
        generator={"name": "converted", "from": kind},
    )


def converted_frame(
    index: int, file: str, size: tuple, instances: Sequence, attributes: Optional[dict] = None
) -> Frame:
    """The record of an image of which only the labels are known."""
    return Frame(
        file=file,
        width=size[0],
        height=size[1],
        seed=0,
        index=index,
        scene_index=index,
        view_index=0,
        camera=None,
        attributes=attributes or {},
        spec={},
        instances=tuple(instances),
    )


def image_ids(paths: Sequence[Path]) -> list:
    """COCO image ids for images without: the number of the file's stem, as COCO and WardSynth name them.

    Where a stem is not a number, or two are the same, all are numbered from 1 in the order given.
    """
    stems = [path.stem for path in paths]
    if all(stem.isdecimal() and stem.isascii() for stem in stems):
        numbers = [int(stem) for stem in stems]
        if len(set(numbers)) == len(numbers) and all(number < _LARGEST_ID for number in numbers):
            return numbers
    return list(range(1, len(paths) + 1))
