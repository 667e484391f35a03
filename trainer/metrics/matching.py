"""COCO's one-to-one matches between detections and ground truth as flat arrays: every other metric is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import hotcoco
import numpy as np

from ..detection.detector import Detections
from ..examples.example import ExampleSet
from .arrays import Bools, Floats, Ints
from .coco import evaluated, load_ground_truth, result_rows

UNMATCHED = -1
NEVER = -np.inf


@dataclass(frozen=True)
class Matches:
    """The matches at one IoU threshold.

    Ignored ground truth, and detections in an ignored region, are left out.

    Attributes:
        images, classes: how many there are, with or without objects.
        score, image, label, index: (D,) of each detection, highest confidence first: its confidence, the number of
            its image, its class, and its place among the ``Detections`` of that image.
        ground_truth: (D,) the number of the object that the detection matches, or UNMATCHED: a false positive.
        ground_truth_image, ground_truth_label, ground_truth_index: (T,) of each labelled object; the last is its row
            in its ``Example``.
        matched_at: (T,) the confidence of the detection that matches the object, or NEVER: a false negative.
    """

    images: int
    classes: int
    score: Floats
    image: Ints
    label: Ints
    index: Ints
    ground_truth: Ints
    ground_truth_image: Ints
    ground_truth_label: Ints
    ground_truth_index: Ints
    matched_at: Floats

    @property
    def true_positive(self) -> Bools:
        """(D,) whether each detection matches a labelled object."""
        return self.ground_truth != UNMATCHED

    @property
    def objects(self) -> int:
        """How many labelled objects there are."""
        return len(self.matched_at)

    def of_class(self, label: int) -> Matches:
        """The detections and objects of one class; only whether ``ground_truth`` is UNMATCHED keeps its meaning."""
        return self.where(self.label == label, self.ground_truth_label == label)

    def part(self, images: Bools, objects: Bools) -> Matches:
        """The matches that count where only some objects are scored: those objects, what matches them, false positives.

        Args:
            images: (P,) the images scored; detections in others do not count.
            objects: (T,) the objects scored; a detection that matches another object counts neither way.
        """
        scored = np.append(objects, True)[self.ground_truth]  # UNMATCHED, -1, is the last
        return self.where(images[self.image] & scored, objects)

    def where(self, detections: Bools, objects: Bools) -> Matches:
        """The chosen detections and objects; every object that a chosen detection matches has to be chosen too."""
        numbers = np.append(np.cumsum(objects) - 1, UNMATCHED)
        return Matches(
            images=self.images,
            classes=self.classes,
            score=self.score[detections],
            image=self.image[detections],
            label=self.label[detections],
            index=self.index[detections],
            ground_truth=numbers[self.ground_truth[detections]],
            ground_truth_image=self.ground_truth_image[objects],
            ground_truth_label=self.ground_truth_label[objects],
            ground_truth_index=self.ground_truth_index[objects],
            matched_at=self.matched_at[objects],
        )


def match(examples: ExampleSet, detections: Sequence[Detections], iou: float = 0.5) -> Matches:
    """Match ``detections``, one entry per example, as COCO does.

    Within a class the detection of the highest confidence chooses first, and each object is matched once.

    Args:
        iou: the lowest that is a match.
    """
    return match_at(examples, detections, (iou,))[0]


def match_at(examples: ExampleSet, detections: Sequence[Detections], ious: Sequence[float]) -> list[Matches]:
    """The ``Matches`` at each of the ``ious``."""
    rows, ground_truth = result_rows(detections), load_ground_truth(examples)
    return [_matches(examples, detections, rows, evaluated(ground_truth, rows, iou), iou) for iou in ious]


def _matches(
    examples: ExampleSet, detections: Sequence[Detections], rows: Floats, evaluation: hotcoco.COCOeval, iou: float
) -> Matches:
    counted = ~_joined_bools([example.annotations.ignore for example in examples.examples])
    diagnostics = evaluation.image_diagnostics(iou_thr=iou, score_thr=1.0)
    status, pairs = diagnostics["dt_status"], list(diagnostics["dt_match"].items())
    ground_truth = _matched_objects(np.array(pairs, dtype=np.int64).reshape(-1, 2) - 1, counted, len(rows))
    kept = np.zeros(len(rows), dtype=bool)
    kept[np.fromiter(status, dtype=np.int64, count=len(status)) - 1] = True  # ids count from 1 in the rows' order
    order = np.argsort(-rows[:, 5], kind="stable")
    order = order[kept[order]]
    matched_at = np.full(int(counted.sum()), NEVER)
    matching = order[ground_truth[order] != UNMATCHED]
    matched_at[ground_truth[matching]] = rows[matching, 5]
    detection = _positions([len(one.labels) for one in detections])
    labelled = _positions([len(example.annotations) for example in examples.examples])
    return Matches(
        images=len(examples.examples),
        classes=len(examples.classes),
        score=rows[order, 5],
        image=detection.image[order],
        label=_joined_ints([one.labels for one in detections])[order],
        index=detection.place[order],
        ground_truth=ground_truth[order],
        ground_truth_image=labelled.image[counted],
        ground_truth_label=_joined_ints([example.annotations.labels for example in examples.examples])[counted],
        ground_truth_index=labelled.place[counted],
        matched_at=matched_at,
    )


def _matched_objects(pairs: Ints, counted: Bools, detections: int) -> Ints:
    """(D,) for each detection the number of its object among those that are ``counted``, or UNMATCHED.

    Args:
        pairs: (N, 2) row of the detection, row of the object with ignored ones among them.
    """
    numbers = np.cumsum(counted) - 1
    real = counted[pairs[:, 1]]
    ground_truth = np.full(detections, UNMATCHED)
    ground_truth[pairs[real, 0]] = numbers[pairs[real, 1]]
    return ground_truth


class _Positions(NamedTuple):
    """For things in images: (N,) the number of the image, and the place within it."""

    image: Ints
    place: Ints


def _positions(counts: Sequence[int]) -> _Positions:
    """``counts``: how many there are in each image."""
    images = np.repeat(np.arange(len(counts)), counts)
    starts = np.repeat(np.cumsum([0, *counts[:-1]]) if counts else [], counts).astype(np.int64)
    return _Positions(images, np.arange(len(images)) - starts)


def _joined_ints(parts: Sequence[Ints]) -> Ints:
    return np.concatenate([*parts, np.zeros(0, dtype=np.int64)]).astype(np.int64)


def _joined_bools(parts: Sequence[Bools]) -> Bools:
    return np.concatenate([*parts, np.zeros(0, dtype=bool)])
