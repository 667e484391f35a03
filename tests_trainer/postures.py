"""A detector of postures whose answer is known: one person who is taken for two postures at once."""

from __future__ import annotations

import numpy as np

from trainer.network.architectures import make_spec
from trainer.runtimes import Predictions, Runtime

CLASSES = ("standing", "sitting", "lying", "fallen")
SPEC = make_spec("yolov3-nano", 64, CLASSES, (1, 2, 3, 4))
SITTING, STANDING = 0.6, 0.5  # scores of the two boxes of the person


class OnePerson(Runtime):
    """Predicts two boxes, almost the same, in every image: sitting, and standing with a lower score."""

    batch = 1

    def predictions(self, pixels, confidence, nms):
        """Implement ``Runtime.predictions``."""
        boxes = np.tile(np.array([[8.0, 8, 40, 40], [9, 8, 40, 40]], dtype=np.float32), (len(pixels), 1, 1))
        scores = np.zeros((len(pixels), 2, len(CLASSES)), dtype=np.float32)
        scores[:, 0, 1], scores[:, 1, 0] = SITTING, STANDING
        return Predictions(boxes, scores)
