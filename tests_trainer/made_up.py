"""Invented ground truth and detections for the tests of scores."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from trainer.detection.detector import Detections
from trainer.examples.example import ExampleSet, make_example


def example_set(ground_truths, classes=("person",)):
    """An ``ExampleSet`` from rows of (box, label, ignore), one list per image."""
    examples = [
        make_example(
            Path(f"{n:06d}.jpg"),
            n,
            [(box, label, ignore, box[2] * box[3]) for box, label, ignore in rows],
            width=400,
            height=300,
        )
        for n, rows in enumerate(ground_truths)
    ]
    return ExampleSet(tuple(examples), classes, tuple(range(1, len(classes) + 1)), "test")


def found(rows):
    """``Detections`` of one image from rows of (box, score, label)."""
    boxes, scores, labels = zip(*rows) if rows else ((), (), ())
    return Detections(
        np.array(boxes, dtype=float).reshape(-1, 4), np.array(scores, dtype=float), np.array(labels, dtype=int)
    )


def random_scores(seed, images=12, classes=("person", "bed"), crowds=0.2, decimals=1):
    """Random examples, and detections near their boxes and elsewhere; ``decimals`` rounds scores, which makes ties."""
    rng = np.random.default_rng(seed)

    def box():
        return [*rng.uniform(0, 200, 2), *rng.uniform(5, 150, 2)]

    ground_truths, detections = [], []
    for _ in range(images):
        count = rng.integers(0, 6)
        rows = [(box(), int(rng.integers(len(classes))), bool(rng.random() < crowds)) for _ in range(count)]
        near = [((np.array(b) + rng.normal(0, 8, 4)).clip(1), rng.random(), label) for b, label, _ in rows]
        anywhere = [(box(), rng.random(), int(rng.integers(len(classes)))) for _ in range(4)]
        ground_truths.append(rows)
        detections.append(found([(b, round(s, decimals), label) for b, s, label in near + anywhere]))
    return example_set(ground_truths, classes), detections


def random_boxes(rng, count):
    size = np.exp(rng.uniform(np.log(0.01), np.log(0.95), (count, 2)))
    return np.concatenate([size / 2 + rng.uniform(0, 1, (count, 2)) * (1 - size), size], axis=1)
