"""Labels and detections in COCO's words: the dict of the truth, the list of the results."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..detection.detector import Detections
from ..examples.example import ExampleSet


def coco_ground_truth(examples: ExampleSet) -> dict:
    """The labels as a COCO dict; ids of annotations count from 1 (0 means "unmatched" to COCO's code)."""
    annotations: list = []
    for example in examples.examples:
        for box, label, ignore, area in zip(example.boxes, example.labels, example.ignore, example.areas):
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": example.image_id,
                    "category_id": examples.category_ids[label],
                    "bbox": box.tolist(),
                    "area": float(area),
                    "iscrowd": int(ignore),
                }
            )
    return {
        "images": [
            {"id": example.image_id, "file_name": example.path.name, "width": example.width, "height": example.height}
            for example in examples.examples
        ],
        "annotations": annotations,
        "categories": [{"id": number, "name": name} for number, name in zip(examples.category_ids, examples.classes)],
    }


def coco_results(
    detections: Sequence[Detections], images: Sequence[tuple], classes: Sequence[str], category_ids: Sequence[int]
) -> list:
    """Detections as a COCO results list, numbers as they are.

    Args:
        images: (image_id, file name) of each of the ``detections``.
    """
    return [
        {
            "image_id": image_id,
            "file_name": file_name,
            "category_id": category_ids[label],
            "category": classes[label],
            "bbox": box.tolist(),
            "score": float(score),
        }
        for (image_id, file_name), found in zip(images, detections)
        for box, score, label in zip(found.boxes, found.scores, found.labels)
    ]


def result_rows(examples: ExampleSet, detections: Sequence[Detections]) -> np.ndarray:
    """(N, 7) float64 ``[image_id, x, y, width, height, score, category_id]`` of every detection, image by image."""
    counts = [len(found.scores) for found in detections]
    ids = np.repeat([float(example.image_id) for example in examples.examples], counts)
    boxes = np.concatenate([found.boxes.reshape(-1, 4) for found in detections] or [np.zeros((0, 4))])
    scores = np.concatenate([found.scores for found in detections] or [np.zeros(0)])
    labels = np.concatenate([found.labels for found in detections] or [np.zeros(0, dtype=int)])
    categories = np.asarray(examples.category_ids, dtype=np.float64)[labels]
    return np.column_stack([ids, boxes, scores, categories])
