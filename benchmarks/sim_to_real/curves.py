"""`python benchmarks/sim_to_real/curves.py`: what generated images are worth beside real ones of a camera.

Each curve is a JSON file in ``curves/``: its question, what was found, how often every point is trained, each time with
another seed and other real images, and words for `trainer curve`. Half of the real images are trained on, in
growing parts; the other half is what is scored.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import click
from experiment import Place, commit, generate, printed
from options import ROOT, options, place_of
from recipe import Part
from report import curve_table, table

CURVES = Path(__file__).resolve().parent / "curves"
MIXED = Part(1180)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("names", nargs=-1)
@options
def main(names: tuple, out: Path, real: Path, start: str, seed: int, workers: int, results: Path, page: Path) -> None:
    """Draw the curves NAMES, all of them by default, and write them into the results and the page."""
    place = place_of(out, real, start)
    for name in names or sorted(path.stem for path in CURVES.glob("*.json")):
        generate((MIXED,), seed, place, workers)
        found = drawn(name, seed, place)
        known = json.loads(results.read_text(encoding="utf-8"))
        known["curves"] = {**known.get("curves", {}), name: found}
        results.write_text(json.dumps(known, indent=1), encoding="utf-8")
        page.write_text(table(known), encoding="utf-8")
        click.echo(curve_table(found["series"]))


def drawn(name: str, seed: int, place: Place) -> dict:
    """The curve ``name``, trained and scored as far as it is not yet; its plot goes into the guide."""
    asked = json.loads((CURVES / f"{name}.json").read_text(encoding="utf-8"))
    folder = place.out / "curves" / f"{name}-{seed}"
    given = {"real": place.real, "start": place.start}
    words = ["--synthetic", f"{place.dataset(MIXED, seed)}[:{MIXED.images}]"]
    words += [word.format(**given) for word in asked["words"]]
    seeds = [seed + number for number in range(asked["trainings"])]
    words += ["--seeds", ",".join(map(str, seeds))]
    result = printed(["curve", *words, "--out", str(folder), "--json"])
    shutil.copyfile(folder / "curve.png", ROOT / "docs" / f"curve-{name}.png")
    return {
        "question": asked["question"],
        "finding": asked["finding"],
        "words": asked["words"],
        "commit": commit(),
        "seed": seed,
        "seeds": seeds,
        "pictures": {part: one["pictures"] for part, one in result["data"].items()},
        "series": result["series"],
    }


if __name__ == "__main__":
    main()
