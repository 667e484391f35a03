"""The stages of an experiment, each by the program's own commands, each skipped where it is done."""

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
CUT = 0.2  # the score below which OpenCV's darknet reader gives nothing
KEPT = ("AP", "AP50", "AP75", "precision", "recall", "f1", "confidence", "images", "boxes", "intervals")


@dataclass(frozen=True)
class Place:
    """Where an experiment finds and leaves its files.

    Attributes:
        out: datasets and runs, by recipe and seed. real: the folder of the real sets. start: MODEL to begin with.
    """

    out: Path
    real: Path
    start: str

    def dataset(self, part: Part, seed: int) -> Path:
        """Recipes that generate the same share a dataset."""
        words = " ".join(part.generate) or "mixed"
        return self.out / "data" / f"{_file_name(words)}-{seed}"

    def run(self, recipe: Recipe, seed: int) -> Path:
        """The training's run folder."""
        return self.out / "runs" / f"{recipe.name}-{seed}"


def experiment(recipe: Recipe, seed: int, place: Place, workers: int) -> dict:
    """Generate, train and score; returns the row of the table."""
    spent = {"generate": generate(recipe.data, seed, place, workers), "fit": fit(recipe, seed, place)}
    model = str(place.run(recipe, seed) / "last.keras")
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
        "sets": score(model, place, place.run(recipe, seed)),
    }


def generate(parts: Sequence[Part], seed: int, place: Place, workers: int) -> float:
    """The images that are missing; returns the seconds it took."""
    spent = 0.0
    for part in parts:
        words = ["--out", str(place.dataset(part, seed)), "--count", str(part.images), "--seed", str(seed)]
        words += ["--workers", str(workers), "--resume", *part.generate]
        spent += _timed([sys.executable, "-m", "blender_addon", "generate", *words])
    return spent


def fit(recipe: Recipe, seed: int, place: Place) -> float:
    """Train, or go on with the training; returns the seconds it took. The real images are not looked at."""
    data = [f"{place.dataset(part, seed)}[:{part.images}]" for part in recipe.data]
    words = ["--out", str(place.run(recipe, seed)), "--resume", "--seed", str(seed), "--size", str(SIZE)]
    words += ["--weights", place.start, *recipe.fit]
    return _timed([sys.executable, "-m", "trainer", "fit", *data, *words])


def score(model: str, place: Place, folder: Path) -> dict:
    """{set: metrics of ``trainer eval``} of MODEL on the real sets, kept in ``folder``.

    ``AP50_cut`` is AP50 of the scores that OpenCV's reader keeps: with it the sets' own figures were measured.
    """
    kept = folder / "real.json"
    if kept.is_file():
        return json.loads(kept.read_text(encoding="utf-8"))
    found = {}
    for name in REAL_SETS:
        data = [model, str(place.real / name), "--size", str(SIZE), "--json"]
        metrics = printed(["eval", *data, "--out", str(folder / f"eval-{name}")])
        found[name] = {key: metrics[key] for key in KEPT}
        found[name]["AP50_cut"] = printed(["eval", *data, "--conf", str(CUT)])["AP50"]
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(found), encoding="utf-8")
    return found


def printed(words: Sequence[str]) -> dict:
    """What a command of the trainer prints as JSON."""
    return json.loads(_done([sys.executable, "-m", "trainer", *words], subprocess.PIPE))


def _timed(words: Sequence[str]) -> float:
    began = time.monotonic()
    _done(words, subprocess.DEVNULL)
    return time.monotonic() - began


def _done(words: Sequence[str], where: int) -> str:
    """Run a program, its standard output to ``where``; progress and errors are seen as they come."""
    done = subprocess.run(words, stdout=where, text=True)
    if done.returncode:
        raise click.ClickException(f"{' '.join(words[1:4])} ended with code {done.returncode}")
    return done.stdout


def commit() -> str:
    """Of the code that runs."""
    words = ["git", "describe", "--always", "--dirty"]
    return subprocess.run(words, capture_output=True, text=True, cwd=Path(__file__).parent).stdout.strip()


def _file_name(words: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in words).strip("-")
