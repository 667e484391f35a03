"""The JSON of the two doors, as the OpenAPI page describes it."""

from __future__ import annotations

from typing import Optional

from pydantic import BaseModel, Field

from shared_format.boxes import xywh_to_xyxy

from ..detection.detector import Detections
from ..network.spec import DetectorSpec

SCHEMA_VERSION = 1


class Detection(BaseModel):
    """One object. The last five are the names of 3d-dl's server for the same things."""

    category: str
    score: float = Field(description="0..1")
    bbox: list[float] = Field(description="x, y, width, height in pixels of the upright image")
    label: str
    cmin: float
    rmin: float
    cmax: float
    rmax: float


class Detected(BaseModel):
    """What is in an image, best first."""

    schema_version: int = SCHEMA_VERSION
    width: int = Field(description="of the upright image, pixels")
    height: int
    detections: list[Detection]


class Best(BaseModel):
    """The best class of an image; None and 0 where nothing is found. ``max_class`` and ``max_value`` as 3d-dl."""

    schema_version: int = SCHEMA_VERSION
    category: Optional[str]
    score: float
    max_class: Optional[str]
    max_value: float


class Health(BaseModel):
    """That the service runs, and with what."""

    status: str
    model: str
    size: int
    classes: list[str]
    version: str


class Refusal(BaseModel):
    """Why a request was not answered."""

    error: str


def detected(found: Detections, size: tuple, spec: DetectorSpec) -> Detected:
    """The answer of /detector."""
    rows = []
    for box, score, label in zip(found.boxes, found.scores, found.labels):
        x1, y1, x2, y2 = (float(side) for side in xywh_to_xyxy(box))
        name = spec.classes[label]
        rows.append(
            Detection(
                category=name, score=float(score), bbox=box.tolist(), label=name, cmin=x1, rmin=y1, cmax=x2, rmax=y2
            )
        )
    return Detected(width=size[0], height=size[1], detections=rows)


def best(found: Detections, spec: DetectorSpec) -> Best:
    """The answer of /api."""
    name, score = (spec.classes[found.labels[0]], float(found.scores[0])) if len(found.scores) else (None, 0.0)
    return Best(category=name, score=score, max_class=name, max_value=score)
