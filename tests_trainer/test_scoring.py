"""What is scored: which splits and classes, ids of any kind, and networks whose scores are no numbers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from trainer.detection.detector import Detector
from trainer.detection.thresholds import Suppression
from trainer.errors import TrainerError
from trainer.evaluation.scoring import DataRequest, ModelRequest, open_test, report_scope, settings
from trainer.metrics.coco import coco_ground_truth, coco_results
from trainer.metrics.evaluate import evaluate
from trainer.metrics.matching import match
from trainer.network.architectures import make_spec
from trainer.network.spec import DETECT
from trainer.runtimes.base import Predictions, Runtime
from trainer.tasks import task_named
from trainer.tasks.task import Predicting

from .coco_referee import by_pycocotools
from .made_up import random_scores

DETECTION = task_named(DETECT)

SPEC = make_spec("yolov3-nano", 64, ("person",), (1,))


class Constant(Runtime):
    """Predicts one box per image, with the same score everywhere."""

    batch = 1

    def __init__(self, score):
        self.score = score

    def predictions(self, pixels, confidence, nms):
        boxes = np.tile(np.array([8.0, 8.0, 40.0, 40.0], dtype=np.float32), (len(pixels), 1, 1))
        return Predictions(boxes, np.full((len(pixels), 1, 1), self.score, dtype=np.float32))


@pytest.fixture
def two_splits(tmp_path):
    """A YOLO folder with three images to train on and two of val, of people and beds."""
    for split, count in (("train", 3), ("val", 2)):
        for kind in ("images", "labels"):
            (tmp_path / "data" / split / kind).mkdir(parents=True)
        for number in range(count):
            folder = tmp_path / "data" / split
            Image.new("RGB", (64, 48)).save(folder / "images" / f"{split}{number}.png")
            (folder / "labels" / f"{split}{number}.txt").write_text("0 0.5 0.5 0.4 0.4\n1 0.3 0.3 0.2 0.2\n")
    path = tmp_path / "data" / "data.yaml"
    path.write_text("train: train/images\nval: val/images\nnames: [person, bed]\n")
    return path


def test_several_splits_and_classes_that_the_model_lacks_are_said(two_splits, capsys):
    data = DataRequest(str(two_splits))
    test = open_test(DETECTION, data, (SPEC,))
    assert (test.splits, test.unscored) == ({"train": 3, "val": 2}, ("bed",))
    report_scope(test)
    splits, classes = capsys.readouterr().err.splitlines()
    assert "train (3), val (2)" in splits
    assert "bed" in classes
    stored = settings(SPEC, data, ModelRequest(), test)
    assert (stored["splits"], stored["classes_not_scored"]) == (["train (3)", "val (2)"], ["bed"])


def test_a_split_that_is_named_is_scored_alone(two_splits, capsys):
    test = open_test(DETECTION, DataRequest(f"{two_splits}:val", classes=("person",)), (SPEC,))
    assert (len(test.examples.examples), test.splits, test.unscored) == (2, {"val": 2}, ())
    report_scope(test)
    assert capsys.readouterr().err == ""


def test_a_split_whose_images_are_in_another_too_is_no_surprise(two_splits, capsys):
    two_splits.write_text("train: [train/images, val/images]\nval: val/images\nnames: [person, bed]\n")
    test = open_test(DETECTION, DataRequest(f"{two_splits}:val", classes=("person",)), (SPEC,))
    assert test.splits == {"train": 2, "val": 2}
    report_scope(test)
    assert capsys.readouterr().err == ""


def test_a_class_is_named_once(two_splits):
    with pytest.raises(TrainerError, match="'person'"):
        open_test(DETECTION, DataRequest(str(two_splits), classes=("person", "person")), (SPEC,))


def test_scores_that_are_no_numbers_are_no_missing_detections():
    image = Image.new("RGB", (64, 64))
    (detections,) = Detector(Constant(0.5), SPEC).detect([image])
    assert len(detections.scores) == 1
    with pytest.raises(TrainerError, match="NaN"):
        list(Detector(Constant(np.nan), SPEC).detect([image]))


@pytest.mark.parametrize("first", [0, 2**53, 10**30, "image"])
def test_the_score_does_not_depend_on_the_ids_of_the_data(first):
    """Ids of images and categories may be 0, above what a float holds, or text."""
    examples, detections = random_scores(1)
    expected = evaluate(examples, detections)

    def number(index):
        return f"{first}-{index:04d}" if isinstance(first, str) else first + index

    renamed = type(examples)(
        tuple(type(one)(**{**vars(one), "image_id": number(n)}) for n, one in enumerate(examples.examples)),
        examples.classes,
        tuple(number(label) for label in range(len(examples.classes))),
        examples.source,
    )
    assert evaluate(renamed, detections) == expected
    assert (match(renamed, detections).matched_at == match(examples, detections).matched_at).all()


def test_a_coco_evaluator_gives_the_same_numbers_from_the_ids_of_the_data(tmp_path):
    """As a stranger has them: categories from 0 with gaps, images from 7."""
    examples, detections = random_scores(2)
    image_ids, category_ids = [7 + 3 * n for n in range(len(examples.examples))], (0, 5)
    labels = json.loads(json.dumps(coco_ground_truth(examples)))
    for one in labels["images"]:
        one["id"] = image_ids[one["id"] - 1]
    for one in labels["annotations"]:
        one["image_id"], one["category_id"] = image_ids[one["image_id"] - 1], category_ids[one["category_id"] - 1]
    for one in labels["categories"]:
        one["id"] = category_ids[one["id"] - 1]
    images = [(number, Path(f"{number}.jpg").name) for number in image_ids]
    stats = by_pycocotools(labels, coco_results(detections, images, examples.classes, category_ids))
    metrics = evaluate(examples, detections)
    assert [metrics["AP"], metrics["AP50"], metrics["AP75"]] == pytest.approx(list(stats[:3]), abs=1e-12)


def test_soft_suppression_needs_boxes_that_are_left():
    class Suppressing(Constant):
        suppresses = True

    with pytest.raises(TrainerError, match="--output boxes"):
        Detector(Suppressing(0.5), SPEC, nms=Suppression(soft=True))
    assert Detector(Suppressing(0.5), SPEC, nms=Suppression(0.6)).nms.iou == 0.6
    detecting = task_named(DETECT).predicting
    softened = detecting.suppressing(Detector(Constant(0.5), SPEC), Suppression(soft=True))
    assert softened.nms.soft
    with pytest.raises(TrainerError, match="--suppression"):
        Predicting.suppressing(detecting, None, Suppression(0.6))
    assert Predicting.suppressing(detecting, "it", Suppression()) == "it"
