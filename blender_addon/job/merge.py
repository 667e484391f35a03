"""Joins shards into one dataset: copied image by image, each verified, no two with the same index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Optional

from ..dataset_format import dataset, digests, errors
from ..progress import ProgressCounter, TerminalProgress
from .definition import Failure, JobError, Outcome
from .folder import find_conflict, open_dataset_folder
from .summaries import write_summaries
from .verify_files import FileVerifier


class _Sources(NamedTuple):
    """The dataset that shards are parts of, and the folder of each image, ascending by index."""

    info: dataset.DatasetInfo
    folders: dict[int, Path]


def merge_datasets(
    folders: Sequence[Path], out: Path, resume: bool = False, progress: Optional[ProgressCounter] = None
) -> Outcome:
    """Copy the images of the datasets ``folders`` into ``out``, which then equals the result of a single run.

    Images that are damaged in their folder are reported as failed, and the others are copied.

    Raises:
        JobError: a folder is no dataset, they have different seeds or configs, two have an image of the same index,
            or ``out`` cannot be started; nothing was written.
    """
    sources = _examine([Path(folder) for folder in folders])
    info = replace(sources.info, name=out.resolve().name)
    with open_dataset_folder(out, info, resume):
        verifier = FileVerifier(out, info.config, info.seed)
        missing = {index: folder for index, folder in sources.folders.items() if verifier.find_problem(index)}
        progress = progress or TerminalProgress()
        progress.total = len(missing)
        failed = []
        for index, folder in missing.items():
            problem = _copy(folder, out, index, info, verifier)
            if problem:
                failed.append(Failure(index, f"{folder}: {problem}"))
            progress.step(failed=bool(problem))
        stopped = None if failed else write_summaries(out)
    kept = len(sources.folders) - len(missing)
    return Outcome(len(missing) - len(failed), kept, 0, tuple(failed), stopped=stopped)


def count_gaps(indices: Sequence[int]) -> int:
    """How many indices are missing between the first and the last of ascending ``indices``."""
    return indices[-1] - indices[0] + 1 - len(indices) if indices else 0


def _examine(folders: Sequence[Path]) -> _Sources:
    """Raises JobError where the folders cannot be merged."""
    infos = [_read_info(folder) for folder in folders]
    sources: dict[int, Path] = {}
    for folder, info in zip(folders, infos):
        if conflict := find_conflict(infos[0], info):
            other = conflict.replace("this", str(folder))
            raise JobError(f"{folders[0]} is a dataset of {other}; they cannot be merged")
        for index in dataset.frame_indices(folder):
            if index in sources:
                raise JobError(f"image {index} is in {sources[index]} and in {folder}; shards must not share images")
            sources[index] = folder
    return _Sources(infos[0], dict(sorted(sources.items())))


def _read_info(folder: Path) -> dataset.DatasetInfo:
    try:
        return dataset.read_info(folder)
    except errors.FormatError as error:
        raise JobError(str(error)) from error


def _copy(source: Path, out: Path, index: int, info: dataset.DatasetInfo, verifier: FileVerifier) -> Optional[str]:
    """Copy image ``index``; returns the problem if it could not be copied whole."""
    if problem := FileVerifier(source, info.config, info.seed).find_problem(index):
        return f"{problem}; run the command that generated it again with --resume"
    frame = dataset.read_frame(dataset.frame_path(source, index))
    try:
        files = [*digests.files(frame).values(), dataset.frame_file(index)]
        dataset.write_files(out, {file: (source / file).read_bytes() for file in files})
    except OSError as error:
        return f"cannot be copied: {error.strerror}"
    return verifier.find_problem(index)
