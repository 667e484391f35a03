"""Whether an image on disk is the requested one: its files are read once, not decoded or rendered."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Optional

from ..dataset_format import dataset, digests, errors


class FileVerifier:
    """Finds what is wrong with the images of the dataset (``config``, ``seed``) in the folder ``out``."""

    def __init__(self, out: Path, config: Mapping[str, object], seed: int) -> None:
        self._out, self._seed, self._config = Path(out), seed, digests.of_config(config)

    def find_problem(self, index: int) -> Optional[str]:
        """The problem of image ``index``, in one line; None if its record, image and maps are whole.

        Whole means: they were written together, for this seed, config and index.
        """
        path = dataset.frame_path(self._out, index)
        if not path.is_file():
            return "it has no record"
        try:
            frame = dataset.read_frame(path)
        except errors.FormatError as error:
            return str(error)
        if (frame.seed, frame.index) != (self._seed, index):
            return f"its record is of image {frame.index} of seed {frame.seed}"
        if frame.file != dataset.image_file(index):
            return f"its record names {frame.file}"
        if problem := digests.find_problem(self._out, frame):
            return problem
        made_from = (frame.sha256 or {}).get(digests.CONFIG)
        return None if made_from == self._config else "its record is of another config"
