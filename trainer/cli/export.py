"""`trainer export`."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import click

from ..backend import load_quietly
from ..runtimes.exported import FORMATS, NEWEST_OPSET, OLDEST_OPSET, OPSET, OUTPUTS
from .options import FAILED, FILE, OK, FiniteRange, example, json_option, show


@click.command(epilog=example("trainer export run --format onnx --out exported --pictures ward/images"))
@click.argument("model")
@click.option("--format", "kind", required=True, type=click.Choice(tuple(FORMATS)), help="File format to write.")
@click.option("--out", type=FILE, required=True, metavar="DIR", help="Folder for the file and its model card.")
@click.option(
    "--output",
    type=click.Choice(OUTPUTS),
    help="Output of the file: raw head outputs, decoded boxes and scores, or detections after suppression.  "
    "[default: boxes; heads for int8]",
)
@click.option(
    "--precision",
    type=click.Choice(("float32", "float16", "int8")),
    default="float32",
    show_default=True,
    help="Number format of the weights; int8 also quantises the activations.",
)
@click.option("--calibrate", multiple=True, metavar="SOURCE", help="Images that calibrate the value ranges of int8.")
@click.option(
    "--pictures",
    "images",
    multiple=True,
    metavar="SOURCE",
    help="Images to verify the file on.  [default: the run's validation images]",
)
@click.option(
    "--max-score-difference",
    type=FiniteRange(0),
    help="Fail (exit code 1) if any score differs by more than this.  [default: by precision, 0.001 for float32]",
)
@click.option(
    "--max-box-difference",
    type=FiniteRange(0),
    help="Fail (exit code 1) if any box edge differs by more than this many input pixels.  "
    "[default: by precision, 0.1 for float32]",
)
@click.option(
    "--opset",
    type=click.IntRange(OLDEST_OPSET, NEWEST_OPSET),
    help=f"Version of the operators of an ONNX file; an older one suits older runtimes.  [default: {OPSET}]",
)
@click.option("--licence", help="Licence of the weights, for the model card.")
@json_option
def export(
    model: str,
    kind: str,
    out: Path,
    output: Optional[str],
    precision: str,
    calibrate: tuple[str, ...],
    images: tuple[str, ...],
    max_score_difference: Optional[float],
    max_box_difference: Optional[float],
    opset: Optional[int],
    licence: Optional[str],
    as_json: bool,
) -> int:
    """Write MODEL for another runtime, run the file there, and print the largest difference from Keras."""
    load_quietly()
    from ..export import ExportRequest, export_model, summary

    request = ExportRequest(
        kind=kind,
        out=out,
        output=output,
        precision=precision,
        images=images,
        calibration=calibrate,
        max_score=max_score_difference,
        max_box_pixels=max_box_difference,
        licence=licence,
        opset=opset,
    )
    result = export_model(model, request)
    show(result, as_json, summary)
    return OK if result["within"] else FAILED


COMMANDS = (export,)
