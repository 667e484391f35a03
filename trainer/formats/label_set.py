"""The structure that label files of every format are read into: records, and the paths of their images.

One reader per format fills a ``LabelSet``; training, evaluation, conversion and checking all start from it. A
reader that meets something unusable calls ``Reading.problem``: it raises by default, and a caller that wants
to continue, such as a check of all data, passes a function that collects the problems.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Optional, Union, overload

from shared_format.dataset import Category, DatasetInfo
from shared_format.errors import FormatError
from shared_format.record import DEFAULT_BOXES, Frame, Instance

from ..progress import note
from .finding_ids import FindingId
from .skeletons import Skeleton

SPLIT = "split"  # the attribute of an image that names its split: train, val, test
TRAIN, VAL, TEST = "train", "val", "test"
_SPLIT_NAMES = {
    **dict.fromkeys(("train", "training"), TRAIN),
    **dict.fromkeys(("val", "valid", "validation", "dev"), VAL),
    **dict.fromkeys(("test", "testing"), TEST),
}
LARGEST_ID = 2**53  # the largest integer that a float, and so every JSON reader, represents exactly

SourceId = Union[int, float, str]  # an id as a COCO file states it
ReportProblem = Callable[[FindingId, str], None]
KeepSplits = Callable[[frozenset[str]], bool]  # called with all splits of an image; empty if the data names none


def split_name(name: str) -> str:
    """The split that data of any program means by ``name``: ``valid`` is ``val``; an unknown name stays unchanged."""
    return _SPLIT_NAMES.get(name.lower(), name)


def known_split(name: str) -> Optional[str]:
    """``train``, ``val`` or ``test`` where ``name`` is a usual name of one of them, else None."""
    return _SPLIT_NAMES.get(name.lower())


def refuse(finding: FindingId, message: str) -> None:
    """Handle a problem strictly: raise FormatError with its message."""
    raise FormatError(message)


def say(finding: FindingId, message: str) -> None:
    """Report on standard error what is left out of the data without harm."""
    note(message)


@dataclass(frozen=True)
class Reading:
    """How labels are read.

    Attributes:
        image_size: the (width, height) in pixels of an image file, upright, for labels that do not state it.
            Raises FormatError.
        names: the classes that the user names for a format that numbers them, where the data does not name them.
        problem: called with one line on what is wrong. If it returns, the reader leaves the label or image out.
        notice: called with one line on what the reader leaves out although the rest is usable.
        masks: whether masks are wanted; drawing them from polygons costs time.
    """

    image_size: Callable[[Path], tuple[int, int]]
    names: tuple[str, ...] = ()
    problem: ReportProblem = refuse
    notice: ReportProblem = say
    masks: bool = True

    def size_of(self, image: Path) -> Optional[tuple[int, int]]:
        """The image's (width, height), or None after the problem was reported: it cannot be read."""
        try:
            return self.image_size(image)
        except FormatError as error:
            self.problem(FindingId.CORRUPT_IMAGE, str(error))
            return None

    def class_names(self, stated: Sequence[str], numbers: Iterable[int], where: object) -> tuple[str, ...]:
        """The names of classes that labels only number: those ``stated`` in the data, else those the user gives.

        Args:
            numbers: the numbers that labels use.
            where: the data, for messages.

        Raises:
            FormatError: nothing names them, unless ``problem`` takes note; then the numbers are their names.
        """
        if stated:
            return tuple(stated)
        used = sorted(set(numbers))
        if not used:
            return self.names
        if self.names and used[-1] >= len(self.names):
            return self.names  # the reader then refuses the first label of an unknown class
        if self.names:
            named = ", ".join(f"{number} {name}" for number, name in enumerate(self.names))
            note(f"{where}: the data does not name its classes; their numbers are read as {named}")
            return self.names
        self.problem(
            FindingId.UNNAMED_CLASS,
            f"{where}: labels have the class numbers {', '.join(map(str, used[:9]))}, and nothing names them; expected "
            "classes.txt with one name per line beside them, a data.yaml, or --classes with all names in their order",
        )
        return tuple(map(str, range(used[-1] + 1)))


@dataclass(frozen=True)
class LabelledImage:
    """An image's record, the image's file, and where its label is written, for messages.

    ``source_id`` is the image's id in the data itself where that differs from ``frame.index``: a text, a number
    below 0, or one too large for a float. ``further_splits`` are those of an image that the data puts in several.
    """

    frame: Frame
    image: Path
    where: str
    source_id: Optional[SourceId] = None
    further_splits: tuple[str, ...] = ()

    @property
    def split(self) -> Optional[str]:
        """The split that the data puts the image in, by its usual name, or None."""
        name = self.frame.attributes.get(SPLIT)
        return None if name is None else split_name(str(name))

    @property
    def splits(self) -> frozenset[str]:
        """All splits that the data puts the image in, by their usual names."""
        first = () if self.split is None else (self.split,)
        return frozenset((*first, *map(split_name, self.further_splits)))


