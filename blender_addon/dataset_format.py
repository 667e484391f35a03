"""The dataset format, wherever it is: inside the installed zip, or beside the add-on in the repository.

The zip carries a copy of ``shared_format`` as a subpackage, and an add-on must not reach outside itself.
"""

from __future__ import annotations

from pathlib import Path

if (Path(__file__).parent / "shared_format").is_dir():
    from .shared_format import (
        atomic,
        boxes,
        coco,
        cores,
        dataset,
        digests,
        effects,
        errors,
        keras_yolo3,
        keypoints,
        masks,
        record,
    )
else:
    from shared_format import (
        atomic,
        boxes,
        coco,
        cores,
        dataset,
        digests,
        effects,
        errors,
        keras_yolo3,
        keypoints,
        masks,
        record,
    )

__all__ = [
    "atomic",
    "boxes",
    "coco",
    "cores",
    "dataset",
    "digests",
    "effects",
    "errors",
    "keras_yolo3",
    "keypoints",
    "masks",
    "record",
]
