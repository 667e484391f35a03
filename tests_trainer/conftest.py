"""Fixtures: small invented datasets and trained detectors, and the reference files beside the checkout if present."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from shared_format import dataset, masks
from shared_format.record import Camera, Frame, Instance
from trainer.backend import load_quietly

from .once import once

__all__ = ["once"]

INTRINSICS = {"fx": 80.0, "fy": 80.0, "cx": 48.0, "cy": 40.0}
SHARED = Path(__file__).resolve().parents[2] / "shared"
# A network with few layers for tests of everything around it: TensorFlow needs seconds for a training graph.
TWO_HEADS = str(Path(__file__).with_name("two_heads.cfg"))


def pytest_collect_file():
    """Load Keras before a test module, as every command does first; pytest-xdist's main process does not need it."""
    load_quietly()


@pytest.fixture(scope="session")
def shared():
    if not (SHARED / "oracles").is_dir():
        pytest.skip(f"the oracle files are not at {SHARED}")
    return SHARED


def figure_image(rng, width, height, people):
    """Draw a grey room with dark figures; returns the image and their exact boxes [x, y, w, h]."""
    image = Image.new("RGB", (width, height), tuple(int(c) for c in rng.integers(150, 210, 3)))
    draw = ImageDraw.Draw(image)
    boxes = []
    for _ in range(people):
        h = int(rng.uniform(0.3, 0.5) * height)
        w = int(h * rng.uniform(0.4, 0.6))
        x, y = int(rng.integers(0, width - w)), int(rng.integers(0, height - h))
        colour = tuple(int(c) for c in rng.integers(10, 70, 3))
        draw.rectangle((x, y, x + w - 1, y + h - 1), fill=colour)
        draw.ellipse((x + w // 4, y, x + 3 * w // 4, y + h // 4), fill=(230, 190, 160))
        boxes.append([float(x), float(y), float(w), float(h)])
    return image, boxes


def make_dataset(folder, count=6, width=96, height=80, seed=1, people=(1, 3), start=0, **instance_fields):
    """Write a WardSynth dataset of drawn figures, each image also with a bed; returns the folder."""
    rng = np.random.default_rng(seed)
    categories = (dataset.Category(3, "person"), dataset.Category(7, "bed"))
    dataset.write_info(folder, dataset.DatasetInfo("drawn", seed, {}, categories))
    for index in range(start, start + count):
        image, boxes = figure_image(rng, width, height, int(rng.integers(*people)))
        instances = []
        for number, (x, y, w, h) in enumerate(boxes, start=1):
            mask = np.zeros((height, width), dtype=bool)
            mask[int(y) : int(y + h), int(x) : int(x + w)] = True
            box = [x, y, w, h]
            fields = {"bbox_visible": box, "bbox_covered": box, **instance_fields}
            instances.append(Instance(number, "person", {"posture": "standing"}, masks.encode(mask), **fields))
        bed = np.zeros((height, width), dtype=bool)
        bed[10:30, 10:50] = True
        instances.append(Instance(len(boxes) + 1, "bed", {}, masks.encode(bed), bbox_visible=[10, 10, 40, 20]))
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=95)
        frame = Frame(
            file=dataset.image_file(index),
            width=width,
            height=height,
            seed=seed,
            index=index,
            scene_index=index,
            view_index=0,
            camera=Camera("pinhole", width, height, INTRINSICS, np.eye(3, 4).tolist()),
            attributes={"light": "day"},
            spec={},
            instances=tuple(instances),
        )
        dataset.write_frame(folder, frame, buffer.getvalue())
    return folder


@pytest.fixture
def ward(tmp_path):
    return make_dataset(tmp_path / "ward")


@pytest.fixture(scope="module")
def eager():
    """Run TensorFlow eagerly: compiling the graph takes half the time of a training of a few steps."""
    with _eagerly(True):
        yield


@contextlib.contextmanager
def _eagerly(wanted):
    import tensorflow

    before = tensorflow.config.functions_run_eagerly()
    tensorflow.config.run_functions_eagerly(wanted)
    try:
        yield
    finally:
        tensorflow.config.run_functions_eagerly(before)


@pytest.fixture(scope="session")
def trained(once):
    """A small dataset and a run folder trained on it long enough to detect something."""
    return once("trained", _train)


def _train(base):
    from trainer.fitting.config import resolve
    from trainer.fitting.fit import fit
    from trainer.fitting.run_folder import FitInputs

    data = make_dataset(base / "ward", count=8, width=128, height=112)
    settings = ["loss=darknet", "augment.scale=0", "augment.translate=0", "augment.mosaic=0", "validate_every=20"]
    options = {"model": TWO_HEADS, "size": 128, "epochs": 100, "batch": 4, "learning_rate": 0.005}
    inputs = FitInputs(data=(str(data),), out=base / "run", validation=(str(data),))
    with _eagerly(False):  # many steps
        result = fit(inputs, resolve(None, settings, options))
    return {"data": data, "run": base / "run", "result": result}


@pytest.fixture(scope="session")
def exported(trained, once):
    """The trained detector exported to ONNX by the command."""
    for module in ("onnx", "onnxruntime", "tf2onnx"):
        pytest.importorskip(module, reason="needs the extra export")
    return once("exported", lambda folder: _export(trained["run"], folder))


def _export(run_folder, folder):
    from trainer.cli import cli, run

    assert run(cli, ["export", str(run_folder), "--format", "onnx", "--out", str(folder), "--licence", "CC0"]) == 0
    return folder / "detector.onnx"
