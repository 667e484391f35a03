"""The end of a dataset: ``coco.json`` and ``annotations.txt`` from its records, one record in memory at a time."""

from __future__ import annotations

from pathlib import Path

from ..dataset_format import atomic, coco, dataset, errors, keras_yolo3

ANNOTATIONS = "annotations.txt"


def finished(out: Path) -> str:
    """Write both from all records in the folder; returns "" or, in a line, why they could not be."""
    try:
        _write(out)
    except (OSError, errors.FormatError) as error:
        return f"{coco.ANNOTATION_FILE} and {ANNOTATIONS} could not be written: {error}"
    return ""


def _write(out: Path) -> None:
    coco.write(out / coco.ANNOTATION_FILE, dataset.read_info(out), dataset.read_frames(out))
    with atomic.writing(out / ANNOTATIONS) as lines:
        lines.writelines(f"{line}\n".encode() for line in keras_yolo3.lines(dataset.read_frames(out)))


def unfinish(out: Path) -> None:
    """Take both away: where they are, they tell of every image."""
    for name in (coco.ANNOTATION_FILE, ANNOTATIONS):
        (out / name).unlink(missing_ok=True)
