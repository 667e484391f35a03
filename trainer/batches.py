"""Batches for training: decoded, letterboxed, augmented, assigned. Needs no TensorFlow.

A picture's randomness depends on (seed, epoch, its place in the epoch) alone, so the same seed gives the same
batches however many threads prepare them.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np

from shared_format.boxes import corners_from_xywh

from . import augment
from .assign import assign, truth_rows
from .augment import Augmentation
from .examples import Example
from .letterbox import warp
from .pictures import load_picture
from .spec import DetectorSpec


class Batches(keras.utils.PyDataset):
    """A shuffled, augmented epoch of batches; the remainder that fills no batch is left out.

    Each item is ``(pixels, {"targets": (one a head), "truths": ...})``: (B, size, size, 3) float32 and what
    ``loss.loss_terms`` takes.
    """

    def __init__(
        self, examples: Sequence[Example], spec: DetectorSpec, batch: int, limits: Augmentation, seed: int
    ) -> None:
        super().__init__()
        self.examples, self.spec, self.limits, self.seed = examples, spec, limits, seed
        # A small set still makes one batch.
        self.batch = min(batch, len(examples))
        self.epoch = 0
        most = max(len(example.boxes) for example in examples)
        # One shape for the whole training, wide enough for the fullest picture: nothing is compiled twice.
        self.slots = max(1, most * (4 if limits.mosaic > 0 else 1))

    def __len__(self) -> int:
        return len(self.examples) // self.batch

    def __getitem__(self, index: int) -> tuple:
        order = np.random.default_rng([self.seed, self.epoch]).permutation(len(self.examples))
        places = range(index * self.batch, (index + 1) * self.batch)
        pictures = [self._picture(order[place], place) for place in places]
        pixels, targets, truths = zip(*pictures)
        stacked = tuple(np.stack(head) for head in zip(*targets))
        return np.stack(pixels), {"targets": stacked, "truths": np.stack(truths)}

    def on_epoch_end(self) -> None:
        """Go on to the next shuffle."""
        self.epoch += 1

    def _picture(self, index: int, place: int) -> tuple:
        rng = np.random.default_rng([self.seed, self.epoch, place])
        pixels, boxes, labels, ignore = training_view(self.examples, index, self.spec.size, self.limits, rng)
        centred = relative_centre_boxes(boxes, self.spec.size)
        targets = assign(centred[~ignore], labels[~ignore], self.spec)
        return pixels, targets, truth_rows(centred, ignore, self.slots)


def training_view(
    examples: Sequence[Example], index: int, size: int, limits: Augmentation, rng: np.random.Generator
) -> tuple:
    """What the network sees of example ``index`` after augmentation: one picture, or four in a mosaic.

    Returns:
        (size, size, 3) float32 pixels, (N, 4) ``[x1, y1, x2, y2]`` in input pixels, (N,) labels, (N,) bool
        whether the box is only to be ignored.
    """
    regions = [(0, 0, size, size)]
    sources = [index]
    if rng.random() < limits.mosaic:
        x, y = (int(value) for value in rng.uniform(0.3, 0.7, 2) * size)
        regions = [(0, 0, x, y), (x, 0, size, y), (0, y, x, size), (x, y, size, size)]
        sources += rng.integers(len(examples), size=3).tolist()
    pixels = np.empty((size, size, 3), dtype=np.float32)
    boxes, labels, ignore = [], [], []
    for source, region in zip(sources, regions):
        example = examples[source]
        picture = load_picture(example.path)
        affine = augment.random_affine(*picture.size, size, limits, rng)
        left, top, right, bottom = region
        pixels[top:bottom, left:right] = warp(picture, affine, size)[top:bottom, left:right]
        cut, present, rest = augment.cut_boxes(
            affine.forward(corners_from_xywh(example.boxes)), region, limits.min_visible
        )
        boxes.append(cut[present])
        labels.append(example.labels[present])
        ignore.append((example.ignore | rest)[present])
    pixels = augment.jitter_colour(pixels, limits, rng)
    return pixels, np.concatenate(boxes), np.concatenate(labels), np.concatenate(ignore)


def relative_centre_boxes(corners: np.ndarray, size: int) -> np.ndarray:
    """(N, 4) ``[x1, y1, x2, y2]`` input pixels -> centre x, y, width, height relative to the input."""
    return np.concatenate([(corners[:, :2] + corners[:, 2:]) / 2, corners[:, 2:] - corners[:, :2]], axis=1) / size
