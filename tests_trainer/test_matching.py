"""Matches: pycocotools' own, and what average precision and the curves over confidence make of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.metrics import confidence_sweep
from trainer.metrics.analysis import COCO_IOUS
from trainer.metrics.average_precision import (
    class_mean,
    coco_ap,
    voc_ap_11,
    voc_ap_area,
)
from trainer.metrics.bootstrap import bootstrap_ap, interval, resamples
from trainer.metrics.confidence_sweep import confidence_curve
from trainer.metrics.evaluate import evaluate
from trainer.metrics.matching import NEVER, match, match_at

from .made_up import example_set, found, random_scores


@pytest.mark.parametrize("seed", range(4))
def test_ap_from_matches_is_cocos(seed):
    """Crowds, two classes, tied scores: the same number from the flat arrays as from COCO's evaluation."""
    examples, detections = random_scores(seed)
    metrics = evaluate(examples, detections)
    values = [class_mean(matches, coco_ap) for matches in match_at(examples, detections, COCO_IOUS)]
    assert values[0] == pytest.approx(metrics["AP50"], abs=1e-12)
    assert np.mean(values) == pytest.approx(metrics["AP"], abs=1e-12)


def test_matches_by_hand():
    ground_truths = [[([10, 10, 50, 50], 0, False), ([200, 100, 100, 100], 0, True)], [([5, 5, 40, 40], 1, False)]]
    first = [([10, 10, 50, 50], 0.5, 0), ([210, 110, 50, 50], 0.9, 0), ([12, 10, 50, 50], 0.4, 0)]
    second = [([5, 5, 40, 40], 0.7, 0)]
    matches = match(example_set(ground_truths, ("person", "bed")), [found(first), found(second)])
    assert matches.score.tolist() == [0.7, 0.5, 0.4]  # what lies in the crowd counts neither way
    assert matches.image.tolist() == [1, 0, 0]
    assert matches.index.tolist() == [0, 0, 2]
    assert matches.ground_truth.tolist() == [-1, 0, -1]  # another class; found; found already
    assert matches.matched_at.tolist() == [0.5, NEVER]
    assert matches.ground_truth_index.tolist() == [0, 0]


def test_a_part_of_the_ground_truths():
    """Of two people one is asked for: the other's detection counts neither way, the false alarm does."""
    ground_truths = [[([10, 10, 50, 50], 0, False), ([200, 100, 50, 50], 0, False)], []]
    first = [([200, 100, 50, 50], 0.9, 0), ([10, 10, 50, 50], 0.8, 0), ([300, 200, 50, 50], 0.7, 0)]
    matches = match(example_set(ground_truths), [found(first), found([([1, 1, 9, 9], 0.95, 0)])])
    part = matches.part(np.array([True, False]), np.array([True, False]))
    assert part.score.tolist() == [0.8, 0.7]
    assert part.true_positive.tolist() == [True, False]
    assert part.ground_truth.tolist() == [0, -1]
    assert part.matched_at.tolist() == [0.8]


def test_average_precision_by_hand():
    """Four truths, three found; precision after each hit: 1, 2/3, 3/5."""
    hits = np.array([True, False, True, False, True])
    assert voc_ap_area(hits, 4) == pytest.approx((1 + 2 / 3 + 3 / 5) / 4)
    assert voc_ap_11(hits, 4) == pytest.approx((3 * 1 + 3 * 2 / 3 + 2 * 3 / 5) / 11)
    assert coco_ap(hits, 4) == pytest.approx((26 * 1 + 25 * 2 / 3 + 25 * 3 / 5) / 101)
    for measure in (voc_ap_area, voc_ap_11, coco_ap):
        assert measure(np.zeros(0, dtype=bool), 3) == 0
        assert measure(np.ones(3, dtype=bool), 3) == pytest.approx(1)


def test_a_recall_on_a_step_of_voc_reaches_it():
    for ground_truths in (1, 2, 5, 10, 20, 30):
        for count in range(1, ground_truths + 1):
            reached = 1 + count * 10 // ground_truths
            assert voc_ap_11(np.ones(count, dtype=bool), ground_truths) == pytest.approx(reached / 11), (
                count,
                ground_truths,
            )


