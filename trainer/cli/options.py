"""Parts that several commands share: exit codes, options, the example in --help, JSON on standard output."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Optional, TypeVar

import click

from shared_format.record import BOX_POLICIES, DEFAULT_BOXES

from ..detection.thresholds import NMS_THRESHOLD, Suppression
from ..errors import TrainerError
from ..formats.class_choice import UNMAPPED, ClassChoice, make_choice, shipped_maps

if TYPE_CHECKING:
    from ..formats.class_rules import ClassRules

OK, FAILED, USAGE, NOT_DATA, INTERRUPTED = 0, 1, 2, 3, 130

FILE = click.Path(path_type=Path)


class FiniteRange(click.FloatRange):
    """A number in a range; not infinity, nor ``nan``, which is neither below nor above a bound."""

    def convert(self, value: Any, param: Optional[click.Parameter], ctx: Optional[click.Context]) -> float:
        """Parse the value, as click calls it (Any: a text, or a default)."""
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a finite number.", param, ctx)
        return number


FORMATS = ("wardsynth", "coco", "yolo", "voc", "keras-yolo3")  # that are written
READ_FORMATS = ("wardsynth", "coco", "cvat", "yolo", "voc", "keras-yolo3")

CLASSES_HELP = "Class names to keep, separated by commas, in the order of their numbers.  [default: all]"
CLASS_NAMES_HELP = "Class names, separated by commas."
BOXES_HELP = (
    "Box to use from WardSynth records: covered (the body, also under its blanket), visible (only what the image "
    "shows) or amodal (the whole body)."
)
boxes_option = click.option(
    "--boxes", type=click.Choice(BOX_POLICIES), default=DEFAULT_BOXES, show_default=True, help=BOXES_HELP
)
format_option = click.option(
    "--format", "kind", type=click.Choice(READ_FORMATS), help="Format of DATA.  [default: recognised from its files]"
)


def nms_options(command: Callable) -> Callable:
    """Add --nms and --suppression. The command gets them as ``nms``, a ``Suppression``."""

    @wraps(command)
    def with_suppression(*args: Any, nms: float, suppression: str, **arguments: Any) -> int:
        return command(*args, nms=Suppression(nms, suppression == "soft"), **arguments)

    options = (
        click.option(
            "--nms",
            type=FiniteRange(0, 1),
            default=NMS_THRESHOLD,
            show_default=True,
            help="Overlap (IoU) above which hard suppression drops the weaker of two boxes.",
        ),
        click.option(
            "--suppression",
            type=click.Choice(("hard", "soft")),
            default="hard",
            show_default=True,
            help="Drop boxes that overlap a better one (hard), or lower their confidence (soft), which finds more "
            "people in crowds.",
        ),
    )
    for option in reversed(options):
        with_suppression = option(with_suppression)
    return with_suppression


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")


def class_options(command: Callable) -> Callable:
    """Add --class-by, --class-map and --unmapped. The command gets them, with its --classes, as ``choice``.

    That is a ``ClassChoice``, or None where --classes names plain categories.
    """

    @wraps(command)
    def with_choice(
        *args: Any, class_by: Optional[str], class_map: Optional[str], unmapped: Optional[str], **arguments: Any
    ) -> int:
        choice = make_choice(class_list(arguments.get("classes")), class_by, class_map, unmapped)
        return command(*args, choice=choice, **arguments)

    options = (
        click.option(
            "--class-by",
            metavar="ATTRIBUTE",
            help="Take the values of this attribute of the objects as classes, such as posture or role. --classes "
            "person:posture,bed does so for persons and adds a category.",
        ),
        click.option(
            "--class-map",
            metavar="MAP",
            help='Group and rename the values by a JSON file such as {"lying": ["supine", "lateral-*"]}, or by a map '
            f"that comes with the program: {', '.join(shipped_maps())}.",
        ),
        click.option(
            "--unmapped",
            type=click.Choice(UNMAPPED),
            help="Treat objects whose value is in no class as ignored (they count neither way) or leave them out "
            "(they become background, which teaches a detector not to detect them).  [default: ignore]",
        ),
    )
    wrapped: Callable = with_choice
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped


class ChosenClasses(NamedTuple):
    """The classes in the order of their labels (empty: all), and the rules they follow (None: they are categories)."""

    names: tuple[str, ...]
    rules: Optional[ClassRules]


def chosen_classes(
    choice: Optional[ClassChoice],
    classes: Optional[str],
    data: Sequence[str],
    kind: Optional[str],
    for_training: bool = False,
) -> ChosenClasses:
    """Resolve --classes and the options of ``class_options`` in all DATA together.

    Raises:
        TrainerError: the data does not have what the options name.
    """
    if choice is None:
        return ChosenClasses(class_list(classes), None)
    if not data:
        raise TrainerError("--class-by and --class-map need DATA; --resume alone keeps the classes of the run")
    from ..examples.readers import choose_classes

    rules = choose_classes(data, choice, kind, for_training)
    return ChosenClasses(rules.classes, rules)


def training_options(command: Callable) -> Callable:
    """Add the options of every command that trains; ``fitting.config.FitConfig`` holds their defaults."""
    options = (
        click.option(
            "--task", help="Train for this task: detect finds objects, their boxes and classes.  [default: detect]"
        ),
        click.option(
            "--model",
            help="Network to train: yolov3, yolov3-tiny, yolov3-nano or a darknet FILE.cfg.  [default: yolov3-nano]",
        ),
        click.option("--classes", help=f"{CLASS_NAMES_HELP}  [default: person]"),
        click.option("--size", type=int, help="Side of the network's input, a multiple of 32.  [default: 416]"),
        click.option("--epochs", type=int, help="Number of epochs to train.  [default: 100]"),
        click.option("--batch", type=int, help="Images per training step.  [default: 4]"),
        click.option(
            "--preset", help="Named set of training settings: tune, tune-people or yolov3-blender.  [default: none]"
        ),
        click.option("--config", "config_file", type=FILE, help="JSON file of training settings.  [default: none]"),
        click.option(
            "--set",
            "settings",
            multiple=True,
            metavar="KEY=VALUE",
            help="Change one training setting, such as augment.flip=0; repeat it for several.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return class_options(command)


def example(text: str) -> str:
    """The example below an option list, as an epilog that click does not reflow."""
    return f"\b\nExample:\n  {text}"


def print_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object. Raises ValueError: a number is infinite or not a number."""
    click.echo(json.dumps(value, allow_nan=False))


