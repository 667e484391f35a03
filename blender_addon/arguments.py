"""The sub-commands of ``wardsynth`` and their options, as argparse reads them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from .draw import config as draw_settings
from .job import Job, Shard
from .render.requirements import DEVICES

_LARGEST_INTEGER = 2**32 - 1
_LONGEST_S = 86_400.0


class UsageError(ValueError):
    """Wrong usage; the message is the one line the user sees."""


class Parser(argparse.ArgumentParser):
    """A parser that raises ``UsageError`` instead of printing and exiting."""

    def error(self, message: str) -> NoReturn:
        """Raise argparse's message as ``UsageError``."""
        raise UsageError(f"{message} (see {self.prog} --help)")


def build_parser() -> Parser:
    """The parser of the whole command line; the chosen sub-command is in ``command``."""
    parser = Parser(prog="wardsynth", description="Generate labelled images of hospital rooms and the people in them.")
    commands = parser.add_subparsers(
        title="commands", dest="command", required=True, metavar="COMMAND", parser_class=Parser
    )
    for name, (add_options, text, example) in _COMMANDS.items():
        command = commands.add_parser(name, help=text, description=text, epilog=f"example: wardsynth {example}")
        add_options(command)
    commands.add_parser("worker", help=argparse.SUPPRESS)
    return parser


def config_of(options: argparse.Namespace) -> dict[str, Any]:  # Any: of the type of each setting
    """The resolved config that the scene options ask for. Raises ConfigError."""
    pairs = list(options.set)
    if options.size is not None:
        pairs.append(f"render.size={json.dumps(options.size)}")
    if options.samples is not None:
        pairs.append(f"render.samples={options.samples}")
    return draw_settings.resolve(options.preset, options.config, pairs)


def _add_generate(command: Parser) -> None:
    _add_scene_options(command)
    add = command.add_argument
    add("--out", type=Path, required=True, metavar="DIR", help="write the dataset into this new or empty folder")
    add(
        "--count",
        type=_integer(1),
        default=Job.count,
        metavar="N",
        help="generate this many images (default %(default)s)",
    )
    add(
        "--start",
        type=_integer(0),
        default=Job.start,
        metavar="K",
        help="begin with the image of this number (default %(default)s)",
    )
    add(
        "--shard",
        type=_shard,
        default=Job.shard,
        metavar="I/N",
        help="generate the I-th of N equal parts of the images, I from 1 to N (default: all images)",
    )
    add(
        "--resume",
        action="store_true",
        help="resume an unfinished dataset: keep its complete images and render the others",
    )
    add(
        "--workers",
        type=_integer(1),
        default=Job.workers,
        metavar="N",
        help="render with this many processes (default %(default)s)",
    )
    add(
        "--ray",
        default=Job.ray,
        metavar="ADDRESS",
        help="render on a Ray cluster: auto, local or ray://HOST:PORT (default: on this machine)",
    )
    add(
        "--verify",
        type=_percentage,
        default=Job.verify,
        metavar="K",
        help="render K per cent of the images again at the end and compare them byte by byte (default %(default)g)",
    )
    _add_worker_limits(command)
    _add_json(command)


def _add_worker_limits(command: Parser) -> None:
    add = command.add_argument
    add(
        "--time-limit",
        dest="time_limit_s",
        type=_seconds,
        default=Job.time_limit_s,
        metavar="S",
        help="give up on an image after S seconds (default %(default)g)",
    )
    add(
        "--memory-limit",
        dest="memory_limit_mb",
        type=_integer(1),
        default=Job.memory_limit_mb,
        metavar="MB",
        help="restart a worker that uses more than MB after an image (default %(default)s)",
    )
    add(
        "--recycle",
        type=_integer(1),
        default=Job.recycle,
        metavar="K",
        help="restart each worker process after K images, which frees its memory (default %(default)s)",
    )


def _add_merge(command: Parser) -> None:
    add = command.add_argument
    add("folders", type=Path, nargs="+", metavar="DIR", help="a shard: a dataset of the same config and seed")
    add("--out", type=Path, required=True, metavar="DIR", help="write the dataset into this new or empty folder")
    add("--resume", action="store_true", help="resume an unfinished merge: copy what is missing")
    _add_json(command)


