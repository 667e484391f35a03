"""Whether an image on the disk is the one that was asked for: read once, neither decoded nor made again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..dataset_format import dataset, digests, errors


class Wholeness:
    """What the images of (``config``, ``seed``) in the folder ``out`` lack."""

    def __init__(self, out: Path, config: Mapping, seed: int) -> None:
        self._out, self._seed, self._config = Path(out), seed, digests.of_config(config)

    def flaw(self, index: int) -> str:
        """What is wrong with image ``index``, in one line; "" where record, image and maps are whole and its own.

        Record and files are those that were written together, for this seed, config and index.
        """
        path = dataset.frame_path(self._out, index)
        if not path.is_file():
            return "there is no record of it"
        try:
            frame = dataset.read_frame(path)
        except errors.FormatError as error:
            return str(error)
        if (frame.seed, frame.index) != (self._seed, index):
            return f"its record is of image {frame.index} of seed {frame.seed}"
        if frame.file != dataset.image_file(index):
            return f"its record names {frame.file}"
        damage = digests.damage(self._out, frame)
        if not damage and frame.sha256.get(digests.CONFIG) != self._config:
            return "its record is of another config"
        return damage
