"""A training that was stopped at any moment, even killed, goes on from its checkpoint as if it had not been."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Optional

import keras
import numpy as np

from shared_format import atomic

from ..errors import TrainerError
from ..models.run_files import CHECKPOINT

_STATE = "state"


@dataclass
class RunState:
    """Where a run stands.

    Attributes:
        epoch: epochs that are finished. step: batches of the next one that are done. stage: trained last.
        best: ``{"epoch", "sets": {name: metrics}}`` of the best validation so far, or None.
        history: one row of numbers an epoch, as in ``history.csv``.
        seconds: spent so far.
        finished: nothing is left to do.
    """

    epoch: int = 0
    step: int = 0
    stage: int = 0
    best: Optional[dict] = None
    history: list = field(default_factory=list)
    seconds: float = 0.0
    finished: bool = False


@dataclass(frozen=True)
class Variables:
    """Everything a step may change: weights and statistics, the optimiser's memory, the account of the epoch."""

    network: keras.Model
    optimizer: keras.optimizers.Optimizer
    account: keras.Variable

    def named(self) -> dict:
        """Every variable under a name that says its place."""
        return {
            **_named("network", self.network.variables),
            **_named("optimizer", self.optimizer.variables),
            **_named("account", [self.account]),
        }


def save_checkpoint(folder: Path, state: RunState, variables: Optional[Variables]) -> None:
    """Write the checkpoint of a run folder, whole or not at all; without ``variables`` of a finished run."""
    named = variables.named() if variables is not None else {}
    arrays = {name: keras.ops.convert_to_numpy(variable) for name, variable in named.items()}
    arrays[_STATE] = np.frombuffer(json.dumps(asdict(state)).encode(), dtype=np.uint8)
    path = folder / CHECKPOINT
    temporary = atomic.temporary_path(path)
    with open(temporary, "wb") as file:
        np.savez(file, **arrays)
    atomic.commit(temporary, path)


def read_checkpoint(folder: Path) -> tuple:
    """The ``RunState`` of a run folder and the stored arrays by name; a fresh state and None without a checkpoint.

    Raises:
        TrainerError: the file is not a checkpoint.
    """
    path = folder / CHECKPOINT
    if not path.is_file():
        return RunState(), None
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = dict(stored)
        return RunState(**json.loads(arrays.pop(_STATE).tobytes())), arrays
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise TrainerError(f"{path}: not a checkpoint of this version: {error}") from error


def restore(variables: Variables | keras.Model, arrays: dict) -> None:
    """Put the stored arrays into the variables, or only its own into a network.

    Raises:
        TrainerError: they are not of the same training.
    """
    if isinstance(variables, keras.Model):
        named = _named("network", variables.variables)
        arrays = {name: array for name, array in arrays.items() if name in named}
    else:
        named = variables.named()
    if {name: tuple(variable.shape) for name, variable in named.items()} != {
        name: array.shape for name, array in arrays.items()
    }:
        raise TrainerError(
            f"{CHECKPOINT}: not of this network and optimiser ({len(arrays)} arrays, expected {len(named)}); "
            "was it written by another version or another backend of Keras?"
        )
    for name, variable in named.items():
        variable.assign(arrays[name])


def _named(group: str, variables: Sequence) -> dict:
    return {f"{group}.{place}": variable for place, variable in enumerate(variables)}
