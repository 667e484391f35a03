"""The default dataset folder, and the next unused one."""

from __future__ import annotations

from pathlib import Path


def default_folder() -> str:
    """The dataset folder of a new file."""
    return str(Path.home() / "wardsynth" / "dataset")


def free_folder(folder: Path) -> Path:
    """``folder`` if it does not exist, else the first of ``folder-2``, ``folder-3`` ... that does not."""
    tries = (folder.with_name(f"{folder.name}-{number}") if number > 1 else folder for number in range(1, 10_000))
    return next(path for path in tries if not path.exists())
