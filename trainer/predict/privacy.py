"""People made unrecognisable in stored images."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from PIL import Image

from shared_format.boxes import clip_xyxy, xywh_to_xyxy

from ..detection.detector import Detections
from ..errors import TrainerError
from .people import people_labels

# Far below the confidence of shown detections: better to pixelate a chair than to show a face.
BLUR_CONFIDENCE = 0.1
_MARGIN = 0.1  # added on each side, as a fraction of the box
_CELLS = 6  # across the box's shorter side
_FRAMES = 12  # seconds for which an area stays pixelated, as a detector may miss a person in single frames


class PeopleBlur:
    """Pixelates people in an image; in a video also the areas where they were a moment ago.

    Args:
        people: names of the classes that are people; empty: those of ``people.PEOPLE``.

    Raises:
        TrainerError: the model has no class of people.
    """

    def __init__(self, classes: Sequence[str], moving: bool, people: Sequence[str] = ()) -> None:
        self._labels = people_labels(classes, people)
        if not len(self._labels):
            raise TrainerError(
                f"--blur-people: the model's classes are {', '.join(classes[:5])}; name those that are people: "
                "--people CLASSES"
            )
        self._recent: deque[np.ndarray] = deque(maxlen=_FRAMES if moving else 1)

    def apply(self, image: Image.Image, detections: Detections) -> Image.Image:
        """Pixelate, in a copy of the image, the people that ``detections`` holds above ``BLUR_CONFIDENCE``."""
        people = detections.where(np.isin(detections.labels, self._labels)).above(BLUR_CONFIDENCE)
        self._recent.append(people.boxes.reshape(-1, 4))
        image = image.copy()
        for corners in _grown(np.concatenate(list(self._recent)), image.size):
            pixelate(image, corners)
        return image


def _grown(boxes: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    corners = xywh_to_xyxy(boxes)
    margin = boxes[:, 2:] * _MARGIN
    corners = np.concatenate([corners[:, :2] - margin, corners[:, 2:] + margin], axis=1)
    return clip_xyxy(corners, *size)


def pixelate(image: Image.Image, corners: Sequence[float]) -> None:
    """Replace ``[x1, y1, x2, y2]`` by cells of their mean colour, in place; pixels that the box touches included."""
    left, top = (int(np.floor(side)) for side in corners[:2])
    right, bottom = (int(np.ceil(side)) for side in corners[2:])
    width, height = right - left, bottom - top
    if width <= 0 or height <= 0:
        return
    cell = max(1, min(width, height) / _CELLS)
    coarse = (max(1, round(width / cell)), max(1, round(height / cell)))
    region = image.crop((left, top, right, bottom))
    means = region.resize(coarse, Image.Resampling.BOX)
    image.paste(means.resize(region.size, Image.Resampling.NEAREST), (left, top))
