"""Datasets made of datasets, and of cameras: merge, split, negatives, capture."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import click

from ..progress import note
from .options import (
    FAILED,
    FILE,
    FORMATS,
    INTERRUPTED,
    OK,
    boxes_option,
    example,
    format_option,
    json_option,
    numbers,
    print_json,
)

CLASSES_HELP = "Names to keep, separated by commas, in the order of their numbers.  [default: all]"


@click.command(epilog=example("trainer merge shard-1 shard-2 --out ward"))
@click.argument("data", nargs=-1, required=True)
@click.option("--out", type=FILE, required=True, help="The new folder, with the pictures.")
@click.option("--to", "to", type=click.Choice(FORMATS), help="The kind to write.  [default: DATA's, else wardsynth]")
@boxes_option
@click.option("--classes", help=CLASSES_HELP)
@format_option
@json_option
def merge(
    data: tuple, out: Path, to: Optional[str], boxes: str, classes: Optional[str], kind: Optional[str], as_json: bool
) -> int:
    """Write several DATA, of one kind or many, as one into the new folder OUT.

    Parts of one dataset keep the numbers of their pictures; two with one number are refused. Pictures of different
    datasets get the attribute "source", so that they can be scored and split by it.
    """
    from ..datasets.convert import class_list
    from ..datasets.merge import MergeRequest, merge, summary

    result = merge(MergeRequest(data, out, to, boxes, class_list(classes), kind))
    if as_json:
        print_json(result)
    else:
        click.echo(summary(result))
    return OK


@click.command(epilog=example("trainer split demo/dataset --by scene --ratio 80,20 --out sides"))
@click.argument("data")
@click.option("--out", type=FILE, required=True, help="The new folder, with one dataset folder a side.")
@click.option(
    "--by",
    default="scene",
    show_default=True,
    help="What stays together: scene, character, camera, source or an attribute of pictures; several by commas.",
)
@click.option("--ratio", metavar="A,B,...", help="Shares of the sides.  [default: 80,20]")
@click.option("--counts", metavar="A,B,...", help="Or pictures of each side; the rest is left out.")
@click.option("--names", metavar="A,B,...", help="Names of the sides.  [default: train,val or train,val,test]")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of which goes where.")
@click.option(
    "--file-names",
    metavar="REGEX",
    help="How names of files say it, by named groups: '(?P<scene>.+)_[0-9]+'.",
)
@click.option("--to", "to", type=click.Choice(FORMATS), help="The kind to write.  [default: DATA's]")
@boxes_option
@click.option("--classes", help=CLASSES_HELP)
@format_option
@json_option
def split(
    data: str,
    out: Path,
    by: str,
    ratio: Optional[str],
    counts: Optional[str],
    names: Optional[str],
    seed: int,
    file_names: Optional[str],
    to: Optional[str],
    boxes: str,
    classes: Optional[str],
    kind: Optional[str],
    as_json: bool,
) -> int:
    """Divide DATA into sides that share no scene, nor anything else of --by.

    Pictures of one scene stay on one side whatever else is asked for. The same seed gives the same sides.
    """
    from ..datasets.convert import class_list
    from ..datasets.split import SplitRequest, split, summary

    if ratio is not None and counts is not None:
        raise click.UsageError("--ratio and --counts are both given; one of the two")
    parts = numbers("--counts", counts, int) if counts else numbers("--ratio", ratio or "80,20", float)
    words = tuple(word.strip() for word in names.split(",")) if names else ()
    kinds = tuple(word.strip() for word in by.split(","))
    request = SplitRequest(
        data, out, kinds, parts, counts is not None, words, seed, file_names, to, boxes, class_list(classes), kind
    )
    result = split(request)
    if as_json:
        print_json(result)
    else:
        click.echo(summary(result))
    return OK


@click.group()
def negatives() -> None:
    """Collect published pictures without people."""


@negatives.command(
    "open-images",
    epilog=example(
        "trainer negatives open-images --images train-images-boxable-with-rotation.csv \\\n"
        "      --labels oidv6-train-annotations-bbox.csv --labels train-annotations-human-imagelabels-boxable.csv \\\n"
        "      --classes class-descriptions-boxable.csv --hierarchy bbox_labels_600_hierarchy.json \\\n"
        "      --count 20000 --out negatives --download"
    ),
)
@click.option("--images", type=FILE, multiple=True, required=True, help="CSV of the pictures, with their licences.")
@click.option("--labels", type=FILE, multiple=True, required=True, help="CSV of boxes or image-level labels.")
@click.option("--classes", "classes_file", type=FILE, required=True, help="CSV of the classes' names.")
@click.option("--hierarchy", type=FILE, required=True, help="JSON of the classes' sub-classes and parts.")
@click.option("--out", type=FILE, required=True, help="The new folder, or one to go on with.")
@click.option("--count", type=click.IntRange(min=1), default=1000, show_default=True, help="Pictures to choose.")
@click.option("--seed", type=click.IntRange(min=0), default=1234, show_default=True, help="Of the choice.")
@click.option(
    "--without", default="Person,Human body", show_default=True, help="Classes to remove, with all below them."
)
@click.option("--verified", is_flag=True, help="Only pictures in which a person looked for people and found none.")
@click.option("--download", is_flag=True, help="Fetch the pictures; nothing touches the network otherwise.")
@click.option("--address", help="Where they are: https://host/{Subset}/{ImageID}.jpg, or {OriginalURL}.")
@click.option("--workers", type=click.IntRange(1, 64), default=8, show_default=True, help="Connections at a time.")
@click.option("--retries", type=click.IntRange(0, 20), default=5, show_default=True, help="After a failure.")
@json_option
def open_images(
    images: tuple,
    labels: tuple,
    classes_file: Path,
    hierarchy: Path,
    out: Path,
    count: int,
    seed: int,
    without: str,
    verified: bool,
    download: bool,
    address: Optional[str],
    workers: int,
    retries: int,
    as_json: bool,
) -> int:
    """Choose pictures without people from Open Images V6's published lists, and fetch them with --download.

    Every picture with Person, Human body or one of their sub- or part-classes is left out. OUT holds bare paths as
    annotations.txt, and the licence and author of every picture in negatives.csv. The same command goes on with what
    was begun.
    """
    from ..negatives.collect import ADDRESS, NegativesRequest, collect, summary
    from ..negatives.download import Patience
    from ..negatives.open_images import Lists

    people = tuple(name.strip() for name in without.split(","))
    lists = Lists(images, labels, classes_file, hierarchy)
    patience = Patience(retries=retries)
    request = NegativesRequest(
        lists, out, count, seed, people, verified, download, address or ADDRESS, workers, patience
    )
    result = collect(request)
    if as_json:
        print_json(result)
    else:
        click.echo(summary(result))
    if result["interrupted"]:
        note("interrupted; the same command goes on")
        return INTERRUPTED
    return FAILED if result["failed"] else OK


@click.command(epilog=example("trainer capture --every 2 --count 20 --label mask --label no-mask --out masks"))
@click.option("--label", "labels", multiple=True, required=True, help="What the pictures are of; several in turn.")
@click.option("--every", type=click.FloatRange(min=0.05), default=2.0, show_default=True, help="Seconds between two.")
@click.option("--count", type=click.IntRange(min=1), default=20, show_default=True, help="Pictures of each label.")
@click.option("--out", type=FILE, required=True, help="The new folder, or one to add to.")
@click.option("--source", default="camera:0", show_default=True, help="camera:N, a video file or a stream's address.")
@click.option(
    "--delay", type=click.FloatRange(min=0), default=3.0, show_default=True, help="Seconds before each label."
)
@click.option("--to", "to", type=click.Choice(("voc", "yolo")), default="voc", show_default=True, help="The format.")
@click.option(
    "--preview", type=click.IntRange(0, 65535), metavar="PORT", help="Show the camera at 127.0.0.1:PORT; 0: any port."
)
@json_option
def capture(
    labels: tuple,
    every: float,
    count: int,
    out: Path,
    source: str,
    delay: float,
    to: str,
    preview: Optional[int],
    as_json: bool,
) -> int:
    """Take pictures from a camera, one every few seconds, into a folder that is ready to annotate.

    LabelImg, CVAT and Label Studio open the folder: every picture has its file of labels, still empty, and the labels
    given here are the classes. A video file can stand in for the camera; its own time counts then.
    """
    from ..capture.session import CaptureRequest, capture, summary

    result = capture(CaptureRequest(labels, out, every, count, delay, source, to, preview))
    if as_json:
        print_json(result)
    else:
        click.echo(summary(result))
    if result["ended"] == "stopped":
        note("stopped; the same command adds to the folder")
        return INTERRUPTED
    return OK if result["ended"] == "all" else FAILED


COMMANDS = (merge, split, negatives, capture)
