"""Comparisons: who is better and who by chance, names, the workbooks opened again."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import openpyxl
import pytest

from trainer.errors import TrainerError
from trainer.evaluation.comparison import (
    SIGNIFICANCE,
    UNDECIDED,
    _difference,
    differences,
    model_names,
    text,
)
from trainer.metrics.analysis import AnalysisRequest, analyse
from trainer.metrics.attributes import Attributes
from trainer.metrics.bootstrap import LEAST_RESAMPLES
from trainer.metrics.confidence_sweep import iou_table
from trainer.network.spec import DETECT
from trainer.report.comparison_report import write_comparison_report
from trainer.report.workbook import write_cases
from trainer.tasks import Resampled, task_named

from .made_up import example_set, found
from .refusals import refusal

BOX, NOWHERE = [10, 10, 50, 50], [300, 220, 40, 40]
DETECTION = task_named(DETECT)
NOTHING_KNOWN = Attributes({}, {})


def analysed(share_found, images=80, seed=0, shift=0.0):
    """A detector that finds each one person an image with this chance, ``shift`` pixels to the right."""
    rng = np.random.default_rng(seed)
    hits = rng.random(images) < share_found
    box = [BOX[0] + shift, *BOX[1:]]
    examples = example_set([[(BOX, 0, False)]] * images)
    detections = [found([(box if hit else NOWHERE, 0.5 + 0.4 * rng.random(), 0)]) for hit in hits]
    one = analyse(examples, detections, NOTHING_KNOWN, AnalysisRequest(resamples=300))
    iou = iou_table(examples, detections, one.data.confidence)
    one.metrics.update({"model": "m", "settings": {}, "curves": {**one.metrics["curves"], "iou": iou}})
    return one


def test_much_better_is_better_and_a_little_is_chance():
    good, bad, like_bad = analysed(0.9), analysed(0.4, seed=1), analysed(0.43, seed=2)
    rows = {
        (row["metric"], row["model"], row["other"]): row
        for row in differences(DETECTION, {"g": good, "b": bad, "l": like_bad})
    }
    sure = rows["AP50", "g", "b"]
    assert sure["difference"] == pytest.approx(good.metrics["AP50"] - bad.metrics["AP50"])
    assert sure["interval"][0] > 0
    assert sure["p"] < 0.01
    assert sure["verdict"] == "g is better"
    unsure = rows["AP50", "b", "l"]
    assert unsure["interval"][0] < 0 < unsure["interval"][1]
    assert unsure["p"] > 0.05
    assert unsure["verdict"] == "chance"
    assert rows["recall", "b", "l"]["verdict"] == "chance"


def test_of_an_error_the_lower_one_is_better():
    draws = np.random.default_rng(0).normal(1.0, 0.01, (2, 300)) + np.array([[0.0], [1.0]])
    errors = {name: Resampled(row.mean(), row, higher_is_better=False) for name, row in zip("lh", draws)}
    task = SimpleNamespace(scoring=SimpleNamespace(resampled=lambda name: {"error": errors[name]}))
    (row,) = differences(task, {"l": "l", "h": "h"})
    assert row["difference"] == pytest.approx(-1.0, abs=0.01)
    assert row["verdict"] == "l is better"


def test_a_model_against_itself_is_chance():
    one = analysed(0.5)
    assert [(row["difference"], row["p"], row["verdict"]) for row in differences(DETECTION, {"a": one, "b": one})] == [
        (0, 1, "chance")
    ] * 3


def test_those_who_lie():
    """Of four images three people lie, of whom the surest two are found; one who stands is not."""
    examples = example_set([[(BOX, 0, False)]] * 4)
    detections = [found([(box, score, 0)]) for box, score in ((BOX, 0.9), (BOX, 0.5), (NOWHERE, 0.7), (NOWHERE, 0.3))]
    for where in ("objects", "images"):
        columns = {"lying": np.array(["yes", "yes", "yes", "no"], dtype=object)}
        known = Attributes(**{"objects": {}, "images": {}, where: columns})
        said = analyse(examples, detections, known, AnalysisRequest(resamples=50)).metrics["lying"]
        assert (said["boxes"], said["recall"]) == (3, pytest.approx(2 / 3))
        assert said["recall_at_false_per_picture"] == {"false_per_picture": 0.1, "recall": pytest.approx(1 / 3)}
        low, high = said["recall_interval"]
        assert low <= 2 / 3 <= high
    nobody_lies = Attributes({}, {"lying": np.array(["no"] * 4, dtype=object)})
    assert analyse(examples, detections, nobody_lies, AnalysisRequest(resamples=50)).metrics["lying"] is None


def test_one_scene_says_nothing_of_others():
    examples = example_set([[(BOX, 0, False)]] * 6)
    one_scene = Attributes({}, {}, scenes=np.zeros(6))
    made = {
        name: analyse(examples, [found([(box, 0.9, 0)])] * 6, one_scene, AnalysisRequest(resamples=50))
        for name, box in (("good", BOX), ("bad", NOWHERE))
    }
    intervals = made["good"].metrics["intervals"]
    assert (intervals["AP50"], intervals["recall"], intervals["resamples"]) == (None, None, 0)
    assert {(row["interval"], row["verdict"]) for row in differences(DETECTION, made)} == {(None, UNDECIDED)}


def test_pairing_sees_what_two_intervals_would_not():
    """Of the same images one detector finds eight more: sure, although the intervals overlap widely."""
    examples = example_set([[(BOX, 0, False)]] * 60)
    made = {}
    for name, count in (("less", 30), ("more", 38)):
        detections = [found([(BOX, 0.9, 0)] if number < count else []) for number in range(60)]
        made[name] = analyse(examples, detections, NOTHING_KNOWN, AnalysisRequest(resamples=400))
    low, high = made["less"].metrics["intervals"]["recall"], made["more"].metrics["intervals"]["recall"]
    assert low[1] > high[0]
    recall = next(row for row in differences(DETECTION, made) if row["metric"] == "recall")
    assert recall["verdict"] == "more is better"


def test_names_are_the_shortest_that_differ(tmp_path):
    pair = f"{tmp_path}/x.cfg,{tmp_path}/nano.weights"
    assert model_names([f"{tmp_path}/a/run", f"{tmp_path}/b/run", pair, "v1.2"]) == ["a/run", "b/run", "nano", "v1.2"]
    with refusal(TrainerError, "run"):
        model_names(["run", "./run"])


def test_over_iou():
    """Boxes of 50 pixels, 10 to the right: IoU 40 / 60."""
    one = analysed(1.0, images=4, shift=10.0)
    rows = one.metrics["curves"]["iou"]
    assert len(rows) == 101
    assert {row["iou"]: row["recall"] for row in rows if row["iou"] in (0, 0.66, 0.67, 1)} == {
        0: 1,
        0.66: 1,
        0.67: 0,
        1: 0,
    }


def compared_of(models):
    return {
        "schema_version": 1,
        "data": "ward",
        "summary": {name: DETECTION.scoring.summary(one.metrics) for name, one in models.items()},
        "task": DETECT,
        "differences": differences(DETECTION, models),
        "models": {name: one.metrics for name, one in models.items()},
    }


def test_the_workbooks_opened_again(tmp_path):
    models = {"a/very long name: of a model, longer than Excel takes [1]": analysed(0.9), "b": analysed(0.4, seed=1)}
    write_comparison_report(tmp_path / "out", compared_of(models))
    book = openpyxl.load_workbook(tmp_path / "out" / "comparison.xlsx")
    assert book.sheetnames[:2] == ["Summary", "Differences"]
    assert len(book.sheetnames) == 4
    heads, _, second = book["Summary"].iter_rows(values_only=True)
    row = dict(zip(heads, second))
    assert row["model"] == "b"
    assert row["AP50"] == pytest.approx(models["b"].metrics["AP50"])
    tab = book["b"]
    assert tab.max_row == 102
    assert [tab.cell(1, column).value for column in (1, 2, 9, 10)] == ["confidence", "precision", "IoU", "precision"]
    at_half = next(row for row in tab.iter_rows(min_row=2, values_only=True) if row[0] == 0.5)
    assert at_half[2] == pytest.approx(models["b"].curve.at(0.5)["recall"])
    said = json.loads((tmp_path / "out" / "metrics.json").read_text())
    assert said["models"]["b"]["AP50"] == models["b"].metrics["AP50"]
    page = (tmp_path / "out" / "index.html").read_text()
    assert "http" not in page
    for name in ("precision_recall", "misses", "confidence"):
        for kind in ("png", "svg"):
            assert (tmp_path / "out" / "plots" / f"{name}.{kind}").stat().st_size > 5000


def test_a_comparison_on_images_of_nobody(tmp_path):
    examples = example_set([[]] * 4)
    models = {}
    for name, rows in (("quiet", []), ("loud", [(BOX, 0.9, 0)])):
        detections = [found(rows)] * 4
        one = analyse(examples, detections, NOTHING_KNOWN, AnalysisRequest(resamples=40))
        one.metrics["curves"]["iou"] = iou_table(examples, detections, one.data.confidence)
        models[name] = one
    write_comparison_report(tmp_path, compared_of(models))
    said = json.loads((tmp_path / "metrics.json").read_text())
    assert said["differences"] == []
    assert [row["AP50"] for row in said["summary"].values()] == [None, None]
    assert text(said).splitlines()[1].split()[:3] == ["quiet", "no", "ground"]


def test_the_text_of_a_comparison():
    lines = text(compared_of({"a": analysed(0.9), "longer": analysed(0.4, seed=1)})).splitlines()
    assert lines[0].split() == ["AP50", "AP", "precision", "recall", "f1"]
    assert [line.split()[0] for line in lines[1:3]] == ["a", "longer"]
    assert len({len(line) for line in lines[:3]}) == 1
    assert lines[3].startswith("AP50: a - longer = +0.")
    assert lines[3].endswith("a is better")


def test_two_long_names_that_begin_alike_have_two_tabs(tmp_path):
    one = analysed(0.9, images=5)
    write_comparison_report(tmp_path, compared_of({"x" * 40 + "1": one, "x" * 40 + "2": one, "summary": one}))
    names = openpyxl.load_workbook(tmp_path / "comparison.xlsx").sheetnames
    assert names == ["Summary", "Differences", "x" * 31, "x" * 27 + " (2)", "summary (2)"]


def test_the_case_by_case_workbook_opened_again(tmp_path):
    values = ("RGB", "IR", "Low", "High", "Bed", "No Bed", "Male", "Female")
    table = {tab: {value: [0.5, None] for value in values} for tab in ("Sensor", "Occl.", "Bed", "Gender")}
    table["Gender"]["Bed"] = [0.25, 1.0]
    write_cases(tmp_path / "cases.xlsx", {"first": table, "second": table})
    book = openpyxl.load_workbook(tmp_path / "cases.xlsx")
    assert book.sheetnames == ["Sensor", "Occl.", "Bed", "Gender"]
    for tab in book:
        rows = list(tab.iter_rows(values_only=True))
        assert rows[0] == ("Model", *values)
        assert [row[0] for row in rows[1:]] == ["first", "second"]
    assert book["Gender"]["F2"].value == "0.250 | 1.000"
    assert book["Sensor"]["B3"].value == "0.500 | -"


@pytest.mark.parametrize("count", [-5, 0, 10, LEAST_RESAMPLES - 1])
def test_too_few_resamples_for_an_interval_are_refused(count):
    with pytest.raises(TrainerError, match=f"--resamples {count}:"):
        AnalysisRequest(resamples=count)


def test_the_least_number_of_resamples_can_tell_a_sure_difference():
    """The smallest p is 2 / (resamples + 1): it has to be below the level of significance, and barely is."""
    one, zero = Resampled(1.0, np.ones(LEAST_RESAMPLES)), Resampled(0.0, np.zeros(LEAST_RESAMPLES))
    row = _difference("AP50", "a", "b", one, zero, 1.0)
    assert row["verdict"] == "a is better"
    assert SIGNIFICANCE * 0.95 < row["p"] < SIGNIFICANCE
    known = np.append(np.ones(LEAST_RESAMPLES - 1), np.nan)
    fewer = _difference("AP50", "a", "b", Resampled(1.0, known), zero, 1.0)
    assert (fewer["interval"], fewer["verdict"]) == (None, UNDECIDED)
