"""`trainer predict`: what a model finds."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import click

from ..backend import load_quietly
from .options import (
    FAILED,
    FILE,
    OK,
    example,
    json_option,
    print_json,
)


@click.command(epilog=example("trainer predict run ward.jpg photos/ --out drawn"))
@click.argument("model")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--out", type=FILE, help="Folder for the pictures with the detections drawn.")
@click.option(
    "--conf", type=click.FloatRange(0, 1), help="Lowest confidence.  [default: 0.25; 0.001 in the --coco file]"
)
@click.option("--nms", type=click.FloatRange(0, 1), default=0.45, show_default=True, help="IoU of the suppression.")
@click.option("--coco", type=FILE, metavar="FILE.json", help="Write a COCO results list here.")
@json_option
def predict(
    model: str,
    sources: tuple,
    out: Optional[Path],
    conf: Optional[float],
    nms: float,
    coco: Optional[Path],
    as_json: bool,
) -> int:
    """Find objects in SOURCEs: pictures, folders, patterns, or a DATA folder (its pictures and ids)."""
    load_quietly()
    from ..detect import Detector
    from ..model_files import load_detector
    from ..predict import PredictRequest, describe, find_sources, predict

    found = find_sources(sources)
    detector = Detector(*load_detector(model))
    result = predict(detector, found, PredictRequest(out, coco, conf, nms))
    if as_json:
        print_json(result)
    else:
        for picture in result["pictures"]:
            click.echo(describe(picture))
    return FAILED if result["failed"] else OK


COMMANDS = (predict,)
