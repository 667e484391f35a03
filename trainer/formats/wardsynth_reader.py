"""WardSynth's own dataset folder as a ``LabelSet``; its records stay on disk until they are needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Union, overload

from shared_format import dataset
from shared_format.errors import FormatError

from .files import image_inside
from .finding_ids import FindingId
from .label_set import KeepSplits, LabelledImage, LabelSet, Reading, StoredLabels
from .skeletons import COCO_SKELETON


@dataclass(frozen=True)
class StoredImages(StoredLabels):
    """The images of a dataset folder with the given record numbers, each record read when it is iterated over."""

    folder: Path
    numbers: Sequence[int]
    reading: Reading

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, index: int, /) -> LabelledImage: ...

    @overload
    def __getitem__(self, index: slice, /) -> StoredImages: ...

    def __getitem__(self, index: Union[int, slice], /) -> Union[StoredImages, LabelledImage]:
        """A slice as another ``StoredImages``; a single image, strictly: FormatError if it is unusable."""
        if isinstance(index, slice):
            return StoredImages(self.folder, self.numbers[index], self.reading)
        return self._read(self.numbers[index])

    def __iter__(self) -> Iterator[LabelledImage]:
        for number in self.numbers:
            try:
                image = self._read(number)
            except FormatError as error:
                self.reading.problem(FindingId.UNREADABLE_RECORD, str(error))
                continue
            yield image

    def of_splits(self, keep: KeepSplits) -> StoredImages:
        """Those whose splits ``keep`` accepts; one that cannot be read stays, so that it is reported once."""
        return StoredImages(self.folder, [number for number in self.numbers if self._is_of(number, keep)], self.reading)

    def _is_of(self, number: int, keep: KeepSplits) -> bool:
        try:
            return keep(self._read(number).splits)
        except FormatError:
            return True

    def _read(self, number: int) -> LabelledImage:
        path = dataset.frame_path(self.folder, number)
        frame = dataset.read_frame(path)
        if frame.index != number:
            raise FormatError(f"{path}: the record says index {frame.index!r}")
        try:
            image = image_inside(self.folder, frame.file)
        except FormatError as error:
            raise FormatError(f"{path}: {error}") from error
        return LabelledImage(frame, image, str(path))


def read(folder: Path, reading: Reading) -> LabelSet:
    """Read the dataset ``folder``; the ids are the images' indices.

    Raises:
        FormatError: no usable ``dataset.json`` or no records; while iterating over the images, a broken record.
    """
    info = dataset.read_info(folder)
    numbers = dataset.frame_indices(folder)
    if not numbers:
        raise FormatError(f"{folder}: the dataset has no records (frames/ is empty)")
    return LabelSet("wardsynth", folder, info, StoredImages(folder, numbers, reading), skeleton=COCO_SKELETON)
