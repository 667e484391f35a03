"""``coco.json`` and ``annotations.txt``, written from a dataset's records with one record in memory at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from ..dataset_format import atomic, coco, dataset, errors, keras_yolo3

ANNOTATIONS = "annotations.txt"


def write_summaries(out: Path) -> Optional[str]:
    """Write both files from all records in the folder; returns the problem if they could not be written."""
    try:
        coco.write(out / coco.ANNOTATION_FILE, dataset.read_info(out), dataset.read_frames(out))
        with atomic.writing(out / ANNOTATIONS) as lines:
            lines.writelines(f"{line}\n".encode() for line in keras_yolo3.lines(dataset.read_frames(out)))
    except (OSError, errors.FormatError) as error:
        return f"{coco.ANNOTATION_FILE} and {ANNOTATIONS} could not be written: {error}"
    return None


def remove_summaries(out: Path) -> None:
    """Remove both files, because they may only exist while they cover every image."""
    for name in (coco.ANNOTATION_FILE, ANNOTATIONS):
        (out / name).unlink(missing_ok=True)
