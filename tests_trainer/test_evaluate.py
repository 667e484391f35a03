"""Scores by analysis, and equal to pycocotools on the same detections."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import numpy as np
import pytest

from trainer.detect import Detections
from trainer.evaluation.coco import coco_results, coco_truth
from trainer.evaluation.evaluate import evaluate, score_table
from trainer.examples import ExampleSet, make_example

NAMES = ("AP", "AP50", "AP75", "AP_small", "AP_medium", "AP_large")


def example_set(truths, classes=("person",)):
    """``truths``: for each picture rows of (box, label, ignore)."""
    examples = [
        make_example(
            Path(f"{n:06d}.jpg"),
            n,
            [(box, label, ignore, box[2] * box[3]) for box, label, ignore in rows],
            width=400,
            height=300,
        )
        for n, rows in enumerate(truths)
    ]
    return ExampleSet(tuple(examples), classes, tuple(range(1, len(classes) + 1)), "test")


def found(rows):
    boxes, scores, labels = zip(*rows) if rows else ((), (), ())
    return Detections(
        np.array(boxes, dtype=float).reshape(-1, 4), np.array(scores, dtype=float), np.array(labels, dtype=int)
    )


def by_pycocotools(truth, results):
    """COCOeval's twelve numbers."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    with contextlib.redirect_stdout(io.StringIO()):
        ground = COCO()
        ground.dataset = truth
        ground.createIndex()
        judge = COCOeval(ground, ground.loadRes(results), "bbox")
        judge.evaluate()
        judge.accumulate()
        judge.summarize()
    return judge.stats


def assert_equal_to_pycocotools(metrics, truth, results):
    stats = by_pycocotools(truth, results)
    for name, value in (*zip(NAMES, stats), ("AR100", stats[8])):
        if value < 0:
            assert metrics[name] is None, name
        else:
            assert metrics[name] == pytest.approx(value, abs=1e-12), name


@pytest.mark.parametrize("seed", range(6))
def test_equal_to_pycocotools_on_random_detections(seed):
    rng = np.random.default_rng(seed)

    def box():
        return [*rng.uniform(0, 200, 2), *rng.uniform(5, 150, 2)]

    truths, detections = [], []
    for _ in range(12):
        rows = [(box(), int(rng.integers(2)), bool(rng.random() < 0.2)) for _ in range(rng.integers(0, 6))]
        near = [((np.array(b) + rng.normal(0, 8, 4)).clip(1), rng.random(), label) for b, label, _ in rows]
        random = [(box(), rng.random(), int(rng.integers(2))) for _ in range(4)]
        truths.append(rows)
        # Some scores tie.
        detections.append(found([(b, round(s, 1), label) for b, s, label in near + random]))
    examples = example_set(truths, ("person", "bed"))
    metrics = evaluate(examples, detections)
    pictures = [(e.image_id, e.path.name) for e in examples.examples]
    results = coco_results(detections, pictures, examples.classes, examples.category_ids)
    assert_equal_to_pycocotools(metrics, coco_truth(examples), results)


def test_perfect_detections_score_one():
    examples = example_set([[([10, 10, 100, 100], 0, False)], []])
    metrics = evaluate(examples, [found([([10, 10, 100, 100], 0.8, 0)]), found([])])
    names = ("AP", "AP50", "AP75", "AP_large", "AR100", "precision", "recall", "f1")
    assert [metrics[name] for name in names] == pytest.approx([1] * 8)
    assert metrics["confidence"] == 0.8
    assert metrics["AP_small"] is None
    assert metrics["AP_medium"] is None
    assert (metrics["images"], metrics["boxes"], metrics["slices"]) == (2, 1, {})
    assert "AP_small   no ground truth" in score_table(metrics)


def test_best_f1_by_hand():
    """Two truths; hits at 0.9 and 0.5, misses at 0.8 and 0.4: F1 is 2/3, 1/2, 4/5, 2/3: the best is at 0.5."""
    truth = [([10, 10, 50, 50], 0, False), ([200, 100, 50, 50], 0, False)]
    rows = [
        ([10, 10, 50, 50], 0.9, 0),
        ([100, 200, 50, 50], 0.8, 0),
        ([200, 100, 50, 50], 0.5, 0),
        ([10, 10, 50, 50], 0.4, 0),  # the same truth a second time is no hit
    ]
    metrics = evaluate(example_set([truth]), [found(rows)])
    assert metrics["precision"] == pytest.approx(2 / 3)
    assert metrics["recall"] == 1
    assert metrics["f1"] == pytest.approx(4 / 5)
    assert metrics["confidence"] == 0.5


def test_crowds_count_neither_way():
    truth = [([10, 10, 50, 50], 0, False), ([200, 100, 100, 100], 0, True)]
    rows = [([10, 10, 50, 50], 0.5, 0), ([210, 110, 50, 50], 0.9, 0)]
    metrics = evaluate(example_set([truth]), [found(rows)])
    names = ("AP", "precision", "recall", "boxes")
    assert [metrics[name] for name in names] == pytest.approx([1] * 4)


def test_nothing_found_is_zero_and_nothing_to_find_is_no_number():
    none = found([])
    metrics = evaluate(example_set([[([10, 10, 50, 50], 0, False)]]), [none])
    assert (metrics["AP"], metrics["AP_medium"], metrics["AP_small"], metrics["recall"]) == (0, 0, None, 0)
    metrics = evaluate(example_set([[]]), [found([([10, 10, 50, 50], 0.5, 0)])])
    assert metrics["AP"] is None
    assert metrics["precision"] is None


def test_wrong_detections_only_score_zero():
    metrics = evaluate(example_set([[([10, 10, 50, 50], 0, False)]]), [found([([200, 200, 50, 50], 0.5, 0)])])
    assert (metrics["AP50"], metrics["f1"], metrics["confidence"]) == (0, 0, None)