Result = TypeVar("Result", bound=Mapping[str, Any])


def show(result: Result, as_json: bool, text: Callable[[Result], str]) -> None:
    """Print a command's result as JSON, or as the ``text`` made from it."""
    if as_json:
        print_json(result)
    else:
        click.echo(text(result))


def split_list(text: Optional[str]) -> tuple[str, ...]:
    """Split the value of an option at its commas: ``a, b`` -> ("a", "b"); None -> ()."""
    return () if text is None else tuple(item.strip() for item in text.split(","))


def class_list(text: Optional[str], option: str = "--classes") -> tuple[str, ...]:
    """Split the value of ``option``; None -> (). Raises TrainerError: a name is empty or repeated."""
    names = split_list(text)
    if not all(names):
        raise TrainerError(f"{option} {text!r}: a name is empty; expected names such as person,bed")
    if len(set(names)) < len(names):
        raise TrainerError(f"{option} {text!r}: a name is repeated; name every class once")
    return names


Number = TypeVar("Number", int, float)


def numbers(option: str, text: str, kind: type[Number]) -> tuple[Number, ...]:
    """Parse ``0,1,10`` -> (0, 1, 10), each of type ``kind``. Raises UsageError naming ``option``."""
    try:
        values = tuple(kind(item) for item in text.split(","))
        if not all(map(math.isfinite, values)):
            raise ValueError(text)
        return values
    except ValueError as error:
        expected = "whole numbers" if kind is int else "numbers"
        raise click.UsageError(f"{option} {text!r}: expected {expected} separated by commas") from error
