"""`trainer fit`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

import click

from shared_format.record import BOX_POLICIES, DEFAULT_BOXES, DEFAULT_CLASSES

from ..backend import load_quietly
from ..formats.class_choice import ClassChoice
from ..progress import note
from .options import (
    BOXES_HELP,
    FILE,
    INTERRUPTED,
    OK,
    chosen_classes,
    example,
    format_option,
    json_option,
    print_json,
    training_options,
)

if TYPE_CHECKING:
    from ..fitting.fit import FitResult


@click.command(epilog=example('trainer fit "demo/dataset[:40]" --val "demo/dataset[40:]" --out run --epochs 60'))
@click.argument("data", nargs=-1)
@click.option("--out", type=FILE, required=True, help="Run folder to create.")
@click.option(
    "--val",
    "validation",
    metavar="[NAME=]DATA",
    multiple=True,
    help="Images to score on after each epoch; name several sets: --val synthetic=DATA --val real=DATA.",
)
@training_options
@click.option(
    "--weights",
    help="Start from this MODEL or darknet .weights file; heads keep the shared classes.  [default: random]",
)
@click.option("--boxes", type=click.Choice(BOX_POLICIES), help=f"{BOXES_HELP}  [default: covered]")
@click.option(
    "--freeze",
    metavar="WHAT:N,...",
    help="Freeze the weights of backbone, all-but-heads or first-K (convolutions) for N epochs, then train all.  "
    "[default: none]",
)
@click.option("--resume", is_flag=True, help="Resume the run in OUT, with the same DATA and settings.")
@click.option("--devices", type=click.IntRange(min=1), help="Split each batch across this many devices.  [default: 1]")
@click.option("--seed", type=int, help="Random seed of weights, sampling and augmentation.  [default: 0]")
@format_option
@json_option
def fit(
    data: tuple[str, ...],
    out: Path,
    validation: tuple[str, ...],
    weights: Optional[str],
    classes: Optional[str],
    choice: Optional[ClassChoice],
    boxes: Optional[str],
    preset: Optional[str],
    config_file: Optional[Path],
    settings: tuple[str, ...],
    resume: bool,
    kind: Optional[str],
    as_json: bool,
    **options: Any,
) -> int:
    """Train a detector on DATA and write the run folder OUT.

    Several DATA are mixed; "photos@1 renders@3" sets their weights. OUT holds the resolved config.json, best.keras
    (by validation AP50), last.keras, history.csv, curve.png, TensorBoard's log, images of the first training batches
    and of the validation, and the checkpoint for --resume.
    """
    from ..feeding.sources import split_weight
    from ..fitting.run_folder import FitInputs, GivenSettings, resolve_run

    given = {"preset": preset, "config": config_file and str(config_file), "set": list(settings), **options}
    given = {name: value for name, value in given.items() if value}
    chosen = chosen_classes(choice, classes, [split_weight(one).data for one in data], kind, for_training=True)
    inputs = FitInputs(
        data=data,
        out=out,
        validation=validation,
        weights=weights,
        classes=chosen.names or DEFAULT_CLASSES,
        rules=chosen.rules,
        boxes=boxes or DEFAULT_BOXES,
        kind=kind,
        given=given,
    )
    inputs, config, resuming = resolve_run(inputs, resume, GivenSettings(config_file, settings, options, preset))

    load_quietly(config.deterministic)
    from ..fitting.fit import fit

    result = fit(inputs, config, resuming)
    if as_json:
        print_json({"schema_version": 1, **result})
    else:
        from ..tasks import task_named

        _print_fit(result, task_named(config.task).scoring.columns)
    return INTERRUPTED if result["interrupted"] else OK


def _print_fit(result: FitResult, columns: tuple[str, ...]) -> None:
    from ..metrics.evaluate import format_number

    if result["interrupted"]:
        run_again = f"trainer fit --out {shlex.quote(result['run'])} --resume"
        note(f"interrupted after {result['epochs']} epochs; resume with: {run_again}")
    if best := result["validation"]:
        for name, metrics in result["sets"].items():
            shown = " ".join(f"{key} {format_number(metrics[key])}" for key in columns)
            click.echo(f"best epoch {best['epoch']}: {name} {shown}")
    click.echo(f"{result['best']}  ({result['epochs']} epochs, {result['seconds']:.0f} s)")


COMMANDS = (fit,)
