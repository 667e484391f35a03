"""Who is who from frame to frame: ByteTrack (arXiv 2110.06864), in supervision's implementation."""

from __future__ import annotations

import warnings
from typing import Optional

import numpy as np

from shared_format.boxes import xywh_to_xyxy

from ..detection.detector import Detections
from ..extras import extra_module

# ByteTrack joins what scores below the first of these to tracks there are, and begins none with it.
_BEGINS_ABOVE, _LOWEST = 0.25, 0.1
_FRAMES_REMEMBERED = 30


class Tracker:
    """Gives the detections of one video their ids; frames in their order."""

    lowest_score = _LOWEST

    def __init__(self) -> None:
        self._supervision = extra_module("supervision", "video", "--track")
        with warnings.catch_warnings():
            # It moves to a package that needs NumPy 2, which Blender's module does not have yet.
            warnings.simplefilter("ignore", FutureWarning)
            self._tracker = self._supervision.ByteTrack(
                track_activation_threshold=_BEGINS_ABOVE, lost_track_buffer=_FRAMES_REMEMBERED
            )

    def ids(self, detections: Detections) -> list:
        """The id of each detection, from 1; None of one that belongs to no track (yet)."""
        count = len(detections.scores)
        given = self._supervision.Detections(
            xyxy=xywh_to_xyxy(detections.boxes.reshape(-1, 4)).astype(np.float32),
            confidence=detections.scores.astype(np.float32),
            class_id=detections.labels.astype(int),
            data={"place": np.arange(count)},
        )
        tracked = self._tracker.update_with_detections(given)
        ids: list[Optional[int]] = [None] * count
        if tracked.tracker_id is not None:
            for place, number in zip(tracked.data.get("place", ()), tracked.tracker_id):
                ids[int(place)] = int(number)
        return ids
