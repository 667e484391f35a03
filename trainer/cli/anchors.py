"""`trainer anchors`."""

from __future__ import annotations

from typing import Optional

import click

from shared_format.record import DEFAULT_CLASSES

from ..formats.class_choice import ClassChoice
from .options import (
    CLASS_NAMES_HELP,
    OK,
    boxes_option,
    chosen_classes,
    class_options,
    example,
    format_option,
    json_option,
    print_json,
)


@click.command(epilog=example("trainer anchors demo/dataset --k 6 --size 320"))
@click.argument("data")
@click.option("--k", "count", type=click.IntRange(1, 100), default=9, show_default=True, help="Number of anchors.")
@click.option(
    "--size",
    type=click.IntRange(min=32),
    default=416,
    show_default=True,
    help="Side of the network's input, in pixels.",
)
@click.option("--classes", help=f"{CLASS_NAMES_HELP}  [default: {','.join(DEFAULT_CLASSES)}]")
@class_options
@boxes_option
@format_option
@json_option
def anchors(
    data: str,
    count: int,
    size: int,
    classes: Optional[str],
    choice: Optional[ClassChoice],
    boxes: str,
    kind: Optional[str],
    as_json: bool,
) -> int:
    """Fit anchors to the boxes of DATA: k-means under 1 - IoU, in the order of a .cfg.

    Prints their mean IoU with the boxes, and the best possible recall: the fraction of boxes that have an anchor
    whose width and height are both within a factor of 4.
    """
    from ..examples.readers import read_data
    from ..network.anchors import anchor_fit

    chosen = chosen_classes(choice, classes, (data,), kind)
    examples = read_data(data, chosen.names or DEFAULT_CLASSES, boxes, kind, rules=chosen.rules)
    fitted = anchor_fit(examples, count, size)
    if as_json:
        print_json(fitted.to_json())
    else:
        click.echo(fitted.text())
    return OK


COMMANDS = (anchors,)
