"""Where a picture named by a label file lies."""

from __future__ import annotations

from pathlib import Path

from .errors import FormatError


def picture_inside(folder: Path, name: str) -> Path:
    """``folder / name``, which must stay inside ``folder``: label files come from strangers.

    Raises:
        FormatError: an absolute path, or one that climbs out.
    """
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise FormatError(f"{folder}: file name {name!r} points outside the dataset")
    return path
