"""The difference between an exported file, run in its runtime, and Keras."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

import keras
import numpy as np
from PIL import Image

from ..detection.nms import InputDetections, best_detections
from ..detection.thresholds import MAX_DETECTIONS, NMS_THRESHOLD, SHOWN_CONFIDENCE
from ..examples.letterbox import letterboxed
from ..network.decode import decode
from ..network.spec import ModelSpec
from ..runtimes import Predictions
from ..runtimes.exported import DETECTIONS, ExportedRuntime

# Boxes are compared where the score is above the first number, and for the best predictions at least.
_COMPARED_ABOVE, _COMPARED_AT_LEAST = 0.05, 20


class DifferenceRow(TypedDict):
    """A ``OutputDifference`` in JSON."""

    score: float
    box_pixels: float


@dataclass(frozen=True)
class OutputDifference:
    """The largest difference in a score (0..1) and in a box edge (pixels of the network's input)."""

    score: float
    box_pixels: float

    def within(self, bound: OutputDifference) -> bool:
        """Whether neither number exceeds that of the ``bound``."""
        return self.score <= bound.score and self.box_pixels <= bound.box_pixels

    def to_json(self) -> DifferenceRow:
        """Convert to JSON."""
        return {"score": self.score, "box_pixels": self.box_pixels}


def largest_difference(
    network: keras.Model, spec: ModelSpec, runtime: ExportedRuntime, images: Sequence[Image.Image]
) -> OutputDifference:
    """Compare ``runtime`` with ``network`` on ``images``: before suppression, or after it if the file suppresses."""
    compare = _compare_detections if runtime.exported.output == DETECTIONS else _compare_predictions
    differences = [OutputDifference(0.0, 0.0)]
    for image in images:
        pixels = letterboxed(image, spec.size)[0][None]
        expected = Predictions(*(one[0] for one in decode(network.predict_on_batch(pixels), spec)))
        actual = Predictions(*(one[0] for one in runtime.predictions(pixels, SHOWN_CONFIDENCE, NMS_THRESHOLD)))
        differences.append(compare(expected, actual))
    return OutputDifference(max(one.score for one in differences), max(one.box_pixels for one in differences))


def _compare_predictions(expected: Predictions, actual: Predictions) -> OutputDifference:
    best = expected.scores.max(axis=1)
    compared = best >= min(_COMPARED_ABOVE, np.sort(best)[-_COMPARED_AT_LEAST:][0])
    scores, boxes = np.abs(expected.scores - actual.scores), np.abs(expected.boxes - actual.boxes)[compared]
    return OutputDifference(float(scores.max()), float(boxes.max()))


def _compare_detections(expected: Predictions, actual: Predictions) -> OutputDifference:
    """Compare matched detections; an unmatched one differs by its score above the threshold."""
    thresholds = (SHOWN_CONFIDENCE, NMS_THRESHOLD, MAX_DETECTIONS)
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
