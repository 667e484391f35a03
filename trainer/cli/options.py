"""What the commands share: exit codes, options, the example under --help, one JSON object on standard output."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Optional

import click

from shared_format.record import BOX_POLICIES, DEFAULT_BOXES

from ..detection.thresholds import NMS_THRESHOLD
from ..errors import TrainerError

OK, FAILED, USAGE, NOT_DATA, INTERRUPTED = 0, 1, 2, 3, 130

FILE = click.Path(path_type=Path)
FORMATS = ("wardsynth", "coco", "yolo", "voc", "keras-yolo3")

CLASSES_HELP = "Names to keep, separated by commas, in the order of their numbers.  [default: all]"
BOXES_HELP = "Which box of a WardSynth record: the body under its blanket, only what is seen, or all of it."
boxes_option = click.option(
    "--boxes", type=click.Choice(BOX_POLICIES), default=DEFAULT_BOXES, show_default=True, help=BOXES_HELP
)
format_option = click.option(
    "--format", "kind", type=click.Choice(FORMATS), help="The kind of DATA, where it is not recognised."
)
nms_option = click.option(
    "--nms",
    type=click.FloatRange(0, 1),
    default=NMS_THRESHOLD,
    show_default=True,
    help="IoU above which one of two boxes is suppressed.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def of_a_training(command: Callable) -> Callable:
    """What every command that trains can be told; unsaid, ``fitting.config.FitConfig`` decides."""
    told = (
        click.option("--model", help="yolov3, yolov3-tiny, yolov3-nano or a darknet FILE.cfg.  [default: yolov3-nano]"),
        click.option("--classes", help="Names, separated by commas.  [default: person]"),
        click.option("--size", type=int, help="Side of the network's input, a multiple of 32.  [default: 416]"),
        click.option("--epochs", type=int, help="[default: 100]"),
        click.option("--batch", type=int, help="Images a step.  [default: 4]"),
        click.option("--preset", help="Settings by name: tune or yolov3-blender."),
        click.option("--config", "config_file", type=FILE, help="JSON file of settings."),
        click.option(
            "--set", "settings", multiple=True, metavar="KEY=VALUE", help="One setting, such as augment.flip=0."
        ),
    )
    for option in reversed(told):
        command = option(command)
    return command


def example(text: str) -> str:
    """An epilog that click does not reflow."""
    return f"\b\nExample:\n  {text}"


def print_json(value: dict) -> None:
    """Print one JSON object; a number that JSON has no word for is an error."""
    click.echo(json.dumps(value, allow_nan=False))


def show(result: dict, as_json: bool, text: Callable[[dict], str]) -> None:
    """Print a result for programs, or its ``text`` for people."""
    if as_json:
        print_json(result)
    else:
        click.echo(text(result))


def words(text: Optional[str]) -> tuple:
    """``a, b`` -> ("a", "b"); None -> ()."""
    return () if text is None else tuple(word.strip() for word in text.split(","))


def class_list(text: Optional[str]) -> tuple:
    """The words of --classes; None -> (). Raises TrainerError: a name is empty or there twice."""
    names = words(text)
    if not all(names):
        raise TrainerError(f"--classes {text!r}: an empty name; expected names such as person,bed")
    if len(set(names)) < len(names):
        raise TrainerError(f"--classes {text!r}: a name twice; each class has one number")
    return names


def numbers(option: str, text: str, kind: type) -> tuple:
    """``0,1,10`` -> (0, 1, 10), each an ``int`` or ``float``. Raises UsageError naming ``option``."""
    try:
        return tuple(kind(word) for word in text.split(","))
    except ValueError as error:
        said = "whole numbers" if kind is int else "numbers"
        raise click.UsageError(f"{option} {text!r}: expected {said} separated by commas") from error
