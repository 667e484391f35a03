"""`trainer convert`, `merge` and `split`: they write new datasets from existing ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Optional, Union

import click

from ..datasets.label_style import COCO_MASKS, LabelRequest
from ..formats.class_choice import ClassChoice
from ..formats.yolo_writer import LABELS
from .options import (
    CLASSES_HELP,
    FILE,
    FORMATS,
    OK,
    boxes_option,
    chosen_classes,
    class_options,
    example,
    format_option,
    json_option,
    numbers,
    show,
    split_list,
)

if TYPE_CHECKING:
    from ..datasets.request import DatasetRequest

OUT_HELP = "Folder to create for the new dataset and its images."


def _dataset_options(command: Callable) -> Callable:
    """Add the options of reading DATA and writing a dataset of it.

    The command gets them, with its ``data``, ``out`` and ``to``, as ``request``, a ``DatasetRequest``.
    """

    @wraps(command)
    def with_request(
        data: Union[str, tuple[str, ...]],
        out: Path,
        to: Optional[str],
        boxes: str,
        classes: Optional[str],
        choice: Optional[ClassChoice],
        kind: Optional[str],
        labels: Optional[str],
        masks: Optional[str],
        **others: object,  # the command's own arguments
    ) -> int:
        from ..datasets.request import DatasetRequest

        chosen = chosen_classes(choice, classes, (data,) if isinstance(data, str) else data, kind)
        request = DatasetRequest(out, to, boxes, chosen.names, chosen.rules, kind, LabelRequest(labels, masks))
        return command(data=data, request=request, **others)

    options = (
        boxes_option,
        click.option("--classes", help=CLASSES_HELP),
        class_options,
        format_option,
        click.option(
            "--labels",
            type=click.Choice(LABELS),
            help="Labels to write into YOLO files: boxes, keypoints (boxes with key points, for pose estimation) or "
            "masks (outlines of masks, for segmentation).  [default: those that DATA has if it is YOLO text, else "
            "boxes]",
        ),
        click.option(
            "--masks",
            type=click.Choice(COCO_MASKS),
            help="Form of masks in COCO files: rle (compressed run lengths), uncompressed (lists of run lengths) or "
            "polygons.  [default: rle]",
        ),
    )
    wrapped: Callable = with_request
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped


@click.command(epilog=example("trainer convert demo/dataset --to yolo --labels keypoints --classes person --out yolo"))
@click.argument("data")
@click.option("--to", "to", type=click.Choice(FORMATS), required=True, help="Format to write.")
@click.option("--out", type=FILE, required=True, help=OUT_HELP)
@_dataset_options
@json_option
def convert(data: str, request: DatasetRequest, as_json: bool) -> int:
    """Write DATA in another format, with its images, into the new folder OUT."""
    from ..datasets.convert import convert, summary

    show(convert(data, request), as_json, summary)
    return OK


@click.command(epilog=example("trainer merge shard-1 shard-2 --out ward"))
@click.argument("data", nargs=-1, required=True)
@click.option("--out", type=FILE, required=True, help=OUT_HELP)
@click.option(
    "--to",
    "to",
    type=click.Choice(FORMATS),
    help="Format to write.  [default: that of DATA, or coco for CVAT's; wardsynth if they differ]",
)
@_dataset_options
@json_option
def merge(data: tuple[str, ...], request: DatasetRequest, as_json: bool) -> int:
    """Combine several DATA, in one or several formats, into one dataset in the new folder OUT.

    Parts of one dataset keep the numbers of their images; two images with the same number are refused. Images of
    different datasets get the attribute "source", by which they can be scored and split.
    """
    from ..datasets.merge import merge, summary

    show(merge(data, request), as_json, summary)
    return OK


@click.command(epilog=example("trainer split demo/dataset --by scene --ratio 80,20 --out sides"))
@click.argument("data")
@click.option("--out", type=FILE, required=True, help="Folder to create, with one dataset folder per split.")
@click.option(
    "--by",
    default="scene",
    show_default=True,
    help="Keep images together that share this: scene, character, camera, source or an attribute of images; "
    "separate several by commas.",
)
@click.option("--ratio", metavar="A,B,...", help="Relative sizes of the splits.  [default: 80,20]")
@click.option(
    "--counts", metavar="A,B,...", help="Number of images per split, instead of --ratio; others are left out."
)
@click.option("--names", metavar="A,B,...", help="Names of the splits.  [default: train,val or train,val,test]")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Random seed of the split.")
@click.option(
    "--file-names",
    metavar="REGEX",
    help="Regular expression whose named groups give the values of --by in file names, such as '(?P<scene>.+)_[0-9]+'.",
)
@click.option(
    "--to", "to", type=click.Choice(FORMATS), help="Format to write.  [default: that of DATA, or coco for CVAT's]"
)
@_dataset_options
@json_option
def split(
    data: str,
    request: DatasetRequest,
    by: str,
    ratio: Optional[str],
    counts: Optional[str],
    names: Optional[str],
    seed: int,
    file_names: Optional[str],
    as_json: bool,
) -> int:
    """Divide DATA into splits that share no scene, nor anything else named by --by.

    Images of one scene always stay in one split. The same seed gives the same splits.
    """
    from ..datasets.split import Division, split, summary

    if ratio is not None and counts is not None:
        raise click.UsageError("--ratio and --counts exclude each other; give one of them")
    parts = numbers("--counts", counts, int) if counts else numbers("--ratio", ratio or "80,20", float)
    division = Division(split_list(by), parts, counts is not None, split_list(names), seed, file_names)
    show(split(data, division, request), as_json, summary)
    return OK


COMMANDS = (convert, merge, split)
