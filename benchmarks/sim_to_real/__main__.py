"""`python benchmarks/sim_to_real`: does a detector trained on generated images get better on real ones?

Generates, trains from weights pre-trained on real images, and scores on real sets that the training never sees.
Finished stages are skipped: interrupt it at any time, and resume it with the same command.
"""

from __future__ import annotations

import json
from pathlib import Path

import click
from experiment import experiment, score
from options import folders_of, options
from recipe import RECIPES, read_recipe
from report import table


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("recipes", nargs=-1)
@options
def main(recipes: tuple, out: Path, real: Path, start: str, seed: int, workers: int, results: Path, page: Path) -> None:
    """Run RECIPES (by default all) and write their rows into the results and the page."""
    folders = folders_of(out, real, start)
    known = json.loads(results.read_text(encoding="utf-8")) if results.is_file() else {"schema_version": 1, "rows": []}
    known["start"] = {
        "model": Path(folders.start.split(",")[0]).name,
        "sets": score(folders.start, folders, out / "start"),
    }
    for name in recipes or sorted(path.stem for path in RECIPES.glob("*.json")):
        row = experiment(read_recipe(name), seed, folders, workers)
        others = [one for one in known["rows"] if (one["recipe"], one["seed"]) != (name, seed)]
        known["rows"] = sorted([*others, row], key=lambda one: (one["recipe"], one["seed"]))
        results.write_text(json.dumps(known, indent=1), encoding="utf-8")
        page.write_text(table(known), encoding="utf-8")
        click.echo(
            f"{name}, seed {seed}: " + ", ".join(f"{key} AP50 {one['AP50']:.3f}" for key, one in row["sets"].items())
        )


if __name__ == "__main__":
    main()
