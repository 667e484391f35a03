"""The command line: it parses, calls one function per command, and prints; a command loads heavy libraries itself.

One module per command: ``fit``, ``curve``, ``predict``, ``export``, ``serve``, ``anchors``, ``doctor``, ``negatives``,
``capture``, ``weights``; ``evaluation`` holds eval and compare, ``datasets`` holds convert, merge and split.
``options`` holds the options and exit codes that several commands share.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Optional

import click

from shared_format.errors import FormatError

from ..errors import NotADataset, TrainingDiverged
from ..progress import note
from . import anchors, capture, curve, datasets, doctor, evaluation, export, fit, negatives, predict, serve, weights
from .options import FAILED, INTERRUPTED, NOT_DATA, OK, USAGE, example

_MODULES = (
    *(fit, evaluation, curve, predict, export, serve),
    *(anchors, doctor, datasets, negatives, capture, weights),
)
_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


@click.group(context_settings=_CONTEXT, epilog=example("trainer fit demo/dataset --out run --epochs 50"))
@click.version_option(package_name="wardsynth", prog_name="trainer")
def cli() -> None:
    """Train YOLOv3 person detectors, score them, and run them on images and videos.

    DATA is a WardSynth dataset folder, a COCO JSON (images beside it or in images/), a YOLO folder or its
    data.yaml, a Pascal VOC folder or a keras-yolo3 .txt; a slice may follow: "folder[:40]" is the first 40
    images. MODEL is a run folder, a .keras file, darknet's FILE.cfg,FILE.weights or a file that `trainer export`
    wrote.
    """


for module in _MODULES:
    for command in module.COMMANDS:
        cli.add_command(command)


def main(arguments: Optional[Sequence[str]] = None) -> None:
    """Run the console script: one command, every expected error as one line, then exit."""
    sys.exit(run(cli, arguments))


def run(command: Callable, arguments: Optional[Sequence[str]]) -> int:
    """Run the command line and return its exit code."""
    try:
        return command.main(args=arguments, prog_name="trainer", standalone_mode=False) or OK
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return USAGE
    except click.ClickException as error:
        return _fail(error.format_message(), getattr(error, "ctx", None))
    except TrainingDiverged as error:
        _fail(str(error))
        return FAILED
    except NotADataset as error:
        _fail(str(error))
        return NOT_DATA
    except FormatError as error:
        return _fail(str(error))
    except (click.Abort, KeyboardInterrupt):
        note("trainer: interrupted")
        return INTERRUPTED


def _fail(message: str, context: Optional[click.Context] = None) -> int:
    where = context.command_path if context is not None else "trainer"
    one_line = " ".join(message.split())
    click.echo(f"{where}: {one_line}", err=True)
    return USAGE
