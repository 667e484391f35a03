"""WardSynth's own dataset folder as a ``LabelSet``; its records stay on the disk until they are wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Union

from . import dataset
from .errors import FormatError
from .label_set import LabelledImage, LabelSet, Reading
from .paths import image_inside


@dataclass(frozen=True)
class StoredImages(Sequence):
    """The images of a dataset folder with the given record numbers, each record read when it is walked over."""

    folder: Path
    numbers: Sequence
    reading: Reading

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, wanted: Union[int, slice]) -> Union[StoredImages, LabelledImage]:
        """A slice as another ``StoredPictures``; a single image, strictly: FormatError if it is unusable."""
        if isinstance(wanted, slice):
            return StoredImages(self.folder, self.numbers[wanted], self.reading)
        return self._read(self.numbers[wanted])

    def __iter__(self) -> Iterator:
        for number in self.numbers:
            try:
                image = self._read(number)
            except FormatError as error:
                self.reading.problem("files.unreadable_record", str(error))
                continue
            yield image

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
        FormatError: no usable ``dataset.json`` or no records; while the images are walked over, a broken record.
    """
    info = dataset.read_info(folder)
    numbers = dataset.frame_indices(folder)
    if not numbers:
        raise FormatError(f"{folder}: a dataset without records (frames/ is empty)")
    return LabelSet("wardsynth", folder, info, StoredImages(folder, numbers, reading))
