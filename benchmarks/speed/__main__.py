"""`make bench`: this program beside ultralytics, on the same machine in the same minutes."""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Optional

import click
from contest import hold
from contests import Setting, all_contests
from images import make_dataset
from machine import card_name, describe, peak_tflops
from report import table
from ultralytics_env import prepare

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("train-tiny", "train-yolov3", "predict-tiny", "predict-yolov3", "pipeline", "epoch-tiny")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--only", multiple=True, type=click.Choice(NAMES), help="Run only these contests.  [default: all]")
@click.option("--rounds", type=click.IntRange(min=1), default=7, show_default=True, help="Rounds of every contest.")
@click.option(
    "--images",
    "--pictures",
    type=click.IntRange(min=8),
    default=64,
    show_default=True,
    help="Images in the generated dataset.",
)
@click.option("--threads", type=click.IntRange(min=1), help="Threads of both programs.  [default: the number of cores]")
@click.option(
    "--precision",
    type=click.Choice(["float32", "mixed_bfloat16"]),
    help="Precision of both programs.  [default: mixed_bfloat16 on a GPU, else float32]",
)
@click.option("--ultralytics/--no-ultralytics", default=True, help="Install Ultralytics and run it as well.")
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "benchmarks" / "results", show_default=False)
def main(
    only: tuple,
    rounds: int,
    images: int,
    threads: Optional[int],
    precision: Optional[str],
    ultralytics: bool,
    out: Path,
) -> None:
    """Time training, inference, the input pipeline and an epoch, in turn with ultralytics; write JSON and a table."""
    card = card_name()
    precision = precision or ("mixed_bfloat16" if card else "float32")
    python, missing = prepare(ROOT / "build" / "ultralytics") if ultralytics else (None, "left out")
    machine = describe()
    threads = threads or machine["cores"]
    record = {
        "schema_version": 1,
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "machine": machine,
        "precision": precision,
        "threads": threads,
        "peak_tflops": peak_tflops(card, precision),
        "ultralytics": missing or "installed",
        "contests": [],
    }
    path = out / f"{_file_name(card or machine['processor'])}.json"
    with tempfile.TemporaryDirectory() as folder:
        data = make_dataset(Path(folder) / "data", images)
        runs = Path(folder) / "runs"
        setting = Setting(Path(sys.executable), python, data, images, runs, threads, precision, card is not None)
        for name, contest in all_contests(setting).items():
            if only and name not in only:
                continue
            print(contest.title, file=sys.stderr)
            began = time.monotonic()
            results = hold(contest.contestants, rounds)
            record["contests"].append(
                {
                    "name": name,
                    "title": contest.title,
                    "results": [result.to_json() for result in results],
                    "verdict": contest.verdict(results),
                    "seconds": round(time.monotonic() - began, 1),
                }
            )
            text = _write(record, path)
    click.echo(text)
    print(f"written: {path}", file=sys.stderr)


def _write(record: dict, path: Path) -> str:
    """Write what there is so far as JSON and as a table, which is returned: a run that is stopped leaves its part."""
    record["machine"]["load_after"] = describe()["load_before"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    text = table(record)
    path.with_suffix(".md").write_text(text, encoding="utf-8")
    return text


def _file_name(machine: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", machine.lower()).strip("-")


if __name__ == "__main__":
    main()
