"""`trainer convert`: labels of any kind written as another kind, with their images, whole or not at all."""

from __future__ import annotations

from ..progress import Progress
from .label_style import label_style
from .request import DatasetRequest
from .writing import NewDataset, WrittenCounts, incoming, kept_classes, new_folder, remarks, write_images, written_kind

SCHEMA_VERSION = 1


class ConvertResult(WrittenCounts):
    """What ``convert`` wrote, as JSON."""

    schema_version: int
    format: str
    out: str
    classes: list[str]


def convert(data: str, request: DatasetRequest) -> ConvertResult:
    """Convert DATA and return what was written: counts of images and boxes, the classes, the folder.

    Raises:
        TrainerError: the folder is there and not empty, cannot be written, or a class, or the labels that are asked
            for, are not in the data.
        FormatError: labels that cannot be used.
    """
    labels = request.read(data)
    kind = request.kind or written_kind(labels.kind)
    style = label_style([labels], kind, request.labels)
    classes = kept_classes(labels, request.classes)
    with new_folder(request.out) as folder, Progress(len(labels.images), "converting", "images") as progress:
        new = NewDataset(folder, kind, labels.info, classes, labels.box_policy(request.boxes), style)
        counts = write_images(new, incoming(labels, style), progress.advance)
        request.refuse_missing_labels(data, counts)
    return {
        "schema_version": SCHEMA_VERSION,
        "format": kind,
        "out": str(request.out),
        "classes": list(classes),
        **counts,
    }


def summary(result: ConvertResult) -> str:
    """One line for people."""
    return (
        f"{result['out']}: {result['pictures']} images, {result['boxes']} boxes of {', '.join(result['classes'])} "
        f"as {result['format']}{remarks(result)}"
    )