@given(st.integers(0, 10**6), st.lists(st.integers(0, 3), min_size=8, max_size=8))
@settings(max_examples=40, deadline=None)
def test_a_resample_scores_as_the_images_written_out(seed, times):
    """AP under weights = AP of a data set that holds each image so many times."""
    examples, detections = random_scores(seed, images=8, classes=("person",), crowds=0, decimals=6)
    value = bootstrap_ap(match(examples, detections), np.array([times]))[0]
    copies = [number for number, count in enumerate(times) for _ in range(count)]
    rows = [examples.examples[n] for n in copies]
    written = example_set([[(b, 0, False) for b in example.annotations.boxes.tolist()] for example in rows])
    expected = class_mean(match(written, [detections[n] for n in copies]), coco_ap)
    if expected is None:
        assert np.isnan(value)
    else:
        # Copies have equal scores; which comes first among a hit and a false alarm of one image is as it was.
        assert value == pytest.approx(expected, abs=1e-9)


def test_resamples_are_draws_of_all_images():
    images = np.arange(20)
    drawn = resamples(images, 400, seed=3)
    assert drawn.shape == (400, 20)
    assert (drawn.sum(axis=1) == 20).all()
    assert drawn.mean() == 1
    assert (drawn == resamples(images, 400, seed=3)).all()
    assert (drawn != resamples(images, 400, seed=4)).any()


def test_images_of_one_scene_are_drawn_together():
    drawn = resamples(np.array([7, 7, 2, 2, 2, 9]), 200)
    assert (drawn[:, 0] == drawn[:, 1]).all()
    assert (drawn[:, 2:5] == drawn[:, 2:3]).all()
    assert (drawn[:, 0] + drawn[:, 2] + drawn[:, 5] == 3).all()


def test_an_interval_needs_numbers():
    assert interval(np.linspace(0, 1, 101)) == pytest.approx([0.025, 0.975])
    assert interval(np.full(100, np.nan)) is None


CURVE_GROUND_TRUTHS = [[([10, 10, 50, 50], 0, False), ([200, 100, 50, 50], 0, False)], []]
CURVE_FOUND = [
    found([([10, 10, 50, 50], 0.9, 0), ([100, 200, 50, 50], 0.8, 0), ([200, 100, 50, 50], 0.5, 0)]),
    found([([10, 10, 50, 50], 0.5, 0)]),
]


def test_the_curve_over_confidence_by_hand():
    """Hits at 0.9 and 0.5, false alarms at 0.8 and, of the same score as a hit, 0.5."""
    curve = confidence_curve(match(example_set(CURVE_GROUND_TRUTHS), CURVE_FOUND))
    assert curve.confidence.tolist() == [0.9, 0.8, 0.5]
    assert curve.true_positives.tolist() == [1, 1, 2]
    assert curve.false_positives.tolist() == [0, 1, 2]
    at = curve.at(0.8)
    assert (at["precision"], at["recall"], at["f1"], at["accuracy"]) == (0.5, 0.5, 0.5, 1 / 3)
    assert at["f2"] == 0.5
    assert curve.at(0.85) == curve.at(0.9)
    assert (curve.at(0.95)["precision"], curve.at(0.95)["recall"]) == (None, 0)
    best = confidence_sweep.best(curve, 2.0)
    assert (best["confidence"], best["f"]) == (0.5, pytest.approx(5 * 2 / (4 * 2 + 4)))


def test_misses_for_false_alarms():
    curve = confidence_curve(match(example_set(CURVE_GROUND_TRUTHS), CURVE_FOUND))
    assert confidence_sweep.allowing(curve, 0.1) == {"miss_rate": 0.5, "confidence": 0.9}
    assert confidence_sweep.allowing(curve, 0.5) == {"miss_rate": 0.5, "confidence": 0.8}
    assert confidence_sweep.allowing(curve, 1.0) == {"miss_rate": 0.0, "confidence": 0.5}
    # Half of them missed at eight of the nine points from 0.01 to 1, none at the last.
    assert confidence_sweep.log_average_miss_rate(curve) == pytest.approx(np.exp((8 * np.log(0.5) + np.log(1e-10)) / 9))
    nothing = confidence_curve(match(example_set([[([10, 10, 50, 50], 0, False)]]), [found([])]))
    assert confidence_sweep.allowing(nothing, 0.1) == {"miss_rate": 1.0, "confidence": None}
