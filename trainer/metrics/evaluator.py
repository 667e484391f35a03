"""COCO's evaluation, by hotcoco."""

from __future__ import annotations

from collections.abc import Sequence

import hotcoco
import numpy as np


def evaluator(ground_truth: hotcoco.COCO, rows: np.ndarray, ious: Sequence[float] | None = None) -> hotcoco.COCOeval:
    """COCO's evaluation of boxes, matched. Detections have the ids 1, 2, ... in the order of the ``rows``.

    Args:
        ious: the thresholds, for boxes of all sizes alone; None: COCO's own thresholds and sizes.
    """
    made = hotcoco.COCOeval(ground_truth, ground_truth.load_res(rows), "bbox")
    if ious is not None:
        made.params.iou_thrs = list(ious)
        made.params.area_rng, made.params.area_rng_lbl = [[0.0, 1e10]], ["all"]
    made.evaluate()
    return made
