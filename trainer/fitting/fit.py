"""`trainer fit`: labels and settings in, a run folder out; or an interrupted run resumed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Optional, TypedDict

from shared_format import atomic

from ..models.run_files import BEST, CURVE, LAST
from ..progress import note
from ..tasks import task_named
from .checkpoint import Checkpoint, RunState, read_checkpoint
from .config import FitConfig
from .loop import TrainingLoop
from .prepared_run import PreparedRun, prepare_run
from .records import draw_history
from .run_folder import FitInputs
from .validation import Scores, deciding_set


class FitResult(TypedDict):
    """What ``trainer fit --json`` prints.

    ``run``, ``best`` and ``last`` are paths; ``epochs`` those done; ``validation`` the metrics of the best epoch on
    the deciding set, or None without one; ``sets`` the metrics of every set in that epoch.
    """

    run: str
    best: str
    last: str
    epochs: int
    validation: Optional[dict[str, Any]]
    sets: Scores
    seconds: float
    interrupted: bool


def fit(inputs: FitInputs, config: FitConfig, resume: bool = False) -> FitResult:
    """Train a model and write its run folder, or with ``resume`` continue the run in that folder.

    Raises:
        TrainerError: unusable data, weights or folder, before anything is written; or the loss diverged.
    """
    task = task_named(config.task)
    config = replace(config, loss=task.learning.chosen_loss(config.loss, inputs.weights))
    state, arrays = read_checkpoint(inputs.out) if resume else Checkpoint(RunState(), None)
    if not state.finished:
        prepared = prepare_run(inputs, config, resume, arrays is not None)
        TrainingLoop(prepared, state, arrays).run()
        finish(prepared, state)
    return result(inputs, config, state)


def finish(prepared: PreparedRun, state: RunState) -> None:
    """At the end, or at an interruption: make sure there is a best model, and draw the curves."""
    folder = prepared.folder
    if state.best is None and (folder / LAST).is_file():
        if not prepared.sets:
            note(f"no validation: {BEST} is {LAST}; --val DATA scores each epoch and keeps the best")
        atomic.write_bytes(folder / BEST, (folder / LAST).read_bytes())
    if state.history:
        draw_history(state.history, prepared.terms, prepared.task.scoring.columns, prepared.set_names, folder / CURVE)


def result(inputs: FitInputs, config: FitConfig, state: RunState) -> FitResult:
    """What ``fit`` returns."""
    sets: Scores = state.best["sets"] if state.best else {}
    deciding = deciding_set(list(sets), config.best_on)
    return {
        "run": str(inputs.out),
        "best": str(inputs.out / BEST),
        "last": str(inputs.out / LAST),
        "epochs": state.epoch,
        "validation": {"epoch": state.best["epoch"], **sets[deciding]} if state.best and deciding else None,
        "sets": sets,
        "seconds": round(state.seconds, 1),
        "interrupted": not state.finished,
    }
