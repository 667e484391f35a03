"""`trainer weights`: import and export darknet's weight files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Optional

import click

from ..backend import load_quietly
from .options import FILE, OK, example, json_option, show

if TYPE_CHECKING:
    from ..models.weights import WeightsResult


@click.group(epilog=example("trainer weights export run --out ward.weights"))
def weights() -> None:
    """Import and export weights in darknet's format."""


@weights.command("import", epilog=example("trainer weights import --cfg v3.cfg --weights v3.weights --out v3.keras"))
@click.option("--cfg", type=FILE, required=True, help="Darknet file of the network's layers.")
@click.option("--weights", "weight_file", type=FILE, required=True, help="Darknet weight file of the network.")
@click.option("--out", type=FILE, required=True, metavar="MODEL.keras", help="Keras file to write.")
@click.option(
    "--names", type=FILE, help="File of class names, one per line.  [default: FILE.names; COCO's for 80 classes]"
)
@json_option
def import_weights(cfg: Path, weight_file: Path, out: Path, names: Optional[Path], as_json: bool) -> int:
    """Convert a darknet detector to a .keras file, which Keras opens without this program."""
    load_quietly()
    from ..models.weights import import_darknet

    return _print_weights(import_darknet(cfg, weight_file, out, names), as_json)


@weights.command("export", epilog=example("trainer weights export run --out ward.weights"))
@click.argument("model")
@click.option("--out", type=FILE, required=True, metavar="FILE.weights", help="Darknet weight file to write.")
@json_option
def export_weights(model: str, out: Path, as_json: bool) -> int:
    """Convert MODEL for darknet, OpenCV and others: the weight file, with its .cfg and .names beside it."""
    load_quietly()
    from ..models.weights import export_darknet

    return _print_weights(export_darknet(model, out), as_json)


def _print_weights(result: WeightsResult, as_json: bool) -> int:
    from ..models.weights import summary

    show(result, as_json, summary)
    return OK


COMMANDS = (weights,)
