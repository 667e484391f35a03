"""`trainer negatives`."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import click

from ..progress import note
from .options import FAILED, FILE, INTERRUPTED, OK, example, json_option, show, split_list


@click.group(epilog=example("trainer negatives open-images --help"))
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
@click.option("--images", type=FILE, multiple=True, required=True, help="CSV list of the images, with their licences.")
@click.option("--labels", type=FILE, multiple=True, required=True, help="CSV list of boxes or of image-level labels.")
@click.option("--classes", "classes_file", type=FILE, required=True, help="CSV list of class names.")
@click.option("--hierarchy", type=FILE, required=True, help="JSON file of sub-classes and parts.")
@click.option("--out", type=FILE, required=True, help="Folder to create; an unfinished one is resumed.")
@click.option(
    "--count", type=click.IntRange(min=1), default=1000, show_default=True, help="Number of images to select."
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1234, show_default=True, help="Random seed of the selection."
)
@click.option(
    "--without",
    default="Person,Human body",
    show_default=True,
    help="Classes that no image may show, with their sub-classes and parts.",
)
@click.option("--verified", is_flag=True, help="Select only images that a person checked for people and found none.")
@click.option("--download", is_flag=True, help="Download the images; without it, nothing uses the network.")
@click.option(
    "--address",
    help="Address of an image, such as https://host/{Subset}/{ImageID}.jpg or {OriginalURL}.  "
    "[default: Open Images' public mirror]",
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=8, show_default=True, help="Number of parallel downloads."
)
@click.option(
    "--retries",
    type=click.IntRange(0, 20),
    default=5,
    show_default=True,
    help="How often to retry a failed download.",
)
@json_option
def open_images(
    images: tuple[Path, ...],
    labels: tuple[Path, ...],
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
    """Select images without people from Open Images V6's published lists, and download them with --download.

    Every image with Person, Human body or one of their sub- or part-classes is left out. OUT holds image paths
    without boxes as annotations.txt, and the licence and author of every image in negatives.csv. Run the same command
    again to resume.
    """
    from ..negatives.collect import ADDRESS, NegativesRequest, collect, summary
    from ..negatives.download import Patience
    from ..negatives.open_images import Lists

    people = split_list(without)
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
        note("interrupted; run the same command to resume")
        return INTERRUPTED
    return FAILED if result["failed"] else OK


COMMANDS = (negatives,)
