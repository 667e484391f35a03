"""Scores by analysis, and equal to pycocotools on the same detections."""

from __future__ import annotations

import time

import numpy as np
import pytest

from trainer.detection.detector import Detections
from trainer.metrics.coco import category_number, coco_ground_truth, coco_results, image_number, result_rows
from trainer.metrics.evaluate import coco_metrics, evaluate, score_table

from .coco_referee import assert_equal_to_pycocotools
from .made_up import example_set, found, random_scores


@pytest.mark.parametrize("seed", range(6))
def test_equal_to_pycocotools_on_random_detections(seed):
    examples, detections = random_scores(seed)
    metrics = evaluate(examples, detections)
    images = [(image_number(n), example.path.name) for n, example in enumerate(examples.examples)]
    ids = [category_number(label) for label in range(len(examples.classes))]
    results = coco_results(detections, images, examples.classes, ids)
    assert_equal_to_pycocotools(metrics, coco_ground_truth(examples), results)


def test_perfect_detections_score_one():
    examples = example_set([[([10, 10, 100, 100], 0, False)], []])
    metrics = evaluate(examples, [found([([10, 10, 100, 100], 0.8, 0)]), found([])])
    names = ("AP", "AP50", "AP75", "AP_large", "AR100", "precision", "recall", "f1")
    assert [metrics[name] for name in names] == pytest.approx([1] * 8)
    assert metrics["confidence"] == 0.8
    assert metrics["AP_small"] is None
    assert metrics["AP_medium"] is None
    assert (metrics["images"], metrics["boxes"], metrics["slices"]) == (2, 1, {})
    (row,) = (line.split(maxsplit=1) for line in score_table(metrics).splitlines() if line.startswith("AP_small"))
    assert not any(character.isdigit() for character in row[1])


def test_a_perfect_detector_on_80_images_of_someone_and_20_of_nobody():
    """YOLOv3-Blender counted the empty images as missed and said 0.80."""
    someone, nobody = [([10, 10, 50, 90], 0, False)], []
    examples = example_set([someone] * 80 + [nobody] * 20)
    metrics = evaluate(examples, [found([([10, 10, 50, 90], 0.9, 0)])] * 80 + [found([])] * 20)
    assert [metrics[name] for name in ("precision", "recall", "f1", "AP")] == pytest.approx([1.0] * 4)


def test_best_f1_by_hand():
    """Two truths; hits at 0.9 and 0.5, misses at 0.8 and 0.4: F1 is 2/3, 1/2, 4/5, 2/3: the best is at 0.5."""
    ground_truth = [([10, 10, 50, 50], 0, False), ([200, 100, 50, 50], 0, False)]
    rows = [
        ([10, 10, 50, 50], 0.9, 0),
        ([100, 200, 50, 50], 0.8, 0),
        ([200, 100, 50, 50], 0.5, 0),
        ([10, 10, 50, 50], 0.4, 0),  # the same truth a second time is no hit
    ]
    metrics = evaluate(example_set([ground_truth]), [found(rows)])
    assert metrics["precision"] == pytest.approx(2 / 3)
    assert metrics["recall"] == 1
    assert metrics["f1"] == pytest.approx(4 / 5)
    assert metrics["confidence"] == 0.5


def test_crowds_count_neither_way():
    ground_truth = [([10, 10, 50, 50], 0, False), ([200, 100, 100, 100], 0, True)]
    rows = [([10, 10, 50, 50], 0.5, 0), ([210, 110, 50, 50], 0.9, 0)]
    metrics = evaluate(example_set([ground_truth]), [found(rows)])
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


@pytest.fixture(scope="module")
def coco_sized():
    """Examples and detections, as many images, classes, objects and detections as COCO's validation set has."""
    rng = np.random.default_rng(0)
    images, classes, ground_truths, detections = 5_000, 80, 40_000, 230_000

    def boxes(count):
        return np.column_stack([rng.uniform(0, 400, (count, 2)), rng.uniform(10, 200, (count, 2))])

    ground_truth_box, ground_truth_image, ground_truth_class = (
        boxes(ground_truths),
        rng.integers(images, size=ground_truths),
        rng.integers(classes, size=ground_truths),
    )
    source, near = rng.integers(ground_truths, size=detections), rng.random(detections) < 0.2
    box = np.where(
        near[:, None], (ground_truth_box[source] + rng.normal(0, 8, (detections, 4))).clip(1), boxes(detections)
    )
    image = np.where(near, ground_truth_image[source], rng.integers(images, size=detections))
    label = np.where(near, ground_truth_class[source], rng.integers(classes, size=detections))
    score = np.where(near, rng.random(detections) ** 0.5, rng.random(detections) ** 3)
    rows: list = [[] for _ in range(images)]
    for one, place, kind in zip(ground_truth_box.tolist(), ground_truth_image, ground_truth_class):
        rows[place].append((one, int(kind), False))
    examples = example_set(rows, tuple(f"class {number}" for number in range(classes)))
    return examples, [Detections(box[image == n], score[image == n], label[image == n]) for n in range(images)]


@pytest.mark.slow
def test_a_set_of_cocos_size_scores_as_pycocotools_says(coco_sized):
    examples, detections = coco_sized
    results = result_rows(detections)
    assert len(results) == 230_000
    assert_equal_to_pycocotools(coco_metrics(examples, detections), coco_ground_truth(examples), results)


@pytest.mark.slow
@pytest.mark.timing
def test_a_set_of_cocos_size_takes_a_second(coco_sized):
    started = time.process_time()  # of all threads: the machine may be busy
    coco_metrics(*coco_sized)
    assert time.process_time() - started < 1.0
