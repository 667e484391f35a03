"""Errors of the disk as one line that names the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import TrainerError


def read_bytes(path: Path, what: str) -> bytes:
    """The content of ``path``. Raises TrainerError that names it and ``what`` it should be."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise TrainerError(f"{path}: cannot read the {what}: {error.strerror}") from error


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn an OSError in the block, which writes ``path``, into a TrainerError that names it."""
    try:
        yield
    except OSError as error:
        raise TrainerError(f"{path}: cannot be written: {error.strerror}") from error


def make_folder(folder: Path) -> None:
    """Create ``folder`` with its parents. Raises TrainerError."""
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
