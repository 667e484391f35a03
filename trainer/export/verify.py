"""How far an exported file, run by its own runtime, is from Keras."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import keras
import numpy as np
from PIL import Image

from ..detection.nms import best_detections
from ..detection.thresholds import MAX_DETECTIONS, NMS_THRESHOLD, SHOWN_CONFIDENCE
from ..examples.letterbox import letterboxed
from ..network.decode import decode
from ..network.spec import DetectorSpec
from ..runtimes.exported import DETECTIONS, ExportedRuntime

# Boxes of predictions that nobody would ever see say nothing, and of a network that finds nothing the best do.
_SEEN_ABOVE, _AT_LEAST = 0.05, 20


@dataclass(frozen=True)
class Difference:
    """The largest of a score (0..1) and of a side of a box (pixels of the network's input)."""

    score: float
    box_pixels: float

    def within(self, bound: Difference) -> bool:
        """Whether neither is above the ``bound``."""
        return self.score <= bound.score and self.box_pixels <= bound.box_pixels

    def to_json(self) -> dict:
        """A JSON-able dict."""
        return asdict(self)


def largest_difference(
    network: keras.Model, spec: DetectorSpec, runtime: ExportedRuntime, images: Sequence[Image.Image]
) -> Difference:
    """Compare ``runtime`` with ``network`` on ``images``, before suppression; a file that suppresses, after it."""
    compare = _detections if runtime.exported.output == DETECTIONS else _predictions
    found = [Difference(0.0, 0.0)]
    for image in images:
        pixels = letterboxed(image, spec.size)[0][None]
        expected = [one[0] for one in decode(network.predict_on_batch(pixels), spec)]
        given = [one[0] for one in runtime.predictions(pixels, SHOWN_CONFIDENCE, NMS_THRESHOLD)]
        found.append(compare(expected, given))
    return Difference(max(one.score for one in found), max(one.box_pixels for one in found))


def _predictions(expected: Sequence, given: Sequence) -> Difference:
    best = expected[1].max(axis=1)
    seen = best >= min(_SEEN_ABOVE, np.sort(best)[-_AT_LEAST:][0])
    return Difference(float(np.abs(expected[1] - given[1]).max()), float(np.abs(expected[0] - given[0])[seen].max()))


def _detections(expected: Sequence, given: Sequence) -> Difference:
    """Of those that both have; one that only one side has differs by what its score is above the threshold."""
    thresholds = (SHOWN_CONFIDENCE, NMS_THRESHOLD, MAX_DETECTIONS)
    ours, theirs = (_rows(*best_detections(*one, *thresholds)) for one in (expected, given))
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
    return Difference(float(score), float(box))


def _rows(boxes: np.ndarray, scores: np.ndarray, labels: np.ndarray) -> list:
    return list(np.column_stack([boxes, scores, labels]).astype(np.float64))
