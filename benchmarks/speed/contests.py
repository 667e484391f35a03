"""Which contests there are: the same work given to both programs, and what the results are judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from contest import Contestant, Result, cost_ratio, ratio

HERE = Path(__file__).resolve().parent
OURS, THEIRS = HERE / "ours.py", HERE / "theirs.py"


@dataclass(frozen=True)
class Contest:
    """Contestants to be timed in turn, and the comparison that counts.

    Attributes:
        compared: names of two contestants, the first of which should be faster; at_least: how many times.
    """

    title: str
    contestants: tuple
    compared: Optional[tuple] = None
    at_least: Optional[float] = None

    def verdict(self, results: Sequence[Result]) -> Optional[dict]:
        """The ratio of the compared, or None where one of them is missing."""
        if self.compared is None:
            return None
        named = {result.name: result for result in results}
        first, second = (named.get(name) for name in self.compared)
        if first is None or second is None or not first.rates or not second.rates:
            return None
        times = ratio(first, second)
        met = None if self.at_least is None else times >= self.at_least
        return {
            "of": list(self.compared),
            "times_faster": round(times, 3),
            "times_less_cpu": round(cost_ratio(first, second), 3),
            "target": self.at_least,
            "met": met,
        }


@dataclass(frozen=True)
class Setting:
    """What the contests run with.

    Attributes:
        ours, theirs: interpreters; theirs is None where ultralytics is not installed.
        data: a ``data.yaml``. images: how many it has. runs: a folder for what they write.
        threads: of both programs. precision: of training. on_card: whether there is one; the batches are then those
            of a card.
    """

    ours: Path
    theirs: Optional[Path]
    data: Path
    images: int
    runs: Path
    threads: int
    precision: str = "float32"
    on_card: bool = False

    @property
    def workers(self) -> int:
        """Processes of their loader."""
        return 8 if self.on_card else 2


def all_contests(setting: Setting) -> dict:
    """Every contest by the name it is asked for with."""
    tiny_batch, full_batch, nano_batch = (64, 16, 64) if setting.on_card else (8, 2, 8)
    return {
        "train-tiny": _train(setting, "yolov3-tiny", 416, tiny_batch, at_least=1.0),
        "train-yolov3": _train(setting, "yolov3", 416, full_batch, at_least=None),
        "predict-tiny": _predict(setting, "yolov3-tiny", 416, at_least=2.0),
        "predict-yolov3": _predict(setting, "yolov3", 416, at_least=None),
        "pipeline": _pipeline(setting, 320, nano_batch),
        "epoch-tiny": _epoch(setting, "yolov3-tiny", 416, tiny_batch),
    }


def _train(setting: Setting, model: str, size: int, batch: int, at_least: Optional[float]) -> Contest:
    task = {"task": "train", "size": size, "batch": batch, "precision": setting.precision}
    entries = [_ours(setting, "ours", {**task, "model": model})]
    entries += _theirs(setting, {**task, "model": f"{model}.yaml"})
    return Contest(f"training step, {model}, {size}, batch {batch}", tuple(entries), ("ours", "ultralytics"), at_least)


def _predict(setting: Setting, model: str, size: int, at_least: Optional[float]) -> Contest:
    task = {"size": size, "batch": 1}
    entries = [_ours(setting, "keras-predict", {**task, "task": "predict", "model": model})]
    for kind in ("onnx", "litert"):
        argument = {**task, "task": "predict_exported", "format": kind, "model": model}
        entries.append(_ours(setting, f"exported-{kind}", argument))
    entries += _theirs(setting, {**task, "task": "predict", "model": f"{model}.yaml"})
    compared = ("exported-onnx", "keras-predict")
    return Contest(f"inference, {model}, {size}, batch 1", tuple(entries), compared, at_least)


def _pipeline(setting: Setting, size: int, batch: int) -> Contest:
    """Against what the nano training step eats: the images must come at least three times as fast."""
    task = {"task": "pipeline", "data": str(setting.data), "mosaic": 1.0, "model": "yolov3-nano"}
    task |= {"size": size, "batch": batch}
    nano = {"task": "train", "model": "yolov3-nano", "size": size, "batch": batch, "precision": setting.precision}
    entries = [
        _ours(setting, "ours", task),
        _ours(setting, "ours-in-memory", {**task, "cache_mb": 2048}),
        *_theirs(setting, {**task, "workers": setting.workers}),
        _ours(setting, "nano-training-step", nano),
    ]
    title = f"input pipeline alone, {size}, mosaic always, batch {batch}"
    return Contest(title, tuple(entries), ("ours", "nano-training-step"), 3.0)


def _epoch(setting: Setting, model: str, size: int, batch: int) -> Contest:
    """From files, against the same training with its batch in memory: how much of the step rate is left."""
    task = {"size": size, "batch": batch, "precision": setting.precision}
    fed = {**task, "task": "epoch", "data": str(setting.data), "mosaic": 1.0, "classes": 1}
    entries = [
        _ours(setting, "ours", {**fed, "model": model}),
        _ours(setting, "ours-batch-in-memory", {**task, "task": "train", "model": model, "classes": 1}),
    ]
    more = {"workers": setting.workers, "pictures": setting.images, "runs": str(setting.runs)}
    entries += _theirs(setting, {**fed, **more, "model": f"{model}.yaml"})
    title = f"whole epoch from files, {model}, {size}, batch {batch}, {setting.images} images"
    target = 0.9 if setting.on_card else None
    return Contest(title, tuple(entries), ("ours", "ours-batch-in-memory"), target)


def _ours(setting: Setting, name: str, task: dict) -> Contestant:
    return Contestant(name, setting.ours, OURS, {**task, "threads": setting.threads})


def _theirs(setting: Setting, task: dict) -> list:
    if setting.theirs is None:
        return []
    return [Contestant("ultralytics", setting.theirs, THEIRS, {**task, "threads": setting.threads})]
