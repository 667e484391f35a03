"""`trainer convert`, `merge` and `split`: datasets made of datasets."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import click

from .options import (
    CLASSES_HELP,
    FILE,
    FORMATS,
    OK,
    boxes_option,
    class_list,
    example,
    format_option,
    json_option,
    numbers,
    show,
    words,
)


@click.command(epilog=example("trainer convert demo/dataset --to yolo --classes person --out yolo"))
@click.argument("data")
@click.option("--to", "to", type=click.Choice(FORMATS), required=True, help="The kind to write.")
@click.option("--out", type=FILE, required=True, help="The new folder, with the images.")
@boxes_option
@click.option("--classes", help=CLASSES_HELP)
@format_option
@json_option
def convert(
    data: str, to: str, out: Path, boxes: str, classes: Optional[str], kind: Optional[str], as_json: bool
) -> int:
    """Write DATA as another kind, with its images, into the new folder OUT."""
    from ..datasets.convert import ConvertRequest, convert, summary

    result = convert(
        ConvertRequest(data=data, kind=to, out=out, boxes=boxes, classes=class_list(classes), source_kind=kind)
    )
    show(result, as_json, summary)
    return OK


@click.command(epilog=example("trainer merge shard-1 shard-2 --out ward"))
@click.argument("data", nargs=-1, required=True)
@click.option("--out", type=FILE, required=True, help="The new folder, with the images.")
@click.option("--to", "to", type=click.Choice(FORMATS), help="The kind to write.  [default: DATA's, else wardsynth]")
@boxes_option
@click.option("--classes", help=CLASSES_HELP)
@format_option
@json_option
def merge(
    data: tuple, out: Path, to: Optional[str], boxes: str, classes: Optional[str], kind: Optional[str], as_json: bool
) -> int:
    """Write several DATA, of one kind or many, as one into the new folder OUT.

    Parts of one dataset keep the numbers of their images; two with one number are refused. Images of different
    datasets get the attribute "source", so that they can be scored and split by it.
    """
    from ..datasets.merge import MergeRequest, merge, summary

    result = merge(
        MergeRequest(data=data, out=out, kind=to, boxes=boxes, classes=class_list(classes), source_kind=kind)
    )
    show(result, as_json, summary)
    return OK


@click.command(epilog=example("trainer split demo/dataset --by scene --ratio 80,20 --out sides"))
@click.argument("data")
@click.option("--out", type=FILE, required=True, help="The new folder, with one dataset folder a side.")
@click.option(
    "--by",
    default="scene",
    show_default=True,
    help="What stays together: scene, character, camera, source or an attribute of images; several by commas.",
)
@click.option("--ratio", metavar="A,B,...", help="Shares of the sides.  [default: 80,20]")
@click.option("--counts", metavar="A,B,...", help="Or images of each side; the rest is left out.")
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

    Images of one scene stay on one side whatever else is asked for. The same seed gives the same sides.
    """
    from ..datasets.split import SplitRequest, split, summary

    if ratio is not None and counts is not None:
        raise click.UsageError("--ratio and --counts are both given; one of the two")
    parts = numbers("--counts", counts, int) if counts else numbers("--ratio", ratio or "80,20", float)
    request = SplitRequest(
        data=data,
        out=out,
        by=words(by),
        parts=parts,
        counted=counts is not None,
        names=words(names),
        seed=seed,
        file_names=file_names,
        kind=to,
        boxes=boxes,
        classes=class_list(classes),
        source_kind=kind,
    )
    result = split(request)
    show(result, as_json, summary)
    return OK


COMMANDS = (convert, merge, split)
