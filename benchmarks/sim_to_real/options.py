"""The options of both commands of the experiment: input and output folders, seed, workers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Optional

import click
from experiment import REAL_SETS, ExperimentFolders

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
START = SHARED / "weights" / "mobilenetv2-yolov3-nano-coco"
_FOLDER = click.Path(path_type=Path)
_OPTIONS = (
    click.option(
        "--out", type=_FOLDER, default=ROOT / "build" / "sim_to_real", help="Write datasets and runs into this folder."
    ),
    click.option(
        "--real", type=_FOLDER, default=SHARED / "real", help=f"Folder with the real sets {', '.join(REAL_SETS)}."
    ),
    click.option("--start", help="MODEL to start from.  [default: the shared Nano weights]"),
    click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True),
    click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True, help="Processes that render."),
    click.option("--results", type=_FOLDER, default=ROOT / "benchmarks" / "results" / "sim_to_real.json"),
    click.option("--page", type=_FOLDER, default=ROOT / "docs" / "sim_to_real.md", help="Page with the tables."),
)


def options(command: Callable) -> Callable:
    """Add the options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def folders_of(out: Path, real: Path, start: Optional[str]) -> ExperimentFolders:
    """The folders of the experiment, with the default weights."""
    return ExperimentFolders(out, real, start or f"{START}.cfg,{START}.weights")
