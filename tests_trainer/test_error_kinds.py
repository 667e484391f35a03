"""Kinds of mistakes: by hand, and as tidecv counts them."""

from __future__ import annotations

import sys
import types

import pytest

from trainer.metrics.coco import coco_ground_truth, result_rows
from trainer.metrics.confusion import calibration, confusion, counted
from trainer.metrics.matching import match
from trainer.metrics.tide import find_errors, tide
from trainer.report.gallery import worst_false_alarms, worst_misses

from .made_up import example_set, found, random_scores

BY_TIDECV = {
    "localisation": "Loc",
    "duplicate": "Dupe",
    "background": "Bkg",
    "missed": "Miss",
    "class": "Cls",
    "class and localisation": "Both",
}


@pytest.fixture
def tidecv(monkeypatch):
    """The package without its drawings and downloads, whose own dependencies clash with OpenCV's headless build."""
    monkeypatch.setitem(sys.modules, "tidecv.plotting", types.SimpleNamespace(Plotter=lambda: None))
    monkeypatch.setitem(sys.modules, "appdirs", types.SimpleNamespace(user_data_dir=lambda *_: None))
    return pytest.importorskip("tidecv", reason="tidecv is not here; `make setup` brings it")


def boxes_of(examples, detections):
    return counted(examples, detections, match(examples, detections))


def by_tidecv(tidecv, examples, detections):
    """{kind: (count, what AP50 gains)} of tidecv."""
    ground_truth, found_here = tidecv.Data("truth"), tidecv.Data("found")
    labels = coco_ground_truth(examples)
    for category in labels["categories"]:
        ground_truth.add_class(category["id"], category["name"])
    for image in labels["images"]:
        ground_truth.add_image(image["id"], image["file_name"])
    for one in labels["annotations"]:
        ground_truth.add_ground_truth(one["image_id"], one["category_id"], one["bbox"])
    for image, x, y, width, height, score, category in result_rows(detections).tolist():
        found_here.add_detection(int(image), int(category), score, [x, y, width, height])
    judge = tidecv.TIDE()
    run = judge.evaluate(ground_truth, found_here, mode=tidecv.TIDE.BOX)
    counts = {kind.short_name: len(errors) for kind, errors in run.error_dict.items()}
    gains = judge.get_main_errors()["found"]
    return {name: (counts[short], gains[short] / 100) for name, short in BY_TIDECV.items()}


@pytest.mark.parametrize("classes", [("person",), ("person", "bed", "chair")])
@pytest.mark.parametrize("seed", range(12))
def test_as_tidecv(tidecv, seed, classes):
    examples, detections = random_scores(seed, images=25, classes=classes, crowds=0, decimals=9)
    mine = tide(examples, detections, match(examples, detections))
    for name, (count, gain) in by_tidecv(tidecv, examples, detections).items():
        assert mine[name]["count"] == count, name
        assert mine[name]["lost_ap50"] == pytest.approx(gain, abs=1e-9), name


GROUND_TRUTHS = [
    [([10, 10, 100, 100], 0, False), ([200, 10, 100, 100], 0, False), ([10, 150, 100, 100], 1, False)],
    [([200, 150, 80, 80], 0, True)],
]
FOUND = [
    found(
        [
            ([10, 10, 100, 100], 0.9, 0),  # found
            ([12, 10, 100, 100], 0.8, 0),  # a second time
            ([260, 10, 100, 100], 0.7, 0),  # 40 of 160 pixels wide on the second person
            ([10, 150, 100, 100], 0.6, 0),  # a bed taken for a person
            ([320, 220, 40, 40], 0.5, 0),  # on nothing
        ]
    ),
    found([([210, 160, 30, 30], 0.95, 0)]),  # in a crowd: counts neither way
]


def test_each_kind_by_hand():
    examples = example_set(GROUND_TRUTHS, ("person", "bed"))
    kinds = tide(examples, FOUND, match(examples, FOUND))
    assert {name: one["count"] for name, one in kinds.items()} == {
        "localisation": 1,
        "duplicate": 1,
        "background": 1,
        "missed": 0,  # the person by localisation, the bed by class: both would be found without those
        "class": 1,
        "class and localisation": 0,
    }


def test_confusion_by_hand():
    boxes = boxes_of(example_set(GROUND_TRUTHS, ("person", "bed")), FOUND)
    assert confusion(boxes, 0.0) == {
        "classes": ["person", "bed"],
        "confidence": 0.0,
        "matrix": [[1, 0, 1], [1, 0, 0], [3, 0, 0]],
    }
    assert confusion(boxes, 0.85)["matrix"] == [[1, 0, 1], [0, 0, 1], [0, 0, 0]]
    assert confusion(boxes, 0.99)["matrix"] == [[0, 0, 2], [0, 0, 1], [0, 0, 0]]


def test_calibration_by_hand():
    boxes = boxes_of(example_set(GROUND_TRUTHS, ("person", "bed")), FOUND)
    result = calibration(boxes, 0.55)
    assert [(one["count"], one["precision"]) for one in result["bins"][5:]] == [
        (0, None),
        (1, 0),
        (1, 0),
        (1, 0),
        (1, 1),
    ]
    assert result["expected_error"] == pytest.approx((0.6 + 0.7 + 0.8 + 0.1) / 4)
    assert result["largest_error"] == pytest.approx(0.8)
    assert calibration(boxes, 0.99)["expected_error"] is None


def test_the_surest_false_alarms_and_the_largest_misses_of_each_image():
    examples = example_set(
        [*GROUND_TRUTHS, [([0, 0, 300, 200], 0, False), ([310, 0, 20, 20], 0, False)]], ("person", "bed")
    )
    detections = [*FOUND, found([])]
    matches = match(examples, detections)
    alarms = worst_false_alarms(matches, find_errors(examples, detections, matches))
    assert [(entry.image, entry.index, entry.reason) for entry in alarms] == [
        (0, 1, "second detection of the same object, confidence 0.800")
    ]
    misses = worst_misses(examples, matches, 0.95)
    assert [(entry.image, entry.index, entry.reason) for entry in misses] == [
        (2, 0, "not detected at any confidence"),
        (0, 0, "detected only at confidence 0.900"),
    ]
