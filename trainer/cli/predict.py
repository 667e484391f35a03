"""`trainer predict`."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import click

from ..detection.thresholds import EVALUATION_CONFIDENCE, SHOWN_CONFIDENCE
from .options import FAILED, FILE, INTERRUPTED, OK, example, json_option, nms_option


@click.command(epilog=example("trainer predict run ward.jpg photos/ corridor.mp4 --out drawn --track"))
@click.argument("model")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--out", type=FILE, help="Folder for the images and H.264 videos with the detections drawn.")
@click.option("--text", type=FILE, metavar="DIR", help="Folder for keras-yolo3 lines, a file an image or video.")
@click.option("--csv", "scores", type=FILE, metavar="FILE.csv", help="Write a row a box: the confidence scores.")
@click.option("--coco", type=FILE, metavar="FILE.json", help="Write a COCO results list here.")
@click.option(
    "--conf",
    type=click.FloatRange(0, 1),
    help=f"Lowest confidence.  [default: {SHOWN_CONFIDENCE}; {EVALUATION_CONFIDENCE} in the --coco file]",
)
@nms_option
@click.option("--track", is_flag=True, help="Follow what moves from frame to frame: ids in every output.")
@click.option("--blur-people", is_flag=True, help="Pixelate people in what --out keeps.")
@click.option("--seconds", type=click.FloatRange(0, min_open=True), help="Look at so much of every video or stream.")
@json_option
@click.option("--json-lines", is_flag=True, help="Print one JSON object an image, as soon as it is there.")
def predict(
    model: str,
    sources: tuple,
    out: Optional[Path],
    text: Optional[Path],
    scores: Optional[Path],
    coco: Optional[Path],
    conf: Optional[float],
    nms: float,
    track: bool,
    blur_people: bool,
    seconds: Optional[float],
    as_json: bool,
    json_lines: bool,
) -> int:
    """Find objects in SOURCEs: images, folders, patterns, or a DATA folder (its images and ids); videos,
    cameras (camera:0), and addresses of streams (rtsp://, http://).

    MODEL may be a file that `trainer export` wrote. Without --out no image is kept.
    """
    if as_json and json_lines:
        raise click.UsageError("--json and --json-lines: one of the two")
    from ..models.files import load_detector
    from ..predict.listing import JsonLines, JsonObject, TextLines
    from ..predict.predict import PredictRequest, predict
    from ..predict.sources import find_sources
    from ..stop import StopRequest

    found = find_sources(sources)
    request = PredictRequest(
        out=out,
        text=text,
        coco=coco,
        scores=scores,
        confidence=conf,
        nms=nms,
        track=track,
        blur_people=blur_people,
        seconds=float("inf") if seconds is None else seconds,
    )
    network, spec = load_detector(model)
    listing = JsonObject() if as_json else JsonLines() if json_lines else TextLines()
    with StopRequest() as stop:
        result = predict(network, spec, found, request, listing.add, lambda: stop.made)
    listing.end(result)
    if stop.made:
        return INTERRUPTED
    return FAILED if result["failed"] else OK


COMMANDS = (predict,)
