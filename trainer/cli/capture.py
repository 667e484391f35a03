"""`trainer capture`."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import click

from ..progress import note
from .options import FAILED, FILE, INTERRUPTED, OK, FiniteRange, example, json_option, show


@click.command(epilog=example("trainer capture --every 2 --count 20 --label mask --label no-mask --out masks"))
@click.option(
    "--label",
    "labels",
    multiple=True,
    required=True,
    help="Class of the images taken next; repeat it for several in turn.",
)
@click.option("--every", type=FiniteRange(min=0.05), default=2.0, show_default=True, help="Seconds between two images.")
@click.option("--count", type=click.IntRange(min=1), default=20, show_default=True, help="Images per label.")
@click.option("--out", type=FILE, required=True, help="Folder to create, or to add images to.")
@click.option(
    "--source", default="camera:0", show_default=True, help="Camera (camera:N), video file or stream address."
)
@click.option(
    "--delay", type=FiniteRange(min=0), default=3.0, show_default=True, help="Seconds to wait before each label."
)
@click.option(
    "--to",
    "to",
    type=click.Choice(("voc", "yolo")),
    default="voc",
    show_default=True,
    help="Format of the empty annotation files.",
)
@click.option(
    "--preview",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help="Show the camera on a web page at 127.0.0.1:PORT (0: any free port).  [default: no page]",
)
@json_option
def capture(
    labels: tuple[str, ...],
    every: float,
    count: int,
    out: Path,
    source: str,
    delay: float,
    to: str,
    preview: Optional[int],
    as_json: bool,
) -> int:
    """Take images from a camera, one every few seconds, into a folder that is ready to annotate.

    LabelImg, CVAT and Label Studio open the folder: every image has an empty label file, and the labels given here
    are the classes. A video file can replace the camera; --every and --delay then count its own time.
    """
    from ..capture.session import CaptureRequest, capture, summary

    result = capture(
        CaptureRequest(
            labels=labels, out=out, every=every, count=count, delay=delay, source=source, kind=to, preview=preview
        )
    )
    show(result, as_json, summary)
    if result["ended"] == "stopped":
        note("stopped; the same command adds to the folder")
        return INTERRUPTED
    return OK if result["ended"] == "all" else FAILED


COMMANDS = (capture,)
