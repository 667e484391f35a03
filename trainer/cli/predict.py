"""`trainer predict`."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import click

from ..detection.thresholds import EVALUATION_CONFIDENCE, SHOWN_CONFIDENCE, Suppression
from ..predict.events import LEAST_SECONDS
from .options import FAILED, FILE, INTERRUPTED, OK, FiniteRange, class_list, example, json_option, nms_options


@click.command(epilog=example("trainer predict run ward.jpg photos/ corridor.mp4 --out drawn --track"))
@click.argument("model")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--out", type=FILE, help="Draw the detections into copies of the images and videos (H.264) in this folder."
)
@click.option(
    "--text", type=FILE, metavar="DIR", help="Write keras-yolo3 lines into this folder, one file per image or video."
)
@click.option("--csv", "scores", type=FILE, metavar="FILE.csv", help="Write one row per box, with its confidence.")
@click.option("--coco", type=FILE, metavar="FILE.json", help="Write a COCO results list to this file.")
@click.option(
    "--conf",
    type=FiniteRange(0, 1),
    help="Leave out detections of a lower confidence.  "
    f"[default: {SHOWN_CONFIDENCE}; {EVALUATION_CONFIDENCE} in the --coco file]",
)
@nms_options
@click.option("--track", is_flag=True, help="Track objects from frame to frame; every output gets their ids.")
@click.option(
    "--events",
    type=FILE,
    metavar="FILE",
    help="Write when people were in which state and how many were in view, for videos, to this .csv or .jsonl file.",
)
@click.option(
    "--events-min-seconds",
    "events_least",
    type=FiniteRange(0.01),
    default=LEAST_SECONDS,
    show_default=True,
    help="Leave out states, and gaps within a state, that are shorter than this many seconds.",
)
@click.option(
    "--people",
    metavar="CLASSES",
    help="Classes that are people: each person gets one box, whatever its class.  "
    "[default: usual names, such as person, patient or lying]",
)
@click.option("--blur-people", is_flag=True, help="Pixelate people in the images and videos of --out.")
@click.option(
    "--seconds",
    type=FiniteRange(0, min_open=True),
    help="Stop after this many seconds of each video or stream.  [default: at its end]",
)
@json_option
@click.option("--json-lines", is_flag=True, help="Print one JSON object per image, as soon as it is done.")
def predict(
    model: str,
    sources: tuple[str, ...],
    out: Optional[Path],
    text: Optional[Path],
    scores: Optional[Path],
    coco: Optional[Path],
    conf: Optional[float],
    nms: Suppression,
    track: bool,
    events: Optional[Path],
    events_least: float,
    people: Optional[str],
    blur_people: bool,
    seconds: Optional[float],
    as_json: bool,
    json_lines: bool,
) -> int:
    """Detect objects in each SOURCE: an image, a folder, a pattern, DATA (with its image ids), a video, a camera
    (camera:0) or the address of a stream (rtsp://, http://).

    MODEL may also be a file that `trainer export` wrote. Without --out, no image is stored.
    """
    if as_json and json_lines:
        raise click.UsageError("--json and --json-lines exclude each other; give one of them")
    from ..models.files import load_model
    from ..network.spec import DETECT, require_task
    from ..predict.listing import JsonLines, JsonObject, TextLines
    from ..predict.predict import PredictRequest, predict
    from ..predict.sources import find_sources
    from ..stop import StopRequest

    inputs = find_sources(sources)
    request = PredictRequest(
        out=out,
        text=text,
        coco=coco,
        scores=scores,
        confidence=conf,
        nms=nms,
        track=track,
        events=events,
        events_least=events_least,
        people=class_list(people, "--people"),
        blur_people=blur_people,
        seconds=float("inf") if seconds is None else seconds,
    )
    network, spec = load_model(model)
    require_task(spec, DETECT, model, "trainer predict")
    listing = JsonObject() if as_json else JsonLines() if json_lines else TextLines()
    with StopRequest() as stop:
        result = predict(network, spec, inputs, request, listing.add, lambda: stop.requested)
    listing.end(result)
    if stop.requested:
        return INTERRUPTED
    return FAILED if result["failed"] else OK


COMMANDS = (predict,)
