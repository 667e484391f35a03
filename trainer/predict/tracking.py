"""Track ids from frame to frame: ByteTrack (arXiv 2110.06864), in supervision's implementation."""

from __future__ import annotations

import warnings
from typing import Optional

import numpy as np

from shared_format.boxes import xywh_to_xyxy

from ..detection.detector import Detections
from ..extras import extra_module

# ByteTrack starts tracks above the first score, and joins detections above the second to existing tracks.
_STARTS_ABOVE, _LOWEST = 0.25, 0.1
_FRAMES_REMEMBERED = 30

TrackIds = list[Optional[int]]


class Tracker:
    """Assigns track ids to the detections of one video, frame by frame."""

    lowest_score = _LOWEST

    def __init__(self) -> None:
        self._supervision = extra_module("supervision", "video", "--track")
        with warnings.catch_warnings():
            # It moves to a package that needs NumPy 2, which Blender's module does not have yet.
            warnings.simplefilter("ignore", FutureWarning)
            self._tracker = self._supervision.ByteTrack(
                track_activation_threshold=_STARTS_ABOVE, lost_track_buffer=_FRAMES_REMEMBERED
            )

    def track_ids(self, detections: Detections) -> TrackIds:
        """The track id of each detection of the next frame, from 1; None for one without a track (yet)."""
        count = len(detections.scores)
        untracked = self._supervision.Detections(
            xyxy=xywh_to_xyxy(detections.boxes.reshape(-1, 4)).astype(np.float32),
            confidence=detections.scores.astype(np.float32),
            class_id=detections.labels.astype(int),
            data={"index": np.arange(count)},
        )
        tracked = self._tracker.update_with_detections(untracked)
        ids: TrackIds = [None] * count
        if tracked.tracker_id is not None:
            for index, number in zip(tracked.data.get("index", ()), tracked.tracker_id):
                ids[int(index)] = int(number)
        return ids
