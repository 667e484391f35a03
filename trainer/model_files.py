"""Saved detectors. A ``.keras`` file is Keras's own zip with one more member that holds the ``DetectorSpec``,
so a bare file is a whole detector; Keras opens it as any other, without this package.
"""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import keras

from shared_format.atomic import temporary_path

from .errors import TrainerError
from .spec import DetectorSpec, spec_from_json

SPEC_MEMBER = "detector.json"
BEST, LAST = "best.keras", "last.keras"


def save_detector(network: keras.Model, spec: DetectorSpec, path: Path) -> None:
    """Write ``network`` and ``spec`` to the ``.keras`` file ``path``, whole or not at all."""
    temporary = temporary_path(path)
    network.save(temporary)
    with zipfile.ZipFile(temporary, "a") as archive:
        archive.writestr(SPEC_MEMBER, json.dumps(spec.to_json()))
    os.replace(temporary, path)


def load_detector(model: str) -> tuple:
    """MODEL as the command line takes it -> (keras.Model, DetectorSpec).

    A run folder stands for its ``best.keras``, or ``last.keras`` where there is no best.

    Raises:
        TrainerError: nothing there, or not a detector of this program.
    """
    path = model_path(model)
    spec = read_spec(path)
    try:
        return keras.models.load_model(path, compile=False), spec
    except (OSError, ValueError, KeyError) as error:
        raise TrainerError(f"{path}: Keras cannot load it: {str(error).splitlines()[0]}") from error


def model_path(model: str) -> Path:
    """The ``.keras`` file that MODEL means. Raises TrainerError."""
    path = Path(model)
    if path.is_dir():
        for name in (BEST, LAST):
            if (path / name).is_file():
                return path / name
        raise TrainerError(f"{path}: neither {BEST} nor {LAST} in this folder; MODEL is a run folder or a .keras file")
    if not path.is_file():
        raise TrainerError(f"{path}: no such file; MODEL is a run folder or a .keras file")
    return path


def read_spec(path: Path) -> DetectorSpec:
    """The ``DetectorSpec`` inside a ``.keras`` file. Raises TrainerError."""
    try:
        with zipfile.ZipFile(path) as archive:
            value = json.loads(archive.read(SPEC_MEMBER))
    except KeyError as error:
        raise TrainerError(f"{path}: a Keras model, but not one saved by `trainer fit` (no {SPEC_MEMBER})") from error
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise TrainerError(f"{path}: not a .keras file: {error}") from error
    return spec_from_json(value, str(path))
