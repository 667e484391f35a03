"""`trainer doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import click

from ..formats.class_choice import ClassChoice
from ..progress import note
from .options import (
    FAILED,
    FILE,
    OK,
    boxes_option,
    class_list,
    class_options,
    example,
    format_option,
    json_option,
    print_json,
)


@click.command(epilog=example("trainer doctor demo/dataset --html card.html --show 9 --out sheet"))
@click.argument("data")
@json_option
@click.option("--strict", is_flag=True, help="Fail (exit code 1) on warnings, too.")
@click.option(
    "--html", "card", type=FILE, metavar="FILE.html", help="Write the dataset card, a web page, to this file."
)
@click.option("--show", type=click.IntRange(min=1), metavar="N", help="Draw the labels of N images into --out.")
@click.option("--augment", type=click.IntRange(min=1), metavar="N", help="Draw N augmented images into --out.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="Training setting for --augment, such as augment.mosaic=1.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Random seed of --augment.")
@click.option("--out", type=FILE, help="Folder for the contact sheets of --show and --augment.")
@click.option("--against", metavar="DATA", help="Find images that DATA shares with this other data.")
@click.option(
    "--size",
    type=click.IntRange(min=32),
    default=416,
    show_default=True,
    help="Side of the network's input, in pixels.",
)
@boxes_option
@click.option("--classes", help="Class names, separated by commas, for a format that only numbers classes.")
@class_options
@format_option
def doctor(
    data: str,
    as_json: bool,
    strict: bool,
    card: Optional[Path],
    show: Optional[int],
    augment: Optional[int],
    settings: tuple[str, ...],
    seed: int,
    out: Optional[Path],
    against: Optional[str],
    size: int,
    boxes: str,
    classes: Optional[str],
    choice: Optional[ClassChoice],
    kind: Optional[str],
) -> int:
    """Check the files and labels of DATA, and report its statistics; nothing is changed.

    Exit code 0: no findings, 1: findings, 2: wrong use, 3: not a dataset.
    """
    if (show is None and augment is None) is not (out is None):
        raise click.UsageError("--out names the folder for --show N or --augment N; give --out and one of these")
    from ..doctor import examine
    from ..doctor.output import text, write_sheet

    seen = examine(data, () if choice else class_list(classes), kind, boxes, size, against, choice)
    if card is not None:
        from ..doctor.card import write_card

        note(f"card: {write_card(card, seen)}")
    if show is not None and out is not None:
        note(f"labels: {write_sheet(out, seen, show)}")
    if augment is not None and out is not None:
        from ..doctor.augment_sheets import write_augment_sheets
        from ..fitting.config import resolve

        limits = resolve(None, settings, {}).augment
        drawn, each = write_augment_sheets(out, seen, limits, augment, seed)
        note(f"augmented: {drawn}; each augmentation: {each}")
    if as_json:
        print_json(seen.to_json(strict))
    else:
        click.echo(text(seen, strict))
    return FAILED if seen.failed(strict) else OK


COMMANDS = (doctor,)
