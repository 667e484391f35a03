"""The JSON answers of the endpoints, as the OpenAPI page describes them."""

from __future__ import annotations

from typing import Optional

from pydantic import BaseModel, Field

from shared_format.boxes import xywh_to_xyxy

from ..detection.detector import Detections
from ..network.spec import ModelSpec

SCHEMA_VERSION = 1


class Detection(BaseModel):
    """One detected object. The last five fields repeat its values under the names of 3d-dl's server."""

    category: str
    score: float = Field(description="Confidence, 0..1")
    bbox: list[float] = Field(description="Box as x, y, width, height in pixels of the upright image")
    label: str
    cmin: float
    rmin: float
    cmax: float
    rmax: float


class DetectorAnswer(BaseModel):
    """The detections of an image, best first."""

    schema_version: int = SCHEMA_VERSION
    width: int = Field(description="Width of the upright image, in pixels")
    height: int = Field(description="Height of the upright image, in pixels")
    detections: list[Detection]


class BestClass(BaseModel):
    """The class of the best detection; null and 0 if there is none.

    ``max_class`` and ``max_value`` repeat them under the names of 3d-dl's server.
    """

    schema_version: int = SCHEMA_VERSION
    category: Optional[str]
    score: float
    max_class: Optional[str]
    max_value: float


class Health(BaseModel):
    """State of the service, and the model it runs."""

    status: str
    model: str
    size: int
    classes: list[str]
    version: str


class Refusal(BaseModel):
    """Answer to a request that is refused."""

    error: str = Field(description="Reason, in one line")


def detector_answer(detections: Detections, size: tuple[int, int], spec: ModelSpec) -> DetectorAnswer:
    """Build the answer of /detector for an image of ``size`` (width, height)."""
    rows = []
    for box, score, label in zip(detections.boxes, detections.scores, detections.labels):
        x1, y1, x2, y2 = (float(side) for side in xywh_to_xyxy(box))
        name = spec.classes[label]
        rows.append(
            Detection(
                category=name, score=float(score), bbox=box.tolist(), label=name, cmin=x1, rmin=y1, cmax=x2, rmax=y2
            )
        )
    return DetectorAnswer(width=size[0], height=size[1], detections=rows)


def best_class(detections: Detections, spec: ModelSpec) -> BestClass:
    """Build the answer of /api."""
    name, score = None, 0.0
    if len(detections.scores):
        name, score = spec.classes[detections.labels[0]], float(detections.scores[0])
    return BestClass(category=name, score=score, max_class=name, max_value=score)
