"""The stages of an experiment, each by a command of the project; finished stages are skipped."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from recipe import Part, Recipe

REAL_SETS = ("clinic", "home", "coco_val")
SIZE = 416
CUT = 0.2  # OpenCV's darknet reader drops detections of a lower score
KEPT = ("AP", "AP50", "AP75", "precision", "recall", "f1", "confidence", "images", "boxes", "intervals")


@dataclass(frozen=True)
class ExperimentFolders:
    """The folders of an experiment.

    Attributes:
        out: datasets and runs, by recipe and seed. real: the folder of the real sets. start: MODEL to start from.
    """

    out: Path
    real: Path
    start: str

    def dataset(self, part: Part, seed: int) -> Path:
        """The folder of a generated dataset; recipes with the same images use the same one."""
        name = _file_name(" ".join(part.generate) or "mixed")
        return self.out / "data" / f"{name}-{seed}"

    def run(self, recipe: Recipe, seed: int) -> Path:
        """The training's run folder."""
        return self.out / "runs" / f"{recipe.name}-{seed}"


def experiment(recipe: Recipe, seed: int, folders: ExperimentFolders, workers: int) -> dict:
    """Generate, train and score; returns the row of the table."""
    spent = {"generate": generate(recipe.data, seed, folders, workers), "fit": fit(recipe, seed, folders)}
    model = str(folders.run(recipe, seed) / "last.keras")
    return {
        "recipe": recipe.name,
        "change": recipe.change,
        "prediction": recipe.prediction,
        "after": recipe.after,
        "pictures": recipe.images,
        "seed": seed,
        "data": [{"pictures": part.images, "generate": list(part.generate)} for part in recipe.data],
        "fit": list(recipe.fit),
        "commit": commit(),
        "seconds": {stage: round(value, 1) for stage, value in spent.items()},
        "sets": score(model, folders, folders.run(recipe, seed)),
    }


def generate(parts: Sequence[Part], seed: int, folders: ExperimentFolders, workers: int) -> float:
    """Generate the missing images; returns the seconds it took."""
    spent = 0.0
    for part in parts:
        arguments = ["--out", str(folders.dataset(part, seed)), "--count", str(part.images), "--seed", str(seed)]
        arguments += ["--workers", str(workers), "--resume", *part.generate]
        spent += _timed([sys.executable, "-m", "blender_addon", "generate", *arguments])
    return spent


def fit(recipe: Recipe, seed: int, folders: ExperimentFolders) -> float:
    """Train, or resume the training; returns the seconds it took. Real images are not used."""
    data = [f"{folders.dataset(part, seed)}[:{part.images}]" for part in recipe.data]
    arguments = ["--out", str(folders.run(recipe, seed)), "--resume", "--seed", str(seed), "--size", str(SIZE)]
    arguments += ["--weights", folders.start, *recipe.fit]
    return _timed([sys.executable, "-m", "trainer", "fit", *data, *arguments])


def score(model: str, folders: ExperimentFolders, folder: Path) -> dict:
    """{set: metrics of ``trainer eval``} of MODEL on the real sets, kept in ``folder``.

    ``AP50_cut`` is AP50 of the scores that OpenCV's reader keeps, as in the published figures of these sets.
    """
    kept = folder / "real.json"
    if kept.is_file():
        return json.loads(kept.read_text(encoding="utf-8"))
    scores = {}
    for name in REAL_SETS:
        data = [model, str(folders.real / name), "--size", str(SIZE), "--json"]
        metrics = printed(["eval", *data, "--out", str(folder / f"eval-{name}")])
        scores[name] = {key: metrics[key] for key in KEPT}
        scores[name]["AP50_cut"] = printed(["eval", *data, "--conf", str(CUT)])["AP50"]
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(scores), encoding="utf-8")
    return scores


def printed(arguments: Sequence[str]) -> dict:
    """The JSON that a command of the trainer prints."""
    return json.loads(_done([sys.executable, "-m", "trainer", *arguments], subprocess.PIPE))


def _timed(arguments: Sequence[str]) -> float:
    began = time.monotonic()
    _done(arguments, subprocess.DEVNULL)
    return time.monotonic() - began


def _done(arguments: Sequence[str], where: int) -> str:
    """Run a program with its standard output to ``where``; progress and errors go to the terminal."""
    done = subprocess.run(arguments, stdout=where, text=True)
    if done.returncode:
        raise click.ClickException(f"{' '.join(arguments[1:4])} ended with code {done.returncode}")
    return done.stdout


def commit() -> str:
    """The commit of the code that runs."""
    arguments = ["git", "describe", "--always", "--dirty"]
    return subprocess.run(arguments, capture_output=True, text=True, cwd=Path(__file__).parent).stdout.strip()


def _file_name(text: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in text).strip("-")
