"""Images per minute of `wardsynth generate` with one and with several worker processes."""

from __future__ import annotations

import functools
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def measure(preset: str, images: int, workers: int, cores: int) -> dict:
    """Wall and processor seconds of a run, from the first finished image on, so that they exclude the start.

    The run uses the first ``cores`` cores of the machine; a single worker renders on all of them.
    """
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "ward"
        arguments = ["--out", str(out), "--preset", preset, "--count", str(images), "--workers", str(workers)]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "blender_addon", "generate", *arguments],
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
            preexec_fn=functools.partial(os.sched_setaffinity, 0, allowed),
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        finished = sorted(path.stat().st_mtime for path in (out / "frames").iterdir())
    processor = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
    steady = finished[workers - 1 :]  # every worker has started by then
    return {
        "workers": workers,
        "cores": cores,
        "pictures": images,
        "pictures_per_minute": round(60 * (len(steady) - 1) / (steady[-1] - steady[0]), 2),
        "cpu_seconds_per_picture": round(processor / images, 3),
        "load": os.getloadavg()[0],
        "measured": time.strftime("%H:%M:%S"),
    }
