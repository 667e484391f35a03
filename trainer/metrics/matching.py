"""Which detection found which truth: COCO's one-to-one matches as flat arrays, the ground of every other number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import hotcoco
import numpy as np

from ..detection.detector import Detections
from ..examples.example import ExampleSet
from .coco import coco_ground_truth, result_rows
from .evaluator import evaluator

NO_GROUND_TRUTH = -1
NEVER = -np.inf


@dataclass(frozen=True)
class Matches:
    """The matches at one IoU. What lies in an ignored region counts neither way and is not here.

    Attributes:
        images, classes: how many there are; without detections and truths too.
        score, image, label, place: of each detection, best first: its confidence, the number of its image, its
            class, and where it stands among its image's ``Detections``.
        truth: for each detection the number of the truth it found, or NO_TRUTH: a false alarm.
        truth_picture, truth_label, truth_place: of each truth; the last is its row in its ``Example``.
        found_at: for each truth the confidence of the detection that found it, or NEVER.
    """

    images: int
    classes: int
    score: np.ndarray
    image: np.ndarray
    label: np.ndarray
    place: np.ndarray
    ground_truth: np.ndarray
    ground_truth_image: np.ndarray
    ground_truth_label: np.ndarray
    ground_truth_place: np.ndarray
    found_at: np.ndarray

    @property
    def hits(self) -> np.ndarray:
        """(D,) bool: the detections that found a truth."""
        return self.ground_truth != NO_GROUND_TRUTH

    def of_class(self, label: int) -> Matches:
        """The detections and truths of one class; ``truth`` then says only whether there is one."""
        return self.where(self.label == label, self.ground_truth_label == label)

    def part(self, images: np.ndarray, ground_truths: np.ndarray) -> Matches:
        """What counts where only some truths are asked for: those, what found them, and false alarms.

        Args:
            images: (P,) bool; a detection elsewhere does not count.
            truths: (T,) bool; a detection that found another truth counts neither way.
        """
        asked = np.append(ground_truths, True)[self.ground_truth]  # NO_TRUTH, -1, is the last
        return self.where(images[self.image] & asked, ground_truths)

    def where(self, detections: np.ndarray, ground_truths: np.ndarray) -> Matches:
        """These detections and truths, both by masks; no kept detection may have found a truth that is not kept."""
        numbers = np.append(np.cumsum(ground_truths) - 1, NO_GROUND_TRUTH)
        return replace(
            self,
            **{name: getattr(self, name)[detections] for name in ("score", "image", "label", "place")},
            ground_truth=numbers[self.ground_truth[detections]],
            **{name: getattr(self, name)[ground_truths] for name in _OF_GROUND_TRUTHS},
        )


_OF_GROUND_TRUTHS = ("ground_truth_image", "ground_truth_label", "ground_truth_place", "found_at")


def match(examples: ExampleSet, detections: Sequence[Detections], iou: float = 0.5) -> Matches:
    """Match ``detections``, one an example, as COCO does: the best score first, each truth once, within a class.

    Args:
        iou: the lowest that is a find.
    """
    return match_at(examples, detections, (iou,))[0]


def match_at(examples: ExampleSet, detections: Sequence[Detections], ious: Sequence[float]) -> list:
    """The ``Matches`` at each of the ``ious``."""
    rows = result_rows(examples, detections)
    ground_truth = hotcoco.COCO(coco_ground_truth(examples))
    return [_matches(examples, detections, rows, evaluator(ground_truth, rows, (iou,)), iou) for iou in ious]


def _matches(
    examples: ExampleSet, detections: Sequence[Detections], rows: np.ndarray, judged: hotcoco.COCOeval, iou: float
) -> Matches:
    said = judged.image_diagnostics(iou_thr=iou, score_thr=1.0)
    # Ids count from 1 in the order of the rows, and of the truths with the ignored ones among them.
    counted = np.zeros(len(rows), dtype=bool)
    counted[np.fromiter(said["dt_status"], dtype=np.int64, count=len(said["dt_status"])) - 1] = True
    found = np.full(len(rows), NO_GROUND_TRUTH)
    pairs = np.array(list(said["dt_match"].items()), dtype=np.int64).reshape(-1, 2) - 1
    kept_ground_truths = ~np.concatenate([example.ignore for example in examples.examples] or [np.zeros(0, dtype=bool)])
    numbers = np.cumsum(kept_ground_truths) - 1
    real = kept_ground_truths[pairs[:, 1]]
    found[pairs[real, 0]] = numbers[pairs[real, 1]]
    order = np.argsort(-rows[:, 5], kind="stable")
    order = order[counted[order]]
    found_at = np.full(int(kept_ground_truths.sum()), NEVER)
    hits = order[found[order] != NO_GROUND_TRUTH]
    found_at[found[hits]] = rows[hits, 5]
    image, place = _numbered([len(one.scores) for one in detections])
    ground_truth_image, ground_truth_place = _numbered([len(example.labels) for example in examples.examples])
    return Matches(
        images=len(examples.examples),
        classes=len(examples.classes),
        score=rows[order, 5],
        image=image[order],
        label=_joined([one.labels for one in detections])[order],
        place=place[order],
        ground_truth=found[order],
        ground_truth_image=ground_truth_image[kept_ground_truths],
        ground_truth_label=_joined([example.labels for example in examples.examples])[kept_ground_truths],
        ground_truth_place=ground_truth_place[kept_ground_truths],
        found_at=found_at,
    )


def _numbered(counts: Sequence[int]) -> tuple:
    """For things in images, ``counts`` in each: the number of the image, and the place within it."""
    images = np.repeat(np.arange(len(counts)), counts)
    starts = np.repeat(np.cumsum([0, *counts[:-1]]) if counts else [], counts).astype(np.int64)
    return images, np.arange(len(images)) - starts


def _joined(parts: Sequence[np.ndarray]) -> np.ndarray:
    return np.concatenate([*parts, np.zeros(0, dtype=np.int64)]).astype(np.int64)
