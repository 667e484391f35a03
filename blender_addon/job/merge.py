"""Shards into one dataset: copied image by image, each read back whole, no two of the same index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Optional

from ..dataset_format import dataset, digests, errors
from ..progress import Progress
from .definition import JobError, Outcome
from .folder import contradiction, held
from .summaries import finished
from .verify_files import Wholeness


def merge_datasets(
    folders: Sequence[Path], out: Path, resume: bool = False, progress: Optional[Progress] = None
) -> Outcome:
    """Copy the images of the datasets ``folders`` into the one ``out``; it is as if it had been made in one run.

    Images that are not whole in their folder are reported as failed, and the others copied.

    Raises:
        JobError: a folder is no dataset, they are of different seeds or configs, two have an image of the same index,
            or ``out`` cannot be begun; nothing was written.
    """
    info, sources = _examine([Path(folder) for folder in folders])
    info = replace(info, name=out.resolve().name)
    with held(out, info, resume):
        whole = Wholeness(out, info.config, info.seed)
        missing = {index: folder for index, folder in sources.items() if whole.flaw(index)}
        progress = progress or Progress()
        progress.total = len(missing)
        failures = {}
        for index, folder in missing.items():
            reason = _copy(folder, out, index, info, whole)
            if reason:
                failures[index] = f"{folder}: {reason}"
            progress.step(failed=bool(reason))
        stopped = "" if failures else finished(out)
    kept = len(sources) - len(missing)
    return Outcome(len(missing) - len(failures), kept, 0, tuple(sorted(failures.items())), stopped=stopped)


def gaps(indices: Sequence[int]) -> int:
    """How many indices between the first and the last of ascending ``indices`` are not there."""
    return indices[-1] - indices[0] + 1 - len(indices) if indices else 0


def _examine(folders: Sequence[Path]) -> tuple:
    """The first folder's info, and {index: folder} of all their images, ascending. Raises JobError."""
    first, sources = None, {}
    for folder in folders:
        try:
            info = dataset.read_info(folder)
        except errors.FormatError as error:
            raise JobError(str(error)) from error
        first = first or info
        if said := contradiction(first, info):
            raise JobError(f"{folders[0]} is a dataset of {said.replace('this', str(folder))}; they cannot be merged")
        for index in dataset.frame_indices(folder):
            if index in sources:
                raise JobError(f"image {index} is in {sources[index]} and in {folder}; shards have no image twice")
            sources[index] = folder
    return first, dict(sorted(sources.items()))


def _copy(source: Path, out: Path, index: int, info: dataset.DatasetInfo, whole: Wholeness) -> str:
    """Copy image ``index``; returns "" or why it could not be."""
    flaw = Wholeness(source, info.config, info.seed).flaw(index)
    if flaw:
        return f"{flaw}; --resume of the run that made it mends it"
    frame = dataset.read_frame(dataset.frame_path(source, index))
    try:
        files = [*digests.files(frame).values(), dataset.frame_file(index)]
        dataset.write_files(out, {file: (source / file).read_bytes() for file in files})
    except OSError as error:
        return f"cannot be copied: {error.strerror}"
    return whole.flaw(index)
