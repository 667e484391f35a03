"""``wardsynth`` with images that cost nothing and misbehave on demand: all but the rendering is the real job.

``python stand_in.py generate ...``; what image K does is in the environment's STAND_IN as {"K": "ACT", ...}:

- ``raise``    making it fails
- ``again``    making it fails where it was made before
- ``die``      its process ends in the middle
- ``die-once`` likewise, the first time
- ``hang``     it never ends
- ``grow``     its process holds 200 MB more after it
- ``large``    its file has 300,000 bytes

``pause`` gives the seconds every image takes, ``log`` a file that gets a line "index process" for each that is begun.
"""

import json
import os
import sys
import time
import types
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from blender_addon import cli
from blender_addon.job import worker
from shared_format import dataset, digests, masks, record

_kept = []


def render_image(config, seed, index):
    """A record and bytes that depend on (config, seed, index) alone."""
    acts = json.loads(os.environ.get("STAND_IN", "{}"))
    seen = _note(acts.get("log"), index)
    time.sleep(acts.get("pause", 0))
    act = acts.get(str(index), "")
    if act == "raise" or (act == "again" and seen):
        raise ValueError("it cannot\nbe made")
    if act == "die" or (act == "die-once" and not seen):
        print("so it goes", file=sys.stderr, flush=True)
        os._exit(5)
    if act == "hang":
        time.sleep(3600)
    if act == "grow":
        _kept.append(np.ones(25_000_000))
    random = np.random.default_rng([seed, index])
    image = b"\xff\xd8" + random.bytes(300_000 if act == "large" else 3_000) + b"\xff\xd9"
    mask = random.random((8, 8)) < 0.5
    person = record.Instance(
        1, "person", {"posture": "supine"}, mask=masks.encode(mask), bbox_covered=[1.0, 2.0, 5.0, 4.0]
    )
    frame = record.Frame(dataset.image_file(index), 8, 8, seed, index, index, 0, None, {}, {}, (person,))
    return types.SimpleNamespace(frame=digests.sealed(frame, image, {}, config), image=image, maps={})


class ImageRenderer:
    """As ``image_renderer.ImageRenderer``."""

    def __init__(self, *arguments):
        self._config, self._seed, *_ = arguments

    def render(self, index):
        """A record and bytes that depend on (config, seed, index) alone."""
        return render_image(self._config, self._seed, index)


def _note(log, index):
    """Whether image ``index`` was begun before, by any process."""
    if log is None:
        return False
    path = Path(log)
    seen = path.is_file() and any(line.split()[0] == str(index) for line in path.read_text().splitlines())
    with open(path, "a") as lines:
        lines.write(f"{index} {os.getpid()}\n")
    return seen


if __name__ == "__main__":
    sys.modules["blender_addon.image_renderer"] = types.SimpleNamespace(ImageRenderer=ImageRenderer)
    worker._command = lambda: [sys.executable, __file__, "worker"]
    cli._require_renderer = lambda config, device: None
    cli.main()
