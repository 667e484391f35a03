"""Worse images: the levels asked for, and boxes in the pixels of the image as it was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from shared_format.effects import DEGRADATIONS
from trainer.detection.detector import Detections
from trainer.errors import TrainerError
from trainer.evaluation.robustness import parse_degradations, robustness
from trainer.examples.images import checked
from trainer.examples.readers import read_data
from trainer.network.spec import DETECT
from trainer.tasks import task_named

from .conftest import make_dataset


def test_a_name_is_its_whole_ladder_with_the_predecessors_level():
    assert parse_degradations("dark,blur,lowres,infrared") == {name: way.ladder for name, way in DEGRADATIONS.items()}
    for name, level in (("dark", 0.5), ("blur", 30), ("lowres", 0.5)):
        assert level in parse_degradations(name)[name]
    assert parse_degradations("blur=30, dark=0.5,blur=7") == {"blur": (30.0, 7.0), "dark": (0.5,)}


@pytest.mark.parametrize(
    ("text", "echoed"),
    [
        ("drak", ("drak", "dark")),
        ("", ("''",)),
        ("dark=2", ("dark=2", "0.0 to 1.0")),
        ("blur=much", ("blur=much", "1 to 1000")),
        ("blur=", ("blur=", "1 to 1000")),
        ("lowres=nan", ("lowres=nan", "0.01 to 1.0")),
        ("dark=inf", ("dark=inf", "0.0 to 1.0")),
    ],
)
def test_levels_that_mean_nothing(text, echoed):
    with pytest.raises(TrainerError, match=r"^--degrade: ") as refused:
        parse_degradations(text)
    assert all(part in str(refused.value) for part in echoed)


@dataclass
class Spec:
    classes: tuple = ("person",)


class DarkThings:
    """Finds the extent of what is darker than 90 of 255, in the pixels of the image that it is given."""

    spec = Spec()

    def __init__(self):
        self.sizes = []

    def detect(self, images, lowest):
        for image in images:
            self.sizes.append(image.size)
            rows, columns = np.nonzero(np.asarray(image).mean(axis=2) < 90)
            box = [columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1] if len(rows) else None
            boxes = np.array([box] if box else [], dtype=float).reshape(-1, 4)
            yield Detections(boxes, np.full(len(boxes), 0.9), np.zeros(len(boxes), dtype=int))


def test_boxes_of_smaller_images_are_those_of_the_image(tmp_path):
    examples = checked(read_data(str(make_dataset(tmp_path / "ward", count=3, width=128, height=112, people=(1, 2)))))
    detector = DarkThings()
    asked = {"lowres": (0.5,), "dark": (0.3,)}
    metrics = {"AP": 1.0, "AP50": 1.0, "precision": 1.0, "recall": 1.0, "f1": 1.0, "false_per_picture": 0.0}
    curves = robustness(
        task_named(DETECT), detector, examples, asked, {**metrics, "confidence": 0.9}, 0.001, show=False
    )
    assert detector.sizes == [(64, 56)] * 3 + [(128, 112)] * 3
    first, half = curves["lowres"]["levels"]
    assert (first["level"], first["AP50"], half["level"]) == (None, 1.0, 0.5)
    assert (half["AP50"], half["recall"], half["precision"]) == (pytest.approx(1), 1, 1)
    assert curves["dark"]["levels"][1]["AP50"] < 0.5  # all is dark: the room too
    assert (curves["lowres"]["usual"], curves["lowres"]["unit"]) == (0.5, "factor of width and height")
