"""What the commands share: exit codes, options, the example under --help, one JSON object on standard output."""

from __future__ import annotations

import json
from pathlib import Path

import click

from shared_format.record import BOX_POLICIES

OK, FAILED, USAGE, NOT_DATA, INTERRUPTED = 0, 1, 2, 3, 130

FILE = click.Path(path_type=Path)
FORMATS = ("wardsynth", "coco", "yolo", "voc", "keras-yolo3")

BOXES_HELP = "Which box of a WardSynth record: the body under its blanket, only what is seen, or all of it."
boxes_option = click.option(
    "--boxes", type=click.Choice(BOX_POLICIES), default="covered", show_default=True, help=BOXES_HELP
)
format_option = click.option(
    "--format", "kind", type=click.Choice(FORMATS), help="The kind of DATA, where it is not recognised."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def example(text: str) -> str:
    """An epilog that click does not reflow."""
    return f"\b\nExample:\n  {text}"


def print_json(value: dict) -> None:
    """Print one JSON object; a number that JSON has no word for is an error."""
    click.echo(json.dumps(value, allow_nan=False))


def numbers(option: str, text: str, kind: type) -> tuple:
    """``0,1,10`` -> (0, 1, 10), each an ``int`` or ``float``. Raises UsageError naming ``option``."""
    try:
        return tuple(kind(word) for word in text.split(","))
    except ValueError as error:
        said = "whole numbers" if kind is int else "numbers"
        raise click.UsageError(f"{option} {text!r}: expected {said} separated by commas") from error
