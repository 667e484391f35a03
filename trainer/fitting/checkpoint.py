"""Checkpoints: a training stopped at any moment, even killed, resumes with the results of an unbroken one."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Optional, Union

import keras
import numpy as np

from shared_format import atomic

from ..errors import TrainerError
from ..models.run_files import CHECKPOINT
from ..network.tensors import ops

_STATE = "state"
Arrays = dict[str, np.ndarray]


@dataclass
class RunState:
    """The progress of a run.

    Attributes:
        epoch: number of finished epochs. step: batches of the next epoch already trained on. stage: trained last.
        best: ``{"epoch", "sets": {name: metrics}}`` of the best validation so far, or None.
        history: one row of numbers per epoch, as in ``history.csv``.
        seconds: training time so far.
        finished: whether the training is complete.
    """

    epoch: int = 0
    step: int = 0
    stage: int = 0
    best: Optional[dict[str, Any]] = None
    history: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    finished: bool = False


@dataclass(frozen=True)
class Variables:
    """Everything a step changes: weights and statistics, the state of the optimiser, the loss account of the epoch."""

    network: keras.Model
    optimizer: keras.optimizers.Optimizer
    account: keras.Variable

    def named(self) -> dict[str, keras.Variable]:
        """Every variable by a name made of its group and its position there."""
        return {
            **_named("network", self.network.variables),
            **_named("optimizer", self.optimizer.variables),
            **_named("account", [self.account]),
        }


class Checkpoint(NamedTuple):
    """What a run folder holds of an interrupted run: ``arrays`` by name, None where there is no checkpoint."""

    state: RunState
    arrays: Optional[Arrays]


def save_checkpoint(folder: Path, state: RunState, variables: Optional[Variables]) -> None:
    """Write the checkpoint of a run folder, whole or not at all; a finished run needs no ``variables``."""
    named = variables.named() if variables is not None else {}
    arrays: Arrays = {name: ops.convert_to_numpy(variable) for name, variable in named.items()}
    arrays[_STATE] = np.frombuffer(json.dumps(asdict(state)).encode(), dtype=np.uint8)
    path = folder / CHECKPOINT
    temporary = atomic.temporary_path(path)
    with open(temporary, "wb") as file:
        np.savez(file, **arrays)  # pyright: ignore[reportArgumentType]  # no name here is "allow_pickle"
    atomic.commit(temporary, path)


def read_checkpoint(folder: Path) -> Checkpoint:
    """The checkpoint of a run folder; where there is none, a fresh state without arrays.

    Raises:
        TrainerError: the file is not a checkpoint.
    """
    path = folder / CHECKPOINT
    if not path.is_file():
        return Checkpoint(RunState(), None)
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = dict(stored)
        return Checkpoint(RunState(**json.loads(arrays.pop(_STATE).tobytes())), arrays)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise TrainerError(f"{path}: not a checkpoint of this version: {error}") from error


def restore(variables: Union[Variables, keras.Model], arrays: Mapping[str, np.ndarray]) -> None:
    """Assign the stored arrays to the variables; to a network, only the arrays of the network.

    Raises:
        TrainerError: the arrays belong to another training.
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
            f"{CHECKPOINT}: belongs to another network or optimiser ({len(arrays)} arrays, expected {len(named)}); "
            "was it written by another version or another backend of Keras?"
        )
    for name, variable in named.items():
        variable.assign(arrays[name])


def _named(group: str, variables: Sequence[keras.Variable]) -> dict[str, keras.Variable]:
    return {f"{group}.{place}": variable for place, variable in enumerate(variables)}
