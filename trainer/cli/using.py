"""`trainer predict`, `export` and `serve`: a model at work."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import click

from ..backend import load_quietly
from .options import FAILED, FILE, INTERRUPTED, OK, example, json_option, print_json


@click.command(epilog=example("trainer predict run ward.jpg photos/ corridor.mp4 --out drawn --track"))
@click.argument("model")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--out", type=FILE, help="Folder for the pictures and H.264 videos with the detections drawn.")
@click.option("--text", type=FILE, metavar="DIR", help="Folder for keras-yolo3 lines, a file a picture or video.")
@click.option("--csv", "scores", type=FILE, metavar="FILE.csv", help="Write a row a box: the confidence scores.")
@click.option("--coco", type=FILE, metavar="FILE.json", help="Write a COCO results list here.")
@click.option(
    "--conf", type=click.FloatRange(0, 1), help="Lowest confidence.  [default: 0.25; 0.001 in the --coco file]"
)
@click.option("--nms", type=click.FloatRange(0, 1), default=0.45, show_default=True, help="IoU of the suppression.")
@click.option("--track", is_flag=True, help="Follow what moves from frame to frame: ids in every output.")
@click.option("--blur-people", is_flag=True, help="Pixelate people in what --out keeps.")
@click.option("--seconds", type=click.FloatRange(0, min_open=True), help="Look at so much of every video or stream.")
@json_option
@click.option("--json-lines", is_flag=True, help="Print one JSON object a picture, as soon as it is there.")
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
    """Find objects in SOURCEs: pictures, folders, patterns, or a DATA folder (its pictures and ids); videos,
    cameras (camera:0), and addresses of streams (rtsp://, http://).

    MODEL may be a file that `trainer export` wrote. Without --out no picture is kept.
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
        out, text, coco, scores, conf, nms, track, blur_people, float("inf") if seconds is None else seconds
    )
    network, spec = load_detector(model)
    listing = JsonObject() if as_json else JsonLines() if json_lines else TextLines()
    with StopRequest() as stop:
        result = predict(network, spec, found, request, listing.add, lambda: stop.made)
    listing.end(result)
    if stop.made:
        return INTERRUPTED
    return FAILED if result["failed"] else OK


@click.command(epilog=example("trainer export run --format onnx --out exported --pictures ward/images"))
@click.argument("model")
@click.option("--format", "kind", required=True, type=click.Choice(("onnx", "litert", "saved_model", "openvino")))
@click.option("--out", type=FILE, required=True, metavar="DIR", help="Folder for the file and its model card.")
@click.option(
    "--output",
    type=click.Choice(("heads", "boxes", "detections")),
    help="Raw numbers, decoded boxes and scores, or what is left after suppression.  [default: boxes; int8: heads]",
)
@click.option("--precision", type=click.Choice(("float32", "float16", "int8")), default="float32", show_default=True)
@click.option("--calibrate", multiple=True, metavar="SOURCE", help="Pictures for the ranges of int8.")
@click.option("--pictures", multiple=True, metavar="SOURCE", help="Pictures to verify on.  [default: of the run]")
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
    pictures: tuple,
    max_score_difference: Optional[float],
    max_box_difference: Optional[float],
    licence: Optional[str],
    as_json: bool,
) -> int:
    """Write MODEL for another runtime, run the file by it, and print the largest difference against Keras."""
    load_quietly()
    from ..export import ExportRequest, export_model, summary

    bounds = max_score_difference, max_box_difference
    request = ExportRequest(kind, out, output, precision, pictures, calibrate, *bounds, licence)
    result = export_model(model, request)
    if as_json:
        print_json(result)
    else:
        click.echo(summary(result))
    return OK if result["within"] else FAILED


@click.command(epilog=example("trainer serve run --port 8000"))
@click.argument("model")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; 0.0.0.0 is everywhere.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any free one.")
@click.option(
    "--token",
    envvar="WARDSYNTH_TOKEN",
    help="What callers must show; 'none': nothing.  [default: made up where others than this machine can call]",
)
@click.option("--certificate", type=FILE, metavar="FILE.pem", help="For HTTPS, without which no other camera works.")
@click.option("--key", type=FILE, metavar="FILE.pem", help="The key of the certificate.")
@click.option("--nms", type=click.FloatRange(0, 1), default=0.45, show_default=True, help="IoU of the suppression.")
@click.option("--max-megabytes", type=click.FloatRange(0, min_open=True), default=20, show_default=True)
@click.option("--max-megapixels", type=click.FloatRange(0, min_open=True), default=50, show_default=True)
@click.option("--queue", type=click.IntRange(1), default=64, show_default=True, help="Uploads under way at once.")
@click.option("--runtime", type=click.Choice(("auto", "onnx", "keras")), default="auto", show_default=True)
def serve(
    model: str,
    host: str,
    port: int,
    token: Optional[str],
    certificate: Optional[Path],
    key: Optional[Path],
    nms: float,
    max_megabytes: float,
    max_megapixels: float,
    queue: int,
    runtime: str,
) -> int:
    """Answer pictures over HTTP, and serve a web page for people and telephones.

    POST /detector and /api take a picture in the field my_image; /docs describes them. The address is printed once
    requests are answered; Ctrl-C ends it.
    """
    from ..serve.server import ServeRequest, serve
    from ..serve.settings import MEGA, Settings

    settings = Settings(nms, round(max_megabytes * MEGA), round(max_megapixels * MEGA), queue)
    request = ServeRequest(host, port, token, certificate, key, runtime, settings)
    serve(model, request, lambda address: print(address, flush=True))
    return OK


COMMANDS = (predict, export, serve)
