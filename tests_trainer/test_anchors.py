"""Anchors: found where the boxes are, the same every time, and no worse than simple alternatives."""

from __future__ import annotations

import json

import numpy as np
import pytest

from shared_format.boxes import size_iou
from trainer.cli import cli, run
from trainer.errors import TrainerError
from trainer.examples.example import ExampleSet, make_example
from trainer.network.anchors import (
    AnchorFit,
    anchor_fit,
    best_possible_recall,
    box_sizes,
    cluster_anchors,
    mean_best_iou,
)

from .conftest import make_dataset
from .refusals import refusal


def boxes_of(sizes, side=416):
    """Images as large as the input, a box each, so that its size in the input is its own."""
    examples = tuple(
        make_example(f"{index}", index, [([0, 0, w, h], 0, False, w * h)], width=side, height=side)
        for index, (w, h) in enumerate(sizes)
    )
    return ExampleSet(examples, ("person",), (1,), "boxes")


def test_clear_groups_are_found_smallest_area_first():
    rng = np.random.default_rng(0)
    middles = np.array([[20, 40], [60, 30], [50, 150], [200, 100], [300, 350]], dtype=float)
    sizes = np.concatenate([middle * rng.uniform(0.93, 1.07, (25, 2)) for middle in middles])
    found = cluster_anchors(box_sizes(boxes_of(rng.permutation(sizes)), 416), 5)
    order = np.argsort(middles.prod(axis=1))
    np.testing.assert_allclose(found, middles[order], rtol=0.04)


def test_the_same_boxes_in_another_order_give_the_same_anchors():
    rng = np.random.default_rng(1)
    sizes = rng.lognormal(4, 0.6, (200, 2)).clip(5, 400)
    assert cluster_anchors(box_sizes(boxes_of(sizes), 416), 6) == cluster_anchors(
        box_sizes(boxes_of(rng.permutation(sizes)), 416), 6
    )


def test_more_anchors_fit_better_and_better_than_quantiles():
    sizes = np.random.default_rng(2).lognormal(4, 0.6, (300, 2)).clip(5, 400)
    fits = [anchor_fit(boxes_of(sizes), count, 416) for count in (1, 3, 6, 9)]
    assert np.all(np.diff([fit.mean_iou for fit in fits]) > 0)
    by_area = sizes[np.argsort(sizes.prod(axis=1))]
    assert fits[-1].mean_iou > mean_best_iou(sizes, tuple(map(tuple, by_area[16::33][:9])))


def test_recall_counts_sides_within_a_factor_of_four():
    anchors = ((10.0, 10.0), (100.0, 100.0))
    sizes = np.array([[39, 10], [41, 10], [25.1, 25.1], [2.6, 10], [2.4, 10], [41, 26]])
    assert best_possible_recall(sizes[:1], anchors) == 1
    assert [best_possible_recall(size[None], anchors) for size in sizes] == [1, 0, 1, 1, 0, 1]


def test_size_iou_by_hand():
    np.testing.assert_allclose(size_iou([[2, 2], [4, 1]], [[2, 2], [8, 2]]), [[1, 4 / 16], [2 / 6, 4 / 16]])


def test_sizes_are_those_in_the_letterbox_without_what_is_ignored():
    example = make_example("a", 1, [([0, 0, 80, 40], 0, False, 1), ([0, 0, 9, 9], 0, True, 1)], width=832, height=416)
    np.testing.assert_allclose(box_sizes(ExampleSet((example,), ("p",), (1,), "a"), 416), [[40, 20]])


def test_equal_boxes_are_no_reason_to_fail():
    assert cluster_anchors(box_sizes(boxes_of([(50, 80)] * 20), 416), 3) == ((50.0, 80.0),) * 3


def test_too_few_boxes_are_counted():
    with refusal(TrainerError, "7 boxes", "2 anchors", 8):
        anchor_fit(boxes_of([(50, 80)] * 7), 2, 416)


def test_the_command_prints_the_line_of_a_cfg(tmp_path, capsys):
    data = make_dataset(tmp_path / "ward", count=8, people=(4, 5))
    assert run(cli, ["anchors", str(data), "--k", "3", "--size", "96"]) == 0
    line, fit = capsys.readouterr().out.splitlines()
    assert line.startswith("anchors = ")
    assert "32 boxes at 96x96: mean IoU 0." in fit
    assert run(cli, ["anchors", str(data), "--k", "3", "--size", "96", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    printed = ", ".join(f"{width:g},{height:g}" for width, height in result["anchors"])
    assert line == f"anchors = {printed}"
    assert (result["boxes"], result["size"], result["schema_version"]) == (32, 96, 1)


def test_the_text_is_exact():
    fit = AnchorFit(((10.0, 14.5), (23.0, 27.0)), 416, 12, 0.61239, 0.99999)
    assert fit.text() == (
        "anchors = 10,14.5, 23,27\n"
        "12 boxes at 416x416: mean IoU 0.612, best possible recall 1.0000 (sides within a factor of 4)"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--k", "9"], "9 anchors need 36 or more"),
        (["--k", "0"], "0 is not in the range"),
        (["--size", "3"], "3 is not"),
    ],
)
def test_wrong_use_is_one_line(ward, capsys, arguments, message):
    assert run(cli, ["anchors", str(ward), *arguments]) == 2
    assert message in capsys.readouterr().err
