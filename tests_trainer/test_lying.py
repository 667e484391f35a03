"""The benchmark of lying people: what counts as correct, and its numbers on images with known answers."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import click
import numpy as np
import pytest
from click.testing import CliRunner

from trainer.detection.detector import Detections

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
CLASSES = ("standing", "sitting", "lying", "fallen")


@pytest.fixture
def lying(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("lying")


def found(*labels):
    count = len(labels)
    return Detections(np.tile([1.0, 1, 5, 5], (count, 1)), np.linspace(0.9, 0.2, count), np.array(labels, dtype=int))


def test_the_best_detection_answers_and_none_is_wrong_either_way(lying):
    detections = [found(2, 0), found(3), found(0, 2), found(), found(1), found(), found(2)]
    truths = [True, True, True, True, False, False, False]
    answers = [lying.best_class(one, CLASSES) for one in detections]
    score = lying.lying_score(truths, answers, ("lying", "fallen"))
    assert (score.lying, score.lying_correct, score.others, score.others_correct) == (4, 2, 3, 1)
    assert score.balanced_accuracy == pytest.approx((2 / 4 + 1 / 3) / 2)


def test_without_both_kinds_there_is_nothing_to_tell_apart(lying):
    with pytest.raises(click.UsageError, match=r"\b0\b"):
        lying.lying_score([False, False], ["standing", None], ("lying",))


def test_a_detector_of_people_knows_no_lying(lying, trained, tmp_path):
    images = sorted((trained["data"] / "images").glob("*.jpg"))[:4]
    value = {
        "images": [
            {"id": number, "file_name": str(path.name), "width": 128, "height": 112, "lying": number % 2}
            for number, path in enumerate(images)
        ],
        "annotations": [],
        "categories": [{"id": 1, "name": "person"}],
    }
    (tmp_path / "home" / "images").mkdir(parents=True)
    for path in images:
        (tmp_path / "home" / "images" / path.name).write_bytes(path.read_bytes())
    (tmp_path / "home" / "coco.json").write_text(json.dumps(value))
    words = [str(trained["run"]), str(tmp_path / "home"), "--size", "128"]
    done = CliRunner().invoke(lying.main, words, catch_exceptions=False)
    assert json.loads(done.stdout) == {
        **{"data": "home", "balanced_accuracy": 0.5},
        **{"lying": 2, "lying_correct": 0, "others": 2, "others_correct": 2},
    }
