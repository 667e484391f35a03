"""`trainer convert`: labels of any kind written as another kind, with their images, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from shared_format.record import DEFAULT_BOXES, DEFAULT_CLASSES

from ..errors import TrainerError
from ..examples.readers import read_labels
from ..formats.class_rules import ClassRules
from ..progress import Progress
from .label_style import DEFAULT_REQUEST, KEYPOINTS, MASKS, LabelRequest, label_style, needs_masks
from .writing import WrittenCounts, incoming, kept_classes, left_out, new_folder, write_images

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
        labels: what is written beside the boxes.
    """

    data: str
    kind: str
    out: Path
    boxes: str = DEFAULT_BOXES
    classes: tuple[str, ...] = ()
    source_kind: Optional[str] = None
    rules: Optional[ClassRules] = None
    labels: LabelRequest = DEFAULT_REQUEST


def convert(request: ConvertRequest) -> ConvertResult:
    """Convert and return what was written: counts of images and boxes, the classes, the folder.

    Raises:
        TrainerError: the folder is there and not empty, cannot be written, or a class, or the labels that are asked
            for, are not in the data.
        FormatError: labels that cannot be used.
    """
    masks = needs_masks(request.data, request.source_kind, request.kind, request.labels)
    labels = read_labels(
        request.data,
        request.classes or DEFAULT_CLASSES,
        request.source_kind,
        masks=masks,
        rules=request.rules,
    )
    style = label_style([labels], request.kind, request.labels)
    classes = kept_classes(labels, request.classes)
    policy = labels.box_policy(request.boxes)
    with new_folder(request.out) as folder, Progress(len(labels.images), "converting", "images") as progress:
        images = incoming(labels, style)
        counts = write_images(folder, request.kind, labels.info, images, classes, policy, progress.advance, style)
        for name, count in ((KEYPOINTS, counts["keypoints"]), (MASKS, counts["masks"])):
            if request.labels.labels == name and counts["boxes"] and not count:
                raise TrainerError(f"--labels {name}: {request.data} has {counts['boxes']} boxes and no {name}")
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
