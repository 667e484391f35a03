"""`trainer convert`: labels of any kind written as another kind, with their images, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from shared_format.record import DEFAULT_BOXES, DEFAULT_CLASSES

from ..examples.readers import read_labels
from ..formats.class_rules import ClassRules
from ..progress import Progress
from .writing import WrittenCounts, incoming, keeps_masks, kept_classes, left_out, new_folder, write_images

SCHEMA_VERSION = 1


class ConvertResult(WrittenCounts):
    """What ``convert`` wrote, as JSON."""

    schema_version: int
    format: str
    out: str
    classes: list[str]


@dataclass(frozen=True)
class ConvertRequest:
    """What to convert into what.

    Attributes:
        data: DATA as the command line takes it.
        kind: the format to write, a key of ``datasets.writing.WRITERS``.
        out: the new folder.
        boxes: the box policy of what has several boxes.
        classes: the classes to keep, in the order of their numbers; empty: all, as the data orders them.
        source_kind: the format to read, or None to recognise it.
        rules: which objects are of which class; None: their categories are their classes.
    """

    data: str
    kind: str
    out: Path
    boxes: str = DEFAULT_BOXES
    classes: tuple[str, ...] = ()
    source_kind: Optional[str] = None
    rules: Optional[ClassRules] = None


def convert(request: ConvertRequest) -> ConvertResult:
    """Convert and return what was written: counts of images and boxes, the classes, the folder.

    Raises:
        TrainerError: the folder is there and not empty, cannot be written, or a class is not in the data.
        FormatError: labels that cannot be used.
    """
    labels = read_labels(
        request.data,
        request.classes or DEFAULT_CLASSES,
        request.source_kind,
        masks=keeps_masks(request.kind),
        rules=request.rules,
    )
    classes = kept_classes(labels, request.classes)
    policy = labels.box_policy(request.boxes)
    with new_folder(request.out) as folder, Progress(len(labels.images), "converting", "images") as progress:
        counts = write_images(
            folder, request.kind, labels.info, incoming(labels), classes, policy, advance=progress.advance
        )
    return {
        "schema_version": SCHEMA_VERSION,
        "format": request.kind,
        "out": str(request.out),
        "classes": list(classes),
        **counts,
    }


def summary(result: ConvertResult) -> str:
    """One line for people."""
    return (
        f"{result['out']}: {result['pictures']} images, {result['boxes']} boxes of {', '.join(result['classes'])} "
        f"as {result['format']}{left_out(result)}"
    )
