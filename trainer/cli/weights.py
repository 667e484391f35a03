"""`trainer weights`: darknet's files, in and out."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import click

from ..backend import load_quietly
from .options import FILE, OK, example, json_option, show


@click.group()
def weights() -> None:
    """Weights of darknet's format, in and out."""


@weights.command("import", epilog=example("trainer weights import --cfg v3.cfg --weights v3.weights --out v3.keras"))
@click.option("--cfg", type=FILE, required=True, help="The network's layers.")
@click.option("--weights", "weight_file", type=FILE, required=True, help="Its weight file.")
@click.option("--out", type=FILE, required=True, metavar="MODEL.keras", help="The file to write.")
@click.option("--names", type=FILE, help="Class names, one a line.  [default: FILE.names, or COCO's if 80]")
@json_option
def import_weights(cfg: Path, weight_file: Path, out: Path, names: Optional[Path], as_json: bool) -> int:
    """Write a darknet detector as a .keras file, which Keras opens without this program."""
    load_quietly()
    from ..models.weights import import_darknet

    return _print_weights(import_darknet(cfg, weight_file, out, names), as_json)


@weights.command("export", epilog=example("trainer weights export run --out ward.weights"))
@click.argument("model")
@click.option("--out", type=FILE, required=True, metavar="FILE.weights", help="The file to write.")
@json_option
def export_weights(model: str, out: Path, as_json: bool) -> int:
    """Write MODEL for darknet, OpenCV and others: the weight file, and beside it its .cfg and .names."""
    load_quietly()
    from ..models.weights import export_darknet

    return _print_weights(export_darknet(model, out), as_json)


def _print_weights(result: dict, as_json: bool) -> int:
    from ..models.weights import summary

    show(result, as_json, summary)
    return OK


COMMANDS = (weights,)
