"""The folder of one training: ``config.json``, ``best.keras``, ``last.keras``, ``history.csv``, pictures."""

from __future__ import annotations

import csv
from importlib import metadata
from pathlib import Path

from shared_format import atomic

from .config import FitConfig
from .errors import TrainerError
from .spec import DetectorSpec

CONFIG, HISTORY, CURVE = "config.json", "history.csv", "curve.png"
FIRST_BATCH, VALIDATION = "first_batch.png", "validation.png"
RUN_VERSION = 1


def refuse_existing(folder: Path) -> None:
    """Raise TrainerError if ``folder`` holds a run or anything else, or cannot be a folder."""
    if folder.exists() and not folder.is_dir():
        raise TrainerError(f"{folder}: is a file; --out needs a new folder")
    if (folder / CONFIG).exists():
        raise TrainerError(
            f"{folder}: already holds a run; choose another --out, or go on from it with --weights {folder}/last.keras"
        )
    if folder.is_dir() and any(folder.iterdir()):
        raise TrainerError(f"{folder}: is not empty; --out needs a new folder")


def create(folder: Path, config: FitConfig, spec: DetectorSpec, inputs: dict) -> None:
    """Make the folder and store what determines the run. Raises TrainerError if it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        atomic.write_json(
            folder / CONFIG,
            {
                "schema_version": RUN_VERSION,
                "program": f"wardsynth {_version()}",
                "inputs": inputs,
                "settings": config.to_json(),
                "detector": spec.to_json(),
            },
        )
    except OSError as error:
        raise TrainerError(f"{folder}: cannot be written: {error.strerror}") from error


def read_history(folder: Path) -> list:
    """The rows of ``history.csv`` as dicts of floats; what was not measured in an epoch is absent."""
    path = folder / HISTORY
    if not path.is_file():
        return []
    with open(path, newline="", encoding="utf-8") as handle:
        return [{key: float(value) for key, value in row.items() if value} for row in csv.DictReader(handle)]


def _version() -> str:
    try:
        return metadata.version("wardsynth")
    except metadata.PackageNotFoundError:
        return "(not installed)"