def _add_preview(command: Parser) -> None:
    _add_scene_options(command)
    _add_index(command)
    command.add_argument(
        "--out", type=Path, required=True, metavar="IMAGE.png", help="write the image to this .png or .jpg file"
    )
    command.add_argument("--labels", action="store_true", help="draw boxes and key points on the image (.png only)")


def _add_spec(command: Parser) -> None:
    _add_scene_options(command)
    _add_index(command)
    command.add_argument("--json", action="store_true", help="print the JSON on one line")


def _add_presets(command: Parser) -> None:
    command.add_argument(
        "name", nargs="?", metavar="NAME", help="print this preset with the value of every setting (default: list all)"
    )
    _add_json(command)


def _add_index(command: Parser) -> None:
    command.add_argument(
        "--index", type=_integer(0), required=True, metavar="K", help="use the image of this number, counted from 0"
    )


def _add_json(command: Parser) -> None:
    command.add_argument("--json", action="store_true", help="print the result as one JSON object")


def _add_scene_options(command: Parser) -> None:
    add = command.add_argument
    add(
        "--preset",
        metavar="NAME",
        help="generate what this preset describes; `wardsynth presets` lists them "
        f"(default {draw_settings.DEFAULT_PRESET})",
    )
    add("--config", type=Path, metavar="FILE.json", help="read settings from this JSON object, on top of the preset")
    add(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change one setting, on top of preset and config; can be repeated",
    )
    add("--seed", type=_integer(0), default=0, metavar="S", help="use this random seed for the dataset (default 0)")
    add("--size", type=_size, metavar="WxH", help="render images of W x H pixels, such as 416x416")
    add("--samples", type=_integer(1), metavar="N", help="render with N Cycles samples per pixel")
    add("--device", choices=DEVICES, default=Job.device, help="render on this device (default %(default)s)")


_COMMANDS: dict[str, tuple[Callable[[Parser], None], str, str]] = {
    "generate": (_add_generate, "Generate a labelled dataset.", "generate --out ward --count 100 --workers 2"),
    "merge": (_add_merge, "Join shards into one dataset.", "merge shard-1 shard-2 --out ward"),
    "preview": (_add_preview, "Render one image of a dataset.", "preview --index 7 --out seven.png --labels"),
    "spec": (_add_spec, "Print the sampled scene of one image as JSON, without rendering.", "spec --index 7"),
    "presets": (_add_presets, "List the presets, or print one with all its settings.", "presets room"),
}


def _integer(least: int) -> Callable[[str], int]:
    def whole_number(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"received {text!r}, expected a whole number") from None
        if value < least:
            raise argparse.ArgumentTypeError(f"received {value}, expected at least {least}")
        if value > _LARGEST_INTEGER:
            raise argparse.ArgumentTypeError(f"received {value}, expected at most {_LARGEST_INTEGER}")
        return value

    return whole_number


def _percentage(text: str) -> float:
    return _number(text, "0 to 100 per cent", lambda value: 0 <= value <= 100)


def _seconds(text: str) -> float:
    expected = f"more than 0 and at most {_LONGEST_S:g} seconds"
    return _number(text, expected, lambda value: 0 < value <= _LONGEST_S)


def _number(text: str, expected: str, accepted: Callable[[float], bool]) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"received {text!r}, expected {expected}") from None
    if not accepted(value):
        raise argparse.ArgumentTypeError(f"received {text}, expected {expected}")
    return value


def _size(text: str) -> list[int]:
    sides = text.lower().split("x")
    if len(sides) != 2 or not all(side.isdigit() for side in sides):
        raise argparse.ArgumentTypeError(f"received {text!r}, expected WxH such as 416x416")
    return [int(side) for side in sides]


def _shard(text: str) -> Shard:
    parts = text.split("/")
    if len(parts) != 2 or not all(part.isdigit() for part in parts) or not 1 <= int(parts[0]) <= int(parts[1]):
        raise argparse.ArgumentTypeError(f"received {text!r}, expected I/N with 1 <= I <= N, such as 1/4")
    return Shard(int(parts[0]), int(parts[1]))
