"""Eyes that look into the camera and reflect the light of a lamp beside it."""

from __future__ import annotations

import math

import numpy as np

from ..dataset_format import keypoints, record
from ..draw.projection import focal_length

_WITHIN_DEG = 35.0  # largest angle between the gaze and the line from the head to the camera
_PUPIL_M = 0.004  # radius of the glowing pupil
_EYES = [keypoints.NAMES.index(name) for name in ("left_eye", "right_eye")]
_EARS = [keypoints.NAMES.index(name) for name in ("left_ear", "right_ear")]


def eyes_on_camera(frame: record.Frame) -> np.ndarray:
    """(N, 3): x, y and radius in pixels of the visible open eyes that look into the camera.

    The gaze runs from the middle between the ears to the middle between the eyes.
    """
    if frame.camera is None:
        return np.zeros((0, 3))
    focal = focal_length(frame.camera.intrinsics)
    eyes_seen = []
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
        radius = _PUPIL_M / distance * focal
        eyes_seen += [
            (*person.keypoints[eye][:2], radius) for eye in _EYES if person.keypoints[eye][2] == keypoints.VISIBLE
        ]
    return np.array(eyes_seen, dtype=np.float64).reshape(-1, 3)
