"""COCO's formats and COCO's evaluation (by hotcoco).

Within an evaluation images and classes have numbers of their own, whatever ids the data has: ids may be text or too
large for the float64 rows that the evaluation takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional, TypedDict

import hotcoco
import numpy as np

from ..detection.detector import Detections
from ..examples.example import ExampleSet
from ..formats.label_set import SourceId
from .arrays import Floats


class CocoImage(TypedDict):
    """An image of an annotation file."""

    id: int
    file_name: str
    width: Optional[int]
    height: Optional[int]


class CocoAnnotation(TypedDict):
    """A labelled box ``[x, y, width, height]``; COCO's crowds are ignored regions."""

    id: int
    image_id: int
    category_id: int
    bbox: list[float]
    area: float
    iscrowd: int


class CocoCategory(TypedDict):
    """A class."""

    id: int
    name: str


class CocoGroundTruth(TypedDict):
    """A COCO annotation file, with the fields that an evaluation of boxes reads."""

    images: list[CocoImage]
    annotations: list[CocoAnnotation]
    categories: list[CocoCategory]


class CocoResult(TypedDict):
    """One detection of a COCO results list; the box is ``[x, y, width, height]`` in source pixels."""

    image_id: SourceId
    file_name: str
    category_id: SourceId
    category: str
    bbox: list[float]
    score: float


def image_number(index: int) -> int:
    """The id within an evaluation of the image at ``index`` of the examples."""
    return index + 1


def category_number(label: int) -> int:
    """The id within an evaluation of the class at ``label``."""
    return label + 1


def coco_ground_truth(examples: ExampleSet) -> CocoGroundTruth:
    """The labels as a COCO dict; ids of annotations count from 1 (0 means "unmatched" in COCO's code)."""
    annotations: list[CocoAnnotation] = []
    for index, example in enumerate(examples.examples):
        objects = example.annotations
        for box, label, ignore, area in zip(objects.boxes, objects.labels, objects.ignore, objects.areas):
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": image_number(index),
                    "category_id": category_number(int(label)),
                    "bbox": box.tolist(),
                    "area": float(area),
                    "iscrowd": int(ignore),
                }
            )
    return {
        "images": [
            {"id": image_number(index), "file_name": one.path.name, "width": one.width, "height": one.height}
            for index, one in enumerate(examples.examples)
        ],
        "annotations": annotations,
        "categories": [{"id": category_number(label), "name": name} for label, name in enumerate(examples.classes)],
    }


def coco_results(
    detections: Sequence[Detections],
    images: Sequence[tuple[SourceId, str]],
    classes: Sequence[str],
    category_ids: Sequence[SourceId],
) -> list[CocoResult]:
    """Detections as a COCO results list, numbers unrounded.

    Args:
        images: (image_id, file name) of each of the ``detections``.
    """
    results: list[CocoResult] = []
    for (image_id, file_name), one in zip(images, detections):
        for box, score, label in zip(one.boxes, one.scores, one.labels):
            results.append(
                {
                    "image_id": image_id,
                    "file_name": file_name,
                    "category_id": category_ids[int(label)],
                    "category": classes[int(label)],
                    "bbox": box.tolist(),
                    "score": float(score),
                }
            )
    return results


def result_rows(detections: Sequence[Detections]) -> Floats:
    """(N, 7) ``[image number, x, y, width, height, score, category number]`` of every detection, image by image."""
    counts = [len(one.scores) for one in detections]
    images = np.repeat([float(image_number(index)) for index in range(len(counts))], counts)
    boxes = np.concatenate([one.boxes.reshape(-1, 4) for one in detections] or [np.zeros((0, 4))])
    scores = np.concatenate([one.scores for one in detections] or [np.zeros(0)])
    labels = np.concatenate([one.labels for one in detections] or [np.zeros(0, dtype=np.int64)])
    return np.column_stack([images, boxes, scores, category_number(0) + labels.astype(np.float64)])


def load_ground_truth(examples: ExampleSet) -> hotcoco.COCO:
    """The labels, ready for ``evaluated``."""
    return hotcoco.COCO(dict(coco_ground_truth(examples)))


def evaluated(ground_truth: hotcoco.COCO, rows: Floats, iou: Optional[float] = None) -> hotcoco.COCOeval:
    """COCO's evaluation of boxes, matched. Detections have the ids 1, 2, ... in the order of the ``rows``.

    Args:
        iou: the only threshold, for boxes of all sizes together; None: COCO's own thresholds and sizes.
    """
    evaluation = hotcoco.COCOeval(ground_truth, ground_truth.load_res(rows), "bbox")
    if iou is not None:
        evaluation.params.iou_thrs = [iou]
        evaluation.params.area_rng, evaluation.params.area_rng_lbl = [[0.0, 1e10]], ["all"]
    evaluation.evaluate()
    return evaluation
