"""The memory of a process that generates one image after the other: resident MB after every hundred.

python memory.py '{"preset": "empty", "images": 1000, "size": 32}'
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from blender_addon.draw import config as draw_settings  # noqa: E402
from blender_addon.image_renderer import render_image  # noqa: E402
from blender_addon.job.worker import resident_mb  # noqa: E402
from blender_addon.quiet import quiet_stdout  # noqa: E402

_EVERY = 100


def measure(preset: str, images: int, size: int) -> dict:
    """{"resident_mb": {images: MB}, "growth_mb": over the second half, scaled to 1,000 images}."""
    config = draw_settings.resolve(preset, None, [f"render.size=[{size},{size}]", "render.samples=1"])
    resident = {}
    began = time.process_time()
    with quiet_stdout():
        for index in range(images):
            render_image(config, 0, index, threads=1)
            if (index + 1) % _EVERY == 0:
                resident[index + 1] = round(resident_mb(), 1)
                print(f"  {index + 1} images: {resident[index + 1]} MB", file=sys.stderr, flush=True)
    half, last = list(resident)[len(resident) // 2 - 1], list(resident)[-1]
    growth = (resident[last] - resident[half]) * 1000 / (last - half)
    seconds = (time.process_time() - began) / images
    return {"resident_mb": resident, "growth_mb": round(growth, 1), "seconds": seconds}


if __name__ == "__main__":
    print(json.dumps(measure(**json.loads(sys.argv[1]))))
