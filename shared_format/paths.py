"""Files that label files name, and texts that list things. The names come from strangers: some no file can have."""

from __future__ import annotations

import os
from pathlib import Path

from .errors import FormatError


def image_inside(folder: Path, name: str) -> Path:
    """``folder / name``, which must stay inside ``folder``: label files come from strangers.

    Raises:
        FormatError: an absolute path, or one that climbs out.
    """
    path = folder / name
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError) as error:  # a NUL, or links that go in a circle
        raise FormatError(f"{folder}: {name!r} is no file name: {error}") from error
    if not inside:
        raise FormatError(f"{folder}: file name {name!r} points outside the dataset")
    return path


def is_file(path: Path) -> bool:
    """Whether ``path`` is a file; False too for a name that the disk refuses, such as one too long."""
    return os.path.isfile(path)


def is_folder(path: Path) -> bool:
    """Whether ``path`` is a folder; False as for ``is_file``."""
    return os.path.isdir(path)


def text_lines(path: Path) -> list:
    """The lines of a text that are not empty, without spaces around them. Raises FormatError naming ``path``."""
    try:
        return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"{path}: cannot be read as text: {error}") from error
