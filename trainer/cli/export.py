"""`trainer export`."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import click

from ..backend import load_quietly
from .options import FAILED, FILE, OK, example, json_option, show

FORMATS = ("onnx", "litert", "saved_model", "openvino")


@click.command(epilog=example("trainer export run --format onnx --out exported --pictures ward/images"))
@click.argument("model")
@click.option("--format", "kind", required=True, type=click.Choice(FORMATS))
@click.option("--out", type=FILE, required=True, metavar="DIR", help="Folder for the file and its model card.")
@click.option(
    "--output",
    type=click.Choice(("heads", "boxes", "detections")),
    help="Raw numbers, decoded boxes and scores, or what is left after suppression.  [default: boxes; int8: heads]",
)
@click.option("--precision", type=click.Choice(("float32", "float16", "int8")), default="float32", show_default=True)
@click.option("--calibrate", multiple=True, metavar="SOURCE", help="Images for the ranges of int8.")
@click.option(
    "--pictures", "images", multiple=True, metavar="SOURCE", help="Images to verify on.  [default: of the run]"
)
@click.option("--max-score-difference", type=click.FloatRange(0), help="Above it the exit code is 1.")
@click.option("--max-box-difference", type=click.FloatRange(0), help="In pixels of the input; likewise.")
@click.option("--licence", help="Of the weights, for the model card.")
@json_option
def export(
    model: str,
    kind: str,
    out: Path,
    output: Optional[str],
    precision: str,
    calibrate: tuple,
    images: tuple,
    max_score_difference: Optional[float],
    max_box_difference: Optional[float],
    licence: Optional[str],
    as_json: bool,
) -> int:
    """Write MODEL for another runtime, run the file by it, and print the largest difference against Keras."""
    load_quietly()
    from ..export import ExportRequest, export_model, summary

    bounds = max_score_difference, max_box_difference
    request = ExportRequest(kind, out, output, precision, images, calibrate, *bounds, licence)
    result = export_model(model, request)
    show(result, as_json, summary)
    return OK if result["within"] else FAILED


COMMANDS = (export,)
