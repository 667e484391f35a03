"""Anchors from the data: k-means under 1 - IoU (YOLOv2, arXiv 1612.08242). The same data gives the same anchors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np
from numpy.typing import NDArray

from shared_format.boxes import size_iou, xywh_to_xyxy

from ..errors import TrainerError
from ..examples.example import ExampleSet
from ..examples.letterbox import letterbox

# With fewer boxes per anchor the clusters depend more on the sample than on the task.
BOXES_PER_ANCHOR = 4
# Largest factor between the sides of an anchor and those of an object that it is matched to.
SHAPE_RATIO = 4.0
_ROUNDS = 300
# k-means ends in a local optimum that depends on its start: the best of several starts is used, found on a sample of
# this many boxes.
_STARTS = 8
_SAMPLE = 5000
Anchors = tuple[tuple[float, float], ...]  # (width, height) in pixels of the input


@dataclass(frozen=True)
class AnchorFit:
    """Anchors and how well they fit the boxes they were computed from.

    Attributes:
        anchors: (width, height) in pixels of the input, smallest area first, as in a .cfg.
        size: side of the input, pixels.
        boxes: number of boxes.
        mean_iou: mean IoU of the boxes with their best anchor on the same centre.
        best_possible_recall: fraction of the boxes with an anchor whose width and height are both within a factor of
            ``SHAPE_RATIO``: the boxes that the modern loss can teach.
    """

    anchors: Anchors
    size: int
    boxes: int
    mean_iou: float
    best_possible_recall: float

    def to_json(self) -> dict[str, object]:
        """What ``trainer anchors --json`` prints."""
        return {
            "schema_version": 1,
            "anchors": [list(anchor) for anchor in self.anchors],
            "size": self.size,
            "boxes": self.boxes,
            "mean_iou": self.mean_iou,
            "best_possible_recall": self.best_possible_recall,
            "recall_ratio": SHAPE_RATIO,
        }

    def text(self) -> str:
        """What ``trainer anchors`` prints: the line of a .cfg, then the quality of the fit."""
        pairs = ", ".join(f"{width:g},{height:g}" for width, height in self.anchors)
        return (
            f"anchors = {pairs}\n"
            f"{self.boxes} boxes at {self.size}x{self.size}: mean IoU {self.mean_iou:.3f}, "
            f"best possible recall {self.best_possible_recall:.4f} (sides within a factor of {SHAPE_RATIO:g})"
        )


def anchor_fit(examples: ExampleSet, count: int, size: int) -> AnchorFit:
    """``count`` anchors for a ``size`` input and how well they fit.

    Raises:
        TrainerError: too few boxes.
    """
    sizes = box_sizes(examples, size)
    anchors = cluster_anchors(sizes, count)
    if anchors is None:
        raise TrainerError(
            f"{examples.source}: {len(sizes)} boxes; {count} anchors need {count * BOXES_PER_ANCHOR} or more: "
            "a smaller --k, or more data"
        )
    return AnchorFit(anchors, size, len(sizes), mean_best_iou(sizes, anchors), best_possible_recall(sizes, anchors))


def cluster_anchors(sizes: np.ndarray, count: int) -> Optional[Anchors]:
    """``count`` anchors (width, height), smallest area first, of (N, 2) ``box_sizes``, in their unit.

    Returns None where there are too few boxes.
    """
    if len(sizes) < count * BOXES_PER_ANCHOR:
        return None
    by_area = sizes[np.argsort(sizes.prod(axis=1), kind="stable")]
    sample = by_area[np.linspace(0, len(by_area) - 1, min(len(by_area), _SAMPLE)).astype(int)]
    best = max((_clusters(sample, start) for start in _starts(sample, count)), key=lambda c: _mean_iou(sample, c))
    centres = _clusters(sizes, best)
    centres = centres[np.argsort(centres.prod(axis=1), kind="stable")]
    return tuple((round(float(w), 1), round(float(h), 1)) for w, h in centres)


def box_sizes(examples: ExampleSet, size: int) -> NDArray[np.float64]:
    """(N, 2) width and height of every labelled object that is not ignored, in pixels of the letterboxed input.

    The examples must have their image's size. Boxes of less than a pixel are left out.
    """
    sizes: list[NDArray[np.float64]] = []
    for example in examples.examples:
        affine = letterbox(*example.size, size)
        corners = affine.forward(xywh_to_xyxy(example.annotations.boxes[~example.annotations.ignore]))
        sizes.append(corners[:, 2:] - corners[:, :2])
    all_sizes = np.concatenate([np.zeros((0, 2)), *sizes])
    return all_sizes[(all_sizes >= 1).all(axis=1)]


def mean_best_iou(sizes: np.ndarray, anchors: Anchors) -> float:
    """Mean IoU of the boxes with their best anchor on the same centre: how well the anchors fit."""
    return _mean_iou(sizes, np.array(anchors))


def best_possible_recall(sizes: np.ndarray, anchors: Anchors) -> float:
    """Fraction of the (N, 2) boxes that an anchor is close to in shape, see ``AnchorFit``."""
    ratio = np.asarray(sizes)[:, None, :] / np.array(anchors)[None, :, :]
    return float((np.maximum(ratio, 1 / ratio).max(axis=-1) < SHAPE_RATIO).any(axis=1).mean())


def _mean_iou(sizes: np.ndarray, centres: np.ndarray) -> float:
    return float(size_iou(sizes, centres).max(axis=1).mean())


def _starts(by_area: np.ndarray, count: int) -> list[np.ndarray]:
    """Centres to start from: evenly by area, then sampled from the boxes, each far from those before (k-means++)."""
    even = by_area[((np.arange(count) + 0.5) / count * len(by_area)).astype(int)]
    rng = np.random.default_rng(0)
    sampled: list[np.ndarray] = []
    for _ in range(_STARTS - 1):
        centres = by_area[rng.integers(len(by_area))][None]
        while len(centres) < count:
            distance = (1 - size_iou(by_area, centres).max(axis=1)) ** 2
            total = distance.sum()
            chances = distance / total if total > 0 else None
            centres = np.concatenate([centres, by_area[rng.choice(len(by_area), p=chances)][None]])
        sampled.append(centres)
    return [even, *sampled]


def _clusters(sizes: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """(count, 2) centres of k-means with medians, iterated until they do not move."""
    for _ in range(_ROUNDS):
        nearest = size_iou(sizes, centres).argmax(axis=1)
        moved = np.array(
            [
                np.median(sizes[nearest == k], axis=0) if (nearest == k).any() else centres[k]
                for k in range(len(centres))
            ]
        )
        if np.array_equal(moved, centres):
            break
        centres = moved
    return centres