class StoredLabels(Sequence[LabelledImage], ABC):
    """Labelled images that stay on the disk: each is read when it is iterated over or indexed."""

    @overload
    @abstractmethod
    def __getitem__(self, index: int, /) -> LabelledImage: ...

    @overload
    @abstractmethod
    def __getitem__(self, index: slice, /) -> StoredLabels: ...

    @abstractmethod
    def __getitem__(self, index: Union[int, slice], /) -> Union[StoredLabels, LabelledImage]:
        """A slice, which stays on the disk too; a single image, strictly: FormatError if it is unusable."""

    @abstractmethod
    def of_splits(self, keep: KeepSplits) -> StoredLabels:
        """Those whose splits ``keep`` accepts; one that cannot be read stays, so that it is reported once."""


@dataclass(frozen=True)
class LabelSet:
    """Labelled images in the order of their index.

    Attributes:
        kind: the format they were read from.
        path: the file or folder.
        info: the content of a ``dataset.json`` for them.
        images: the images with their labels.
        policy: which of a record's boxes this data has, where its format holds one; None: the reader chooses.
        source_category_ids: class name -> its category id in the data itself, where the data has such ids.
        skeleton: the key points that rows of ``Instance.keypoints`` are, in data with a place for key points.
    """

    kind: str
    path: Path
    info: DatasetInfo
    images: Union[tuple[LabelledImage, ...], StoredLabels]
    policy: Optional[str] = None
    source_category_ids: Mapping[str, SourceId] = field(default_factory=dict[str, SourceId])
    skeleton: Optional[Skeleton] = None

    @property
    def root(self) -> Path:
        """The folder that the data lies in."""
        return self.path if self.path.is_dir() else self.path.parent

    @property
    def category_names(self) -> tuple[str, ...]:
        """The classes in the order of their ids."""
        return tuple(category.name for category in sorted(self.info.categories, key=lambda c: c.id))

    def box_policy(self, requested: str) -> str:
        """The box policy of these labels: that of the one box they have, else the ``requested`` one."""
        return self.policy or requested

    def part(self, wanted: slice) -> LabelSet:
        """The same set with the images of a slice."""
        return replace(self, images=self.images[wanted])

    def split_counts(self) -> Counter[str]:
        """Split -> how many images; an image of several counts in each. Walks over the images."""
        return Counter(split for image in self.images for split in image.splits)

    def of_splits(self, keep: KeepSplits) -> LabelSet:
        """The same set with the images whose splits ``keep`` accepts. Walks over the images."""
        if isinstance(self.images, StoredLabels):
            return replace(self, images=self.images.of_splits(keep))
        return replace(self, images=tuple(image for image in self.images if keep(image.splits)))


def converted_info(
    kind: str,
    path: Path,
    categories: Sequence[Category],
    licences: Sequence[Mapping[str, str]] = (),
) -> DatasetInfo:
    """The info of a dataset that another program wrote, which has neither seed nor config."""
    name = path.name if path.is_dir() else path.parent.resolve().name
    return DatasetInfo(
        name=name,
        seed=0,
        config={},
        categories=tuple(categories),
        licences=tuple(dict(licence) for licence in licences),
        generator={"name": "converted", "from": kind},
    )


def numbered_categories(names: Sequence[str]) -> list[Category]:
    """Categories with the ids 1, 2, ... for classes of which only the order is known."""
    return [Category(number, name) for number, name in enumerate(names, start=1)]


def converted_frame(
    index: int,
    file: str,
    size: tuple[int, int],
    instances: Sequence[Instance],
    attributes: Optional[dict[str, object]] = None,
) -> Frame:
    """The record of an image of which only the labels are known; ``size`` is (width, height)."""
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


def converted_set(kind: str, path: Path, names: Sequence[str], images: Iterable[LabelledImage]) -> LabelSet:
    """The ``LabelSet`` of a format that holds one box per label and numbers its classes, sorted by index."""
    ordered = tuple(sorted(images, key=lambda image: image.frame.index))
    info = converted_info(kind, path, numbered_categories(names))
    return LabelSet(kind, path, info, ordered, DEFAULT_BOXES)


def image_ids(paths: Sequence[Path]) -> list[int]:
    """COCO image ids for images without: the number of the file's stem, as COCO and WardSynth name them.

    Where a stem is not a number, or two are the same, all are numbered from 1 in the order given.
    """
    stems = [path.stem for path in paths]
    if all(stem.isdecimal() and stem.isascii() and len(stem) < 20 for stem in stems):
        numbers = [int(stem) for stem in stems]
        if len(set(numbers)) == len(numbers) and all(number < LARGEST_ID for number in numbers):
            return numbers
    return list(range(1, len(paths) + 1))
