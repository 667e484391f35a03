"""Where datasets go when nobody says where."""

from __future__ import annotations

from pathlib import Path


def default_folder() -> str:
    """The dataset folder that the panel begins with."""
    return str(Path.home() / "wardsynth" / "dataset")


def free_folder(folder: Path) -> Path:
    """``folder`` if nothing is there, else the first of ``folder-2``, ``folder-3`` ... where nothing is."""
    tries = (folder.with_name(f"{folder.name}-{number}") if number > 1 else folder for number in range(1, 10_000))
    return next(path for path in tries if not path.exists())
