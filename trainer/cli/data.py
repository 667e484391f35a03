"""What is done with data: anchors, convert, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import click

from ..progress import note
from .options import FAILED, FILE, FORMATS, OK, boxes_option, example, format_option, json_option, print_json


@click.command(epilog=example("trainer anchors demo/dataset --k 6 --size 320"))
@click.argument("data")
@click.option("--k", "count", type=click.IntRange(1, 100), default=9, show_default=True, help="How many.")
@click.option("--size", type=click.IntRange(min=32), default=416, show_default=True, help="Input side, in pixels.")
@click.option("--classes", default="person", show_default=True, help="Names, separated by commas.")
@boxes_option
@format_option
@json_option
def anchors(data: str, count: int, size: int, classes: str, boxes: str, kind: Optional[str], as_json: bool) -> int:
    """Fit anchors to the boxes of DATA: k-means under 1 - IoU, in the order of a .cfg.

    Prints their mean IoU with the boxes, and the best possible recall: the share of boxes with an anchor whose width
    and height are both within a factor of 4.
    """
    from ..datasets.convert import class_list
    from ..examples.readers import read_data
    from ..network.anchors import anchor_fit

    fitted = anchor_fit(read_data(data, class_list(classes), boxes, kind), count, size)
    if as_json:
        print_json(fitted.to_json())
    else:
        click.echo(fitted.text())
    return OK


@click.command(epilog=example("trainer convert demo/dataset --to yolo --classes person --out yolo"))
@click.argument("data")
@click.option("--to", "to", type=click.Choice(FORMATS), required=True, help="The kind to write.")
@click.option("--out", type=FILE, required=True, help="The new folder, with the pictures.")
@boxes_option
@click.option("--classes", help="Names to keep, separated by commas, in the order of their numbers.  [default: all]")
@format_option
@json_option
def convert(
    data: str, to: str, out: Path, boxes: str, classes: Optional[str], kind: Optional[str], as_json: bool
) -> int:
    """Write DATA as another kind, with its pictures, into the new folder OUT."""
    from ..datasets.convert import ConvertRequest, class_list, convert, summary

    result = convert(ConvertRequest(data, to, out, boxes, class_list(classes), kind))
    if as_json:
        print_json(result)
    else:
        click.echo(summary(result))
    return OK


@click.command(epilog=example("trainer doctor demo/dataset --html card.html --show 9 --out sheet"))
@click.argument("data")
@json_option
@click.option("--strict", is_flag=True, help="Warnings count too.")
@click.option("--html", "card", type=FILE, metavar="FILE.html", help="Write the dataset card here.")
@click.option("--show", type=click.IntRange(min=1), metavar="N", help="Draw the labels of N pictures into --out.")
@click.option("--augment", type=click.IntRange(min=1), metavar="N", help="Draw N augmented pictures into --out.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="For --augment, such as augment.mosaic=1.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of --augment.")
@click.option("--out", type=FILE, help="Folder for the sheets of --show and --augment.")
@click.option("--against", metavar="DATA", help="Other data that must not share a picture with DATA.")
@click.option("--size", type=click.IntRange(min=32), default=416, show_default=True, help="Training size, in pixels.")
@boxes_option
@click.option("--classes", help="Names, where the format only numbers its classes.")
@format_option
def doctor(
    data: str,
    as_json: bool,
    strict: bool,
    card: Optional[Path],
    show: Optional[int],
    augment: Optional[int],
    settings: tuple,
    seed: int,
    out: Optional[Path],
    against: Optional[str],
    size: int,
    boxes: str,
    classes: Optional[str],
    kind: Optional[str],
) -> int:
    """Check DATA's files and labels, and count what is in it. Changes nothing.

    Exit code 0: clean, 1: findings, 2: wrong use, 3: not a dataset.
    """
    if (show is None and augment is None) != (out is None):
        raise click.UsageError("--show or --augment go with --out: how many pictures, and the folder for them")
    from ..datasets.convert import class_list
    from ..doctor import examine
    from ..doctor.output import text, write_sheet

    seen = examine(data, class_list(classes), kind, boxes, size, against)
    if card is not None:
        from ..doctor.card import write_card

        note(f"card: {write_card(card, seen)}")
    if show is not None:
        note(f"labels: {write_sheet(out, seen, show)}")
    if augment is not None:
        from ..doctor.augmented import write_augment_sheets
        from ..fitting.config import resolve

        limits = resolve(None, settings, {}).augment
        drawn, each = write_augment_sheets(out, seen, limits, augment, seed)
        note(f"augmented: {drawn}; each augmentation: {each}")
    if as_json:
        print_json(seen.to_json(strict))
    else:
        click.echo(text(seen, strict))
    return FAILED if seen.failed(strict) else OK


COMMANDS = (anchors, convert, doctor)
