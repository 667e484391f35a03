"""What a model can be trained for. One folder per task, each with the same parts.

- ``task``      the interface of every task
- ``exporting`` of it the part for files of other programs
- ``detect``    boxes with classes and scores
- here         the registry
"""

from __future__ import annotations

from ..errors import TrainerError, unknown_key
from ..network.spec import ModelSpec
from .detect import DetectTask
from .task import Learning, NetworkRequest, Predicting, Resampled, Scores, Scoring, Showing, Task

__all__ = [
    "TASKS",
    "Learning",
    "NetworkRequest",
    "Predicting",
    "Resampled",
    "Scores",
    "Scoring",
    "Showing",
    "Task",
    "task_named",
    "task_of",
]

TASKS: dict[str, Task] = {task.name: task for task in (DetectTask(),)}


def task_named(name: str) -> Task:
    """The task called ``name``. Raises TrainerError with the nearest known name."""
    if name not in TASKS:
        raise TrainerError(f"--task: {unknown_key('task', name, tuple(TASKS))}")
    return TASKS[name]


def task_of(spec: ModelSpec, model: str) -> Task:
    """The task that MODEL was trained for. Raises TrainerError: this version does not know it."""
    if spec.task not in TASKS:
        known = ", ".join(TASKS)
        raise TrainerError(f"{model}: was trained for the task {spec.task}; this version knows {known}")
    return TASKS[spec.task]
