"""Loads MODEL, as every command takes it: a run folder, a ``.keras`` file, darknet's ``FILE.cfg,FILE.weights``, or a
file that ``trainer export`` wrote.

A ``.keras`` file is Keras's own zip with one more member that holds the ``ModelSpec``, so a bare file is a
whole detector; Keras opens it as any other, without this package.
"""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Optional, Union

from shared_format.atomic import temporary_path

from ..backend import load_quietly
from ..errors import TrainerError
from ..network.spec import ModelNetwork, ModelSpec, spec_from_json
from ..runtimes import BATCH, exported_kind, load_exported, read_exported
from .run_files import BEST, LAST

if TYPE_CHECKING:
    import keras

    from ..runtimes import Runtime

SPEC_MEMBER = "detector.json"
MODELS = "MODEL is a run folder, a .keras file or FILE.cfg,FILE.weights, or what trainer export wrote"


def save_model(network: keras.Model, spec: ModelSpec, path: Path) -> None:
    """Write ``network`` and ``spec`` to the ``.keras`` file ``path``, whole or not at all."""
    temporary = temporary_path(path)
    network.save(temporary)
    with zipfile.ZipFile(temporary, "a") as archive:
        archive.writestr(SPEC_MEMBER, json.dumps(spec.to_json()))
    os.replace(temporary, path)


class LoadedModel(NamedTuple):
    """What a ``Detector`` is made of; ``network`` is the ``Runtime`` of an exported file, else a Keras model."""

    network: Union[keras.Model, Runtime]
    spec: ModelSpec


class DarknetPair(NamedTuple):
    """The two files of a darknet detector."""

    cfg: Path
    weights: Path


def load_model(model: str) -> LoadedModel:
    """Load MODEL of any kind.

    Keras is imported only where it is needed.

    Raises:
        TrainerError: nothing there, or not a detector of this program.
    """
    if exported_kind(model) is None:
        return LoadedModel(*load_network(model))
    runtime = load_exported(Path(model), BATCH)
    return LoadedModel(runtime, runtime.exported.spec)


def load_network(model: str) -> ModelNetwork:
    """Load MODEL as a Keras model with its weights.

    A run folder means its ``best.keras``, or ``last.keras`` where there is no best.

    Raises:
        TrainerError: nothing there, not a detector of this program, or an exported one.
    """
    if exported_kind(model) is not None:
        raise TrainerError(f"{model}: an exported file has no Keras weights; give the model it was exported from")
    load_quietly()
    import keras

    from ..network.darknet_detector import load_darknet

    pair = darknet_pair(model)
    if pair is not None:
        return load_darknet(*pair)
    path = model_path(model)
    spec = read_spec(path)
    try:
        return ModelNetwork(keras.models.load_model(path, compile=False), spec)
    except (OSError, ValueError, KeyError) as error:
        raise TrainerError(f"{path}: Keras cannot load it: {str(error).splitlines()[0]}") from error


def model_spec(model: str) -> ModelSpec:
    """The ``ModelSpec`` of MODEL, without loading its weights. Raises TrainerError."""
    if exported_kind(model) is not None:
        return read_exported(Path(model)).spec
    pair = darknet_pair(model)
    if pair is None:
        return read_spec(model_path(model))
    load_quietly()
    from ..network.darknet_detector import darknet_spec

    return darknet_spec(*pair)


def darknet_pair(model: str) -> Optional[DarknetPair]:
    """``FILE.cfg,FILE.weights`` -> both paths; None where MODEL is something else."""
    stem, comma, weights = model.partition(".cfg,")
    return DarknetPair(Path(f"{stem}.cfg"), Path(weights)) if comma else None


def model_path(model: str) -> Path:
    """The ``.keras`` file that MODEL means. Raises TrainerError."""
    path = Path(model)
    if path.is_dir():
        for name in (BEST, LAST):
            if (path / name).is_file():
                return path / name
        raise TrainerError(f"{path}: neither {BEST} nor {LAST} in this folder; {MODELS}")
    if not path.is_file():
        raise TrainerError(f"{path}: no such file; {MODELS}")
    if path.suffix in (".weights", ".cfg"):
        raise TrainerError(f"{path}: a darknet detector needs both files: FILE.cfg,FILE.weights")
    return path


def read_spec(path: Path) -> ModelSpec:
    """The ``ModelSpec`` inside a ``.keras`` file. Raises TrainerError."""
    try:
        with zipfile.ZipFile(path) as archive:
            value = json.loads(archive.read(SPEC_MEMBER))
    except KeyError as error:
        raise TrainerError(f"{path}: a Keras model, but not one saved by this program (no {SPEC_MEMBER})") from error
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise TrainerError(f"{path}: not a .keras file: {error}") from error
    return spec_from_json(value, str(path))
