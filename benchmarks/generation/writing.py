"""The cost of writing an image as a dataset grows: processor milliseconds of the first and the 10,000th images."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from shared_format import dataset, masks  # noqa: E402
from shared_format.record import Frame, Instance  # noqa: E402

_AROUND = 200  # images whose median is taken, at the beginning and at the end
_IMAGE_BYTES, _INSTANCES = 60_000, 17  # of an image of `mixed` at 416 x 416


def measure(last: int) -> dict:
    """{"early_ms", "late_ms"}: medians of the first ``_AROUND`` images and of those up to image ``last``."""
    import numpy as np

    mask = masks.encode(np.random.default_rng(0).random((416, 416)) < 0.001)
    instance = Instance(1, "person", {"posture": "supine"}, mask=mask, bbox_covered=[1.0, 1.0, 9.0, 9.0])
    frame = Frame("", 416, 416, 0, 0, 0, 0, None, {}, {}, tuple(replace(instance, id=n) for n in range(_INSTANCES)))
    image = bytes(_IMAGE_BYTES)
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        for name in (dataset.IMAGES, dataset.FRAMES):
            (Path(folder) / name).mkdir()
        for index in range(last):
            began = time.process_time()
            dataset.write_frame(Path(folder), replace(frame, file=dataset.image_file(index), index=index), image)
            seconds.append(time.process_time() - began)
    early, late = (statistics.median(part) * 1000 for part in (seconds[:_AROUND], seconds[-_AROUND:]))
    return {"early_ms": round(early, 3), "late_ms": round(late, 3), "pictures": last}
