"""Which classes of a model are people, and one box per person where a person may be of several classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shared_format.boxes import xywh_to_xyxy

from ..detection.detector import Detections
from ..detection.nms import suppress
from ..errors import TrainerError, unknown_key

# Class names that mean people in most models: usual names, roles, postures, and people with and without a mask.
PEOPLE = (
    *("person", "people", "human", "pedestrian"),
    *("patient", "staff", "visitor"),
    *("standing", "sitting", "lying", "fallen"),
    *("mask", "no-mask"),
)


def people_labels(classes: Sequence[str], named: Sequence[str] = ()) -> NDArray[np.int64]:
    """The indices of the classes that are people: those ``named``, or without any those whose name is in ``PEOPLE``.

    Raises:
        TrainerError: the model has no class of a name.
    """
    for name in named:
        if name not in classes:
            raise TrainerError(f"--people: {unknown_key('class of the model', name, list(classes))}")
    labels = [
        label
        for label, name in enumerate(classes)
        if name in named or (not named and name.strip().casefold() in PEOPLE)
    ]
    return np.array(labels, dtype=np.int64)


def one_box_per_person(detections: Detections, people: NDArray[np.int64], iou: float) -> Detections:
    """Of boxes of people that overlap by more than ``iou``, keep the best, whatever their classes.

    A detector of postures may take one person for sitting and for lying at once: suppression within each class leaves
    both boxes, of which people would see one over the other, and a tracker would follow two people.

    Args:
        people: (P,) indices of the classes that are people; detections of other classes stay.
    """
    of_people = np.isin(detections.labels, people)
    if len(people) < 2 or not of_people.any():
        return detections
    places = np.flatnonzero(of_people)
    kept = suppress(xywh_to_xyxy(detections.boxes[places]), detections.scores[places], iou, len(places))
    return detections.where(np.sort(np.concatenate([np.flatnonzero(~of_people), places[kept]])))
