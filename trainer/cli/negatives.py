"""`trainer negatives`."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import click

from ..progress import note
from .options import FAILED, FILE, INTERRUPTED, OK, example, json_option, show, words


@click.group()
def negatives() -> None:
    """Collect published images without people."""


@negatives.command(
    "open-images",
    epilog=example(
        "trainer negatives open-images --images train-images-boxable-with-rotation.csv \\\n"
        "      --labels oidv6-train-annotations-bbox.csv --labels train-annotations-human-imagelabels-boxable.csv \\\n"
        "      --classes class-descriptions-boxable.csv --hierarchy bbox_labels_600_hierarchy.json \\\n"
        "      --count 20000 --out negatives --download"
    ),
)
@click.option("--images", type=FILE, multiple=True, required=True, help="CSV of the images, with their licences.")
@click.option("--labels", type=FILE, multiple=True, required=True, help="CSV of boxes or image-level labels.")
@click.option("--classes", "classes_file", type=FILE, required=True, help="CSV of the classes' names.")
@click.option("--hierarchy", type=FILE, required=True, help="JSON of the classes' sub-classes and parts.")
@click.option("--out", type=FILE, required=True, help="The new folder, or one to go on with.")
@click.option("--count", type=click.IntRange(min=1), default=1000, show_default=True, help="Images to choose.")
@click.option("--seed", type=click.IntRange(min=0), default=1234, show_default=True, help="Of the choice.")
@click.option(
    "--without", default="Person,Human body", show_default=True, help="Classes to remove, with all below them."
)
@click.option("--verified", is_flag=True, help="Only images in which a person looked for people and found none.")
@click.option("--download", is_flag=True, help="Fetch the images; nothing touches the network otherwise.")
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
    """Choose images without people from Open Images V6's published lists, and fetch them with --download.

    Every image with Person, Human body or one of their sub- or part-classes is left out. OUT holds bare paths as
    annotations.txt, and the licence and author of every image in negatives.csv. The same command goes on with what
    was begun.
    """
    from ..negatives.collect import ADDRESS, NegativesRequest, collect, summary
    from ..negatives.download import Patience
    from ..negatives.open_images import Lists

    people = words(without)
    lists = Lists(images, labels, classes_file, hierarchy)
    patience = Patience(retries=retries)
    request = NegativesRequest(
        lists=lists,
        out=out,
        count=count,
        seed=seed,
        people=people,
        verified=verified,
        download=download,
        address=address or ADDRESS,
        workers=workers,
        patience=patience,
    )
    result = collect(request)
    show(result, as_json, summary)
    if result["interrupted"]:
        note("interrupted; the same command goes on")
        return INTERRUPTED
    return FAILED if result["failed"] else OK


COMMANDS = (negatives,)
