"""What both commands of the experiment take: where things are and go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Optional

import click
from experiment import REAL_SETS, Place

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
START = SHARED / "weights" / "mobilenetv2-yolov3-nano-coco"
_FOLDER = click.Path(path_type=Path)
_OPTIONS = (
    click.option("--out", type=_FOLDER, default=ROOT / "build" / "sim_to_real", help="Datasets and runs."),
    click.option("--real", type=_FOLDER, default=SHARED / "real", help=f"Folder of {', '.join(REAL_SETS)}."),
    click.option("--start", help="MODEL to begin with.  [default: the shared Nano weights]"),
    click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True),
    click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True, help="That render."),
    click.option("--results", type=_FOLDER, default=ROOT / "benchmarks" / "results" / "sim_to_real.json"),
    click.option("--page", type=_FOLDER, default=ROOT / "docs" / "sim_to_real.md", help="The tables."),
)


def options(command: Callable) -> Callable:
    """Those options, as a decorator."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def place_of(out: Path, real: Path, start: Optional[str]) -> Place:
    """Where the experiment finds and leaves its files."""
    return Place(out, real, start or f"{START}.cfg,{START}.weights")
