"""The default thresholds of detection, and how boxes that overlap are reduced."""

from __future__ import annotations

from dataclasses import dataclass

SHOWN_CONFIDENCE = 0.25  # for results that people look at
EVALUATION_CONFIDENCE = 0.001  # COCO's evaluation needs nearly all detections
NMS_THRESHOLD = 0.45  # IoU
MAX_DETECTIONS = 100  # per image


@dataclass(frozen=True)
class Suppression:
    """How detections of the same object are told from those of several that overlap.

    Attributes:
        iou: overlap above which hard suppression drops the weaker of two boxes.
        soft: lower the scores of boxes that overlap better ones instead, the more the higher their IoU (Bodla et al.,
            "Soft-NMS", arXiv 1704.04503, Gaussian); ``iou`` then only says which boxes of people of several classes
            are one person's.
    """

    iou: float = NMS_THRESHOLD
    soft: bool = False

    def to_json(self) -> dict[str, str | float]:
        """The settings by the names that reports give them."""
        return {"suppression": "soft"} if self.soft else {"suppression": "hard", "nms_iou": self.iou}
