"""`make bench`, the generator's part: rate, stages, memory, writing, and BlenderProc on the same .blend."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Optional

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks" / "speed")]

import click  # noqa: E402
import workers  # noqa: E402
import writing  # noqa: E402
from blenderproc_env import prepare  # noqa: E402
from contest import Contestant, cost_ratio, hold, ratio  # noqa: E402
from machine import describe  # noqa: E402
from summary import table  # noqa: E402

PARTS = ("stages", "views", "workers", "writing", "memory", "blenderproc")

VIEWS = 4  # of each scene, in the part `views`


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--only", multiple=True, type=click.Choice(PARTS), help="Measure only these parts.  [default: all]")
@click.option(
    "--images",
    "--pictures",
    type=click.IntRange(min=4),
    default=24,
    show_default=True,
    help="Images of `mixed` at 416 x 416.",
)
@click.option(
    "--memory-images",
    "--memory-pictures",
    type=click.IntRange(min=200),
    default=1000,
    show_default=True,
    help="Images of one process, for its memory.",
)
@click.option(
    "--rounds", type=click.IntRange(min=1), default=3, show_default=True, help="Rounds of the contest with BlenderProc."
)
@click.option("--poses", type=click.IntRange(min=1), default=4, show_default=True, help="Camera poses of the contest.")
@click.option(
    "--blenderproc",
    type=click.Path(path_type=Path),
    help="Python interpreter with BlenderProc.  [default: an environment is made in build/blenderproc]",
)
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "benchmarks" / "results", show_default=False)
def main(
    only: tuple, images: int, memory_images: int, rounds: int, poses: int, blenderproc: Optional[Path], out: Path
) -> None:
    """Measure the cost of generating an image; write JSON and a table. On a busy machine, compare processor times."""
    machine = describe()
    path = out / f"generation-{re.sub(r'[^a-z0-9]+', '-', machine['processor'].lower()).strip('-')}.json"
    record = json.loads(path.read_text(encoding="utf-8")) if only and path.is_file() else {"schema_version": 1}
    record |= {"date": datetime.now(timezone.utc).isoformat(timespec="seconds"), "machine": machine}
    cores = machine["cores"]
    mixed = {"preset": "mixed", "images": images, "threads": 1}
    parts = {
        "stages": lambda: _script("stages.py", {**mixed, "views": 1}),
        "views": lambda: {"views": VIEWS, **_script("stages.py", {**mixed, "views": VIEWS})},
        "workers": lambda: [
            workers.measure("mixed", images, *shape) for shape in sorted({(1, 1), (1, cores), (cores, cores)})
        ],
        "writing": lambda: writing.measure(10_000),
        "memory": lambda: _script("memory.py", {"preset": "empty", "images": memory_images, "size": 32}),
        "blenderproc": lambda: _contest(blenderproc, rounds, poses, cores),
    }
    for name, measure in parts.items():
        if not only or name in only:
            print(f"{name} ...", file=sys.stderr)
            record[name] = measure()
            text = _write(record, path)
    click.echo(text)
    print(f"written: {path}", file=sys.stderr)


def _script(name: str, task: dict, python: str = sys.executable) -> Any:
    """The JSON that a script of this folder prints."""
    done = subprocess.run(
        [python, str(HERE / name), json.dumps(task)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    return json.loads(done.stdout.strip().splitlines()[-1])


def _contest(python: Optional[Path], rounds: int, poses: int, cores: int) -> dict:
    """Both programs on one .blend: at their defaults, and with the fast prefilter."""
    if python is None:
        python, missing = prepare(ROOT / "build" / "blenderproc")
        if python is None:
            return {"missing": missing}
    with tempfile.TemporaryDirectory() as folder:
        files = {"blend": str(Path(folder) / "scene.blend"), "poses": str(Path(folder) / "poses.json")}
        scene = {"out": files["blend"], "poses": files["poses"], "index": 4, "count": poses, "size": 416}
        results_by_title: dict = _script("blend_scene.py", scene, str(python))
        for title, prefilter in (("at their defaults", ""), ("with the fast prefilter", "FAST")):
            task = {**files, "samples": 4, "size": 416, "threads": cores, "prefilter": prefilter}
            ours = Contestant("WardSynth", Path(sys.executable), HERE / "ours.py", task)
            theirs = Contestant("BlenderProc", python, HERE / "theirs.py", task)
            results = hold((ours, theirs), rounds)
            results_by_title[title] = {
                "results": [result.to_json() for result in results],
                "times_faster": ratio(*results),
                "times_less_cpu": cost_ratio(*results),
            }
    return results_by_title


def _write(record: dict, path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    text = table(record)
    path.with_suffix(".md").write_text(text, encoding="utf-8")
    return text


if __name__ == "__main__":
    main()
