"""Detectors in other programs: the outputs of their files, and the difference from Keras."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
from PIL import Image

from ...detection.nms import InputDetections, best_detections
from ...detection.thresholds import MAX_DETECTIONS, NMS_THRESHOLD, SHOWN_CONFIDENCE, Suppression
from ...examples.letterbox import letterboxed
from ...network.decode import as_heads, boxes_and_scores, decode
from ...network.spec import ModelSpec
from ...network.tensors import Tensor
from ...runtimes import Predictions
from ...runtimes.exported import BOXES, DETECTIONS, HEADS, ExportedRuntime, head_name
from ..exporting import Exporting, HeadDescription, OutputDifference

# Boxes are compared where the score is above the first number, and for the best predictions at least.
_COMPARED_ABOVE, _COMPARED_AT_LEAST = 0.05, 20
OUTPUT_TEXTS = {
    HEADS: (
        "head_N: (batch, rows, columns, anchors * (5 + classes)) raw outputs, anchor-major x, y, w, h, objectness, "
        "classes. In cell (i, j), s = scale_x_y: centre x = (s * sigmoid(x) - (s - 1) / 2 + i) / columns, y likewise; "
        "width = exp(w) * anchor width / size, height likewise; score = sigmoid(objectness) * sigmoid(class)."
    ),
    BOXES: (
        "boxes: (batch, P, 4) x1, y1, x2, y2 in pixels of the input; scores: (batch, P, classes) 0..1. Apply "
        f"non-maximum suppression yourself: class by class, IoU above {NMS_THRESHOLD}."
    ),
    DETECTIONS: (
        "detections: (N, 7) image in the batch, x1, y1, x2, y2 in pixels of the input, score, class; at most "
        f"{MAX_DETECTIONS} per class. The inputs score_threshold (default {SHOWN_CONFIDENCE}) and iou_threshold "
        f"(default {NMS_THRESHOLD}) are optional."
    ),
}


class DetectExporting(Exporting):
    """Raw heads; boxes with scores; or the detections that are left after suppression."""

    outputs = OUTPUT_TEXTS

    def named_outputs(self, outputs: Tensor, spec: ModelSpec, output: str) -> dict[str, Tensor]:
        """Implement ``Exporting.named_outputs``; suppression is added to the file, not to the graph."""
        heads = as_heads(outputs)
        if output == HEADS:
            return {head_name(number): head for number, head in enumerate(heads)}
        boxes, scores = boxes_and_scores(heads, spec)
        return {"boxes": boxes, "scores": scores}

    def largest_difference(
        self, network: keras.Model, spec: ModelSpec, runtime: ExportedRuntime, images: Sequence[Image.Image]
    ) -> OutputDifference:
        """Implement ``Exporting.largest_difference``: before suppression, or after it if the file suppresses."""
        compare = _compare_detections if runtime.exported.output == DETECTIONS else _compare_predictions
        differences = [OutputDifference(0.0, 0.0)]
        for image in images:
            pixels = letterboxed(image, spec.size)[0][None]
            expected = Predictions(*(one[0] for one in decode(network.predict_on_batch(pixels), spec)))
            actual = Predictions(*(one[0] for one in runtime.predictions(pixels, SHOWN_CONFIDENCE, NMS_THRESHOLD)))
            differences.append(compare(expected, actual))
        return OutputDifference(max(one.score for one in differences), max(one.box_pixels for one in differences))

    def describe_head(self, spec: ModelSpec) -> HeadDescription:
        """Implement ``Exporting.describe_head``: anchors, and of each head the stride and the scale of centres."""
        head = spec.yolo_head
        rows = list(zip(head.strides, head.masks, head.scale_x_y))
        values: dict[str, object] = {
            "anchors": [list(anchor) for anchor in head.anchors],
            "heads": [{"stride": stride, "anchors": list(mask), "scale_x_y": scale} for stride, mask, scale in rows],
        }
        lines = "\n".join(
            f"- stride {stride}: anchors {', '.join(_pair(head.anchors[index]) for index in mask)}; scale_x_y {scale}"
            for stride, mask, scale in rows
        )
        return HeadDescription(values, f"**Anchors** (width x height, pixels of the input), head by head:\n\n{lines}")


def _pair(anchor: tuple[float, float]) -> str:
    return f"{anchor[0]:g}x{anchor[1]:g}"


def _compare_predictions(expected: Predictions, actual: Predictions) -> OutputDifference:
    best = expected.scores.max(axis=1)
    compared = best >= min(_COMPARED_ABOVE, np.sort(best)[-_COMPARED_AT_LEAST:][0])
    scores, boxes = np.abs(expected.scores - actual.scores), np.abs(expected.boxes - actual.boxes)[compared]
    return OutputDifference(float(scores.max()), float(boxes.max()))


def _compare_detections(expected: Predictions, actual: Predictions) -> OutputDifference:
    """Compare matched detections; an unmatched one differs by its score above the threshold."""
    thresholds = (SHOWN_CONFIDENCE, Suppression(), MAX_DETECTIONS)
    ours, theirs = (_rows(best_detections(*one, *thresholds)) for one in (expected, actual))
    score = box = 0.0
    for row in ours:
        same = [other for other in theirs if other[5] == row[5]]
        nearest = min(same, key=lambda other: np.abs(other[:4] - row[:4]).max(), default=None)
        if nearest is None or np.abs(nearest[:4] - row[:4]).max() > (row[2:4] - row[:2]).max() / 2:
            score = max(score, row[4] - SHOWN_CONFIDENCE)
            continue
        theirs = [other for other in theirs if other is not nearest]
        score, box = max(score, abs(nearest[4] - row[4])), max(box, np.abs(nearest[:4] - row[:4]).max())
    score = max([score, *(other[4] - SHOWN_CONFIDENCE for other in theirs)])
    return OutputDifference(float(score), float(box))


def _rows(detections: InputDetections) -> list[np.ndarray]:
    """One row [x1, y1, x2, y2, score, label] per detection."""
    return list(np.column_stack(detections).astype(np.float64))
