"""`python benchmarks/sim_to_real/curves.py`: what generated images are worth beside real ones of a camera.

Each curve is a JSON file in ``curves/``: its question, its finding, how often every point is trained (each time with
another seed and other real images), and arguments for `trainer curve`. One half of the real images is trained on, in
growing parts; the other half is scored on.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import click
from experiment import ExperimentFolders, commit, generate, printed
from options import ROOT, folders_of, options
from recipe import Part
from report import curve_table, table

CURVES = Path(__file__).resolve().parent / "curves"
MIXED = Part(1180)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("names", nargs=-1)
@options
def main(names: tuple, out: Path, real: Path, start: str, seed: int, workers: int, results: Path, page: Path) -> None:
    """Measure the curves NAMES (by default all) and write them into the results and the page."""
    folders = folders_of(out, real, start)
    for name in names or sorted(path.stem for path in CURVES.glob("*.json")):
        generate((MIXED,), seed, folders, workers)
        measured = measure(name, seed, folders)
        known = json.loads(results.read_text(encoding="utf-8"))
        known["curves"] = {**known.get("curves", {}), name: measured}
        results.write_text(json.dumps(known, indent=1), encoding="utf-8")
        page.write_text(table(known), encoding="utf-8")
        click.echo(curve_table(measured["series"]))


def measure(name: str, seed: int, folders: ExperimentFolders) -> dict:
    """Train and score what is left of the curve ``name``; its plot goes into the guide."""
    plan = json.loads((CURVES / f"{name}.json").read_text(encoding="utf-8"))
    folder = folders.out / "curves" / f"{name}-{seed}"
    given = {"real": folders.real, "start": folders.start}
    arguments = ["--synthetic", f"{folders.dataset(MIXED, seed)}[:{MIXED.images}]"]
    arguments += [word.format(**given) for word in plan["words"]]
    seeds = [seed + number for number in range(plan["trainings"])]
    arguments += ["--seeds", ",".join(map(str, seeds))]
    result = printed(["curve", *arguments, "--out", str(folder), "--json"])
    shutil.copyfile(folder / "curve.png", ROOT / "docs" / f"curve-{name}.png")
    return {
        "question": plan["question"],
        "finding": plan["finding"],
        "words": plan["words"],
        "commit": commit(),
        "seed": seed,
        "seeds": seeds,
        "pictures": {part: one["pictures"] for part, one in result["data"].items()},
        "series": result["series"],
    }


if __name__ == "__main__":
    main()
