"""Processor seconds of each stage of generating an image, in this process.

python stages.py '{"preset": "mixed", "images": 12, "threads": 1, "views": 1}'
"""

from __future__ import annotations

import functools
import json
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from blender_addon import image_renderer  # noqa: E402
from blender_addon.construct import scene as building  # noqa: E402
from blender_addon.draw import config as draw_settings  # noqa: E402
from blender_addon.quiet import quiet_stdout  # noqa: E402
from blender_addon.render import cycles, label_maps  # noqa: E402
from shared_format import dataset  # noqa: E402

# (owner of the function, its name, the stage); the time of a stage within another is subtracted from the outer one.
_STAGES = (
    (image_renderer, "sample", "spec"),
    (image_renderer, "build_scene", "build: rooms, furniture, light"),
    (image_renderer, "next_view", "build: another view"),
    (building, "pose_people", "build: postures"),
    (building, "build_person", "build: bodies and clothes"),
    (building, "build_cover", "build: cloth over beds"),
    (cycles, "light", "render"),
    (image_renderer, "label", "labels: rays, boxes, masks, key points"),
    (label_maps.LabelMapRenderer, "instance_and_depth_map", "labels: index and depth render"),
    (image_renderer, "develop", "sensor"),
    (image_renderer, "encode_jpeg", "encode"),
    (image_renderer, "remove_scene", "remove"),
    (dataset, "write_frame", "write"),
)


class _Clock:
    """Processor seconds by stage, each without the stages inside it."""

    def __init__(self) -> None:
        self.seconds: Counter = Counter()
        self._within = [0.0]

    def time(self, owner: Any, name: str, stage: str) -> None:
        timed = getattr(owner, name)

        @functools.wraps(timed)
        def timing(*arguments: Any, **named: Any) -> Any:
            self._within.append(0.0)
            began = time.process_time()
            try:
                return timed(*arguments, **named)
            finally:
                whole = time.process_time() - began
                self.seconds[stage] += whole - self._within.pop()
                self._within[-1] += whole

        setattr(owner, name, timing)


def measure(preset: str, images: int, threads: int, views: int) -> dict:
    """{"stages": {stage: seconds per image}, "seconds": of all}; the first image of the process is not counted.

    Args:
        views: images per scene.
    """
    config = draw_settings.resolve(preset, pairs=[f"render.views_per_scene={views}"])
    clock = _Clock()
    for stage in _STAGES:
        clock.time(*stage)
    with tempfile.TemporaryDirectory() as folder, quiet_stdout():
        for name in (dataset.IMAGES, dataset.FRAMES):
            (Path(folder) / name).mkdir()
        image_renderer.render_image(config, 0, images, threads=threads)
        clock.seconds.clear()
        began = time.process_time()
        renderer = image_renderer.ImageRenderer(config, 0, threads=threads)
        for index in range(images):
            image = renderer.render(index)
            dataset.write_frame(Path(folder), image.frame, image.image, image.maps)
        whole = (time.process_time() - began) / images
    stages = {stage: clock.seconds[stage] / images for _, _, stage in _STAGES}
    return {"stages": stages, "other": whole - sum(stages.values()), "seconds": whole}


if __name__ == "__main__":
    print(json.dumps(measure(**json.loads(sys.argv[1]))))
