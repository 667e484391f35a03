"""pycocotools' numbers for the same ground truth and detections."""

from __future__ import annotations

import contextlib
import io

import pytest

from trainer.metrics.evaluate import COCO_METRICS, RECALL_METRICS

NAMES = (*COCO_METRICS, *RECALL_METRICS)


def by_pycocotools(ground_truth, results):
    """COCOeval's twelve numbers."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    with contextlib.redirect_stdout(io.StringIO()):
        ground = COCO()
        ground.dataset = ground_truth
        ground.createIndex()
        judge = COCOeval(ground, ground.loadRes(results), "bbox")
        judge.evaluate()
        judge.accumulate()
        judge.summarize()
    return judge.stats


def assert_equal_to_pycocotools(metrics, ground_truth, results):
    stats = by_pycocotools(ground_truth, results)
    for name, value in zip(NAMES, stats):
        if value < 0:
            assert metrics[name] is None, name
        else:
            assert metrics[name] == pytest.approx(value, abs=1e-12), name
