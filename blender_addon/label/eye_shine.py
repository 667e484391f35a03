"""Whose eyes look into the camera: these give the light of a lamp beside it back."""

from __future__ import annotations

import math

import numpy as np

from ..dataset_format import keypoints, record
from ..draw.projection import focal_length

_WITHIN_DEG = 35.0  # of the line from the head to the camera
_PUPIL_M = 0.004  # radius of what glows
_EYES = [keypoints.NAMES.index(name) for name in ("left_eye", "right_eye")]
_EARS = [keypoints.NAMES.index(name) for name in ("left_ear", "right_ear")]


def eyes_on_camera(frame: record.Frame) -> np.ndarray:
    """(N, 3): x, y and radius in pixels of the eyes that are seen, open, and look into the camera.

    A head looks from between its ears to between its eyes.
    """
    found = []
    for person in frame.instances:
        if not person.keypoints or person.attributes.get("eyes") == "closed":
            continue
        points = np.asarray(person.keypoints_3d, dtype=np.float64)
        eyes = points[_EYES].mean(axis=0)
        gaze = eyes - points[_EARS].mean(axis=0)
        distance = float(np.linalg.norm(eyes))
        cosine = float(gaze @ -eyes) / max(float(np.linalg.norm(gaze)) * distance, 1e-9)
        if cosine < math.cos(math.radians(_WITHIN_DEG)):
            continue
        radius = _PUPIL_M / distance * focal_length(frame.camera.intrinsics)
        found += [
            (*person.keypoints[eye][:2], radius) for eye in _EYES if person.keypoints[eye][2] == keypoints.VISIBLE
        ]
    return np.array(found, dtype=np.float64).reshape(-1, 3)
