"""The folder of one training: ``config.json``, ``best.keras``, ``last.keras``, ``history.csv``, images, logs."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

from shared_format import atomic
from shared_format.dataset import read_json

from ..disk_errors import writing
from ..errors import TrainerError
from ..models.run_files import CONFIG
from ..network.spec import DetectorSpec, spec_from_json
from .config import FitConfig, flat_json, resolve

RUN_VERSION = 2


def holds_run(folder: Path) -> bool:
    """Whether a training was begun in ``folder``."""
    return (folder / CONFIG).is_file()


def refuse_existing(folder: Path) -> None:
    """Raise TrainerError if ``folder`` holds a run or anything else, or cannot be a folder."""
    if folder.exists() and not folder.is_dir():
        raise TrainerError(f"{folder}: is a file; --out needs a new folder")
    if (folder / CONFIG).exists():
        raise TrainerError(
            f"{folder}: already holds a run; choose another --out, go on with it (--resume), or start from it with "
            f"--weights {folder}/last.keras"
        )
    if folder.is_dir() and any(not path.name.startswith(atomic.TEMPORARY_PREFIX) for path in folder.iterdir()):
        raise TrainerError(f"{folder}: is not empty; --out needs a new folder")


def create(folder: Path, config: FitConfig, stages: list, spec: DetectorSpec, inputs: dict, content: dict) -> None:
    """Make the folder and store what determines the run, as given and as resolved.

    Args:
        content: what the data holds: images, boxes, a fingerprint.

    Raises:
        TrainerError: it cannot be written.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        atomic.write_json(
            folder / CONFIG,
            {
                "schema_version": RUN_VERSION,
                "program": f"wardsynth {_version()}",
                "inputs": inputs,
                "settings": config.to_json(),
                "stages": stages,
                "detector": spec.to_json(),
                "data": content,
            },
        )


def read_run(folder: Path) -> tuple:
    """The inputs (a dict for ``FitInputs``) and the ``FitConfig`` a run was started with. Raises TrainerError."""
    stored = _read_config(folder)
    inputs = {name: tuple(value) if isinstance(value, list) else value for name, value in stored["inputs"].items()}
    return inputs, resolve(None, (), flat_json(stored["settings"]))


def read_spec(folder: Path) -> DetectorSpec:
    """The detector a run trains. Raises TrainerError."""
    return spec_from_json(_read_config(folder)["detector"], str(folder / CONFIG))


def check_data(folder: Path, content: dict) -> None:
    """Raise TrainerError unless the data still is what the run was started with."""
    before = _read_config(folder)["data"]
    if before != content:
        raise TrainerError(
            f"{folder}: was started on {before['pictures']} images with {before['boxes']} boxes; the data has "
            f"changed since ({content['pictures']} with {content['boxes']}), and the run cannot go on"
        )


def _read_config(folder: Path) -> dict:
    stored = read_json(folder / CONFIG)
    if not isinstance(stored, dict) or stored.get("schema_version") != RUN_VERSION:
        raise TrainerError(f"{folder / CONFIG}: not of a run of this version, which cannot be resumed")
    return stored


def _version() -> str:
    try:
        return metadata.version("wardsynth")
    except metadata.PackageNotFoundError:
        return "(not installed)"
