"""WardSynth's own dataset folder as a ``LabelSet``; its records stay on the disk until they are wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Union

from . import dataset
from .errors import FormatError
from .label_set import LabelledPicture, LabelSet, Reading
from .paths import picture_inside


@dataclass(frozen=True)
class StoredPictures(Sequence):
    """The pictures of a dataset folder with the given record numbers, each record read when it is walked over."""

    folder: Path
    numbers: Sequence
    reading: Reading

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, wanted: Union[int, slice]) -> Union[StoredPictures, LabelledPicture]:
        """A slice as another ``StoredPictures``; a single picture, strictly: FormatError if it is unusable."""
        if isinstance(wanted, slice):
            return StoredPictures(self.folder, self.numbers[wanted], self.reading)
        return self._read(self.numbers[wanted])

    def __iter__(self) -> Iterator:
        for number in self.numbers:
            try:
                picture = self._read(number)
            except FormatError as error:
                self.reading.problem("files.unreadable_record", str(error))
                continue
            yield picture

    def _read(self, number: int) -> LabelledPicture:
        path = dataset.frame_path(self.folder, number)
        frame = dataset.read_frame(path)
        if frame.index != number:
            raise FormatError(f"{path}: the record says index {frame.index!r}")
        try:
            picture = picture_inside(self.folder, frame.file)
        except FormatError as error:
            raise FormatError(f"{path}: {error}") from error
        return LabelledPicture(frame, picture, str(path))


def read(folder: Path, reading: Reading) -> LabelSet:
    """Read the dataset ``folder``; the ids are the pictures' indices.

    Raises:
        FormatError: no usable ``dataset.json`` or no records; while the pictures are walked over, a broken record.
    """
    info = dataset.read_info(folder)
    numbers = dataset.frame_indices(folder)
    if not numbers:
        raise FormatError(f"{folder}: a dataset without records (frames/ is empty)")
    return LabelSet("wardsynth", folder, info, StoredPictures(folder, numbers, reading))
