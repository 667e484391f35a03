"""Anchors from the data: k-means under 1 - IoU (YOLOv2, arXiv 1612.08242). The same data gives the same anchors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np

from shared_format.boxes import xywh_to_xyxy

from ..errors import TrainerError
from ..examples.example import ExampleSet
from ..examples.letterbox import letterbox

# Below so many boxes an anchor, the clusters say more about the sample than about the task.
BOXES_AN_ANCHOR = 4
# An anchor may answer for a truth up to so many times as wide or high, or as narrow or low, as itself.
SHAPE_RATIO = 4.0
_ROUNDS = 300
# k-means ends where no small step helps, which depends on where it begins: the best of several beginnings is taken,
# found on a sample of this many boxes.
_BEGINNINGS = 8
_SAMPLE = 5000


@dataclass(frozen=True)
class AnchorFit:
    """Anchors and how well they fit the boxes they were found in.

    Attributes:
        anchors: (width, height) in pixels of the input, smallest area first, as in a .cfg.
        size: side of the input, pixels.
        boxes: how many boxes.
        mean_iou: over the boxes, of the IoU with the best anchor on the same centre.
        best_possible_recall: share of the boxes with an anchor whose width and height are both within a factor of
            ``SHAPE_RATIO``: those that the modern loss can teach at all.
    """

    anchors: tuple
    size: int
    boxes: int
    mean_iou: float
    best_possible_recall: float

    def to_json(self) -> dict:
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
        """What ``trainer anchors`` prints: the line of a .cfg, then the fit."""
        pairs = ", ".join(f"{width:g},{height:g}" for width, height in self.anchors)
        return (
            f"anchors = {pairs}\n"
            f"{self.boxes} boxes at {self.size}x{self.size}: mean IoU {self.mean_iou:.3f}, "
            f"best possible recall {self.best_possible_recall:.4f} (sides within a factor of {SHAPE_RATIO:g})"
        )


def anchor_fit(examples: ExampleSet, count: int, size: int) -> AnchorFit:
    """``count`` anchors for a ``size`` input and how well they fit.

    Raises:
        TrainerError: too few boxes to say.
    """
    sizes = box_sizes(examples, size)
    anchors = cluster_anchors(sizes, count)
    if anchors is None:
        raise TrainerError(
            f"{examples.source}: {len(sizes)} boxes; {count} anchors need {count * BOXES_AN_ANCHOR} or more: "
            "a smaller --k, or more data"
        )
    return AnchorFit(anchors, size, len(sizes), mean_best_iou(sizes, anchors), best_possible_recall(sizes, anchors))


def cluster_anchors(sizes: np.ndarray, count: int) -> Optional[tuple]:
    """``count`` anchors (width, height), smallest area first, of (N, 2) ``box_sizes``, in their unit.

    Returns None where there are too few boxes to say.
    """
    if len(sizes) < count * BOXES_AN_ANCHOR:
        return None
    by_area = sizes[np.argsort(sizes.prod(axis=1), kind="stable")]
    sample = by_area[np.linspace(0, len(by_area) - 1, min(len(by_area), _SAMPLE)).astype(int)]
    best = max((_clusters(sample, begin) for begin in _beginnings(sample, count)), key=lambda c: _fit(sample, c))
    centres = _clusters(sizes, best)
    centres = centres[np.argsort(centres.prod(axis=1), kind="stable")]
    return tuple((round(float(w), 1), round(float(h), 1)) for w, h in centres)


def box_sizes(examples: ExampleSet, size: int) -> np.ndarray:
    """(N, 2) width and height of every truth that counts, in pixels of the letterboxed input.

    The examples must have their image's size.
    """
    sizes = []
    for example in examples.examples:
        affine = letterbox(example.width, example.height, size)
        corners = affine.forward(xywh_to_xyxy(example.boxes[~example.ignore]))
        sizes.append(corners[:, 2:] - corners[:, :2])
    sizes = np.concatenate(sizes) if sizes else np.zeros((0, 2))
    return sizes[(sizes >= 1).all(axis=1)]


def shape_iou(sizes: np.ndarray, anchors: np.ndarray) -> np.ndarray:
    """IoU of (N, 2) and (K, 2) sizes (width, height) laid on the same centre -> (N, K)."""
    sizes, anchors = np.asarray(sizes)[:, None, :], np.asarray(anchors)[None, :, :]
    overlap = np.minimum(sizes, anchors).prod(axis=-1)
    return overlap / (sizes.prod(axis=-1) + anchors.prod(axis=-1) - overlap)


def mean_best_iou(sizes: np.ndarray, anchors: tuple) -> float:
    """Mean over the boxes of the shape IoU with their best anchor: how well the anchors fit."""
    return _fit(sizes, np.array(anchors))


def best_possible_recall(sizes: np.ndarray, anchors: tuple) -> float:
    """Share of the (N, 2) boxes that some anchor is close to in shape, see ``AnchorFit``."""
    ratio = np.asarray(sizes)[:, None, :] / np.array(anchors)[None, :, :]
    return float((np.maximum(ratio, 1 / ratio).max(axis=-1) < SHAPE_RATIO).any(axis=1).mean())


def _fit(sizes: np.ndarray, centres: np.ndarray) -> float:
    return float(shape_iou(sizes, centres).max(axis=1).mean())


def _beginnings(by_area: np.ndarray, count: int) -> list:
    """Centres to begin from: evenly by area, then drawn from the boxes, each far from those before (k-means++)."""
    even = by_area[((np.arange(count) + 0.5) / count * len(by_area)).astype(int)]
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(_BEGINNINGS - 1):
        centres = by_area[rng.integers(len(by_area))][None]
        while len(centres) < count:
            distance = (1 - shape_iou(by_area, centres).max(axis=1)) ** 2
            total = distance.sum()
            chances = distance / total if total > 0 else None
            centres = np.concatenate([centres, by_area[rng.choice(len(by_area), p=chances)][None]])
        drawn.append(centres)
    return [even, *drawn]


def _clusters(sizes: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """(count, 2) centres that the medians of their own boxes leave where they are."""
    for _ in range(_ROUNDS):
        nearest = shape_iou(sizes, centres).argmax(axis=1)
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
