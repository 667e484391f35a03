"""This program as a contestant: training step, inference, input pipeline, an epoch. See ``contest``."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from rounds import Watch, answer, say

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
# Another program waits on the same card: take what is needed, as `trainer fit` does.
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")

# As many as COCO has, which the definitions of ultralytics are for.
COCO_CLASSES = 80
PIPELINE_IMAGES = 256


def main() -> None:
    """Do the task of the command line."""
    task = json.loads(sys.argv[1])
    os.environ["OMP_NUM_THREADS"] = os.environ["TF_NUM_INTRAOP_THREADS"] = str(task["threads"])
    {
        "train": train,
        "predict": predict,
        "predict_exported": predict_exported,
        "pipeline": pipeline,
        "epoch": epoch,
    }[task["task"]](task)


def train(task: dict) -> None:
    """Forward, loss, backward and optimiser on a batch that lies in memory."""
    from trainer.backend import load_quietly

    load_quietly()
    run = _stage(task, _Repeated(task))
    pixels, answers = run.batches.load(0, 0)
    answer(_facts(run.network, task, 3), lambda: run.step(pixels, answers), task["batch"], run.account.means)


def predict(task: dict) -> None:
    """Keras' own ``predict`` of one batch."""
    from trainer.backend import load_quietly

    load_quietly()
    network, pixels = _network(task), _pixels(task)
    answer(_facts(network, task, 1), lambda: network.predict(pixels, verbose=0), task["batch"])


def predict_exported(task: dict) -> None:
    """The exported model under its own runtime; its outputs are compared with Keras' first."""
    from trainer.backend import load_quietly

    load_quietly()
    network, pixels = _network(task), _pixels(task)
    expected = [np.asarray(head) for head in network.predict(pixels, verbose=0)]
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / ("model.onnx" if task["format"] == "onnx" else "model.tflite")
        network.export(path, format=task["format"], verbose=False)
        run = _onnx(path, task) if task["format"] == "onnx" else _litert(path, task, pixels.shape)
        found = {head.shape: head for head in run(pixels)}
        difference = max(float(np.abs(found[head.shape] - head).max() / head.std()) for head in expected)
        facts = {**_facts(network, task, 1), "largest_difference_over_deviation": difference}
        answer(facts, lambda: run(pixels), task["batch"])


def pipeline(task: dict) -> None:
    """The batches alone, from files to what the device is given."""
    with _batches(task) as batches:
        endless = _endless(batches)
        steps = max(1, PIPELINE_IMAGES // task["batch"])

        def take() -> None:
            for _ in range(steps):
                next(endless)

        answer({"workers": task.get("workers", -1)}, take, steps * task["batch"])


def epoch(task: dict) -> None:
    """Whole epochs: the pipeline feeds the training."""
    from trainer.backend import load_quietly

    load_quietly()
    with _batches(task) as batches:
        run = _stage(task, batches)
        run.step(*batches.load(0, 0))
        run.account.means()
        say({**_facts(run.network, task, 3), "steps": len(batches)})
        for number, _ in enumerate(sys.stdin):
            watch = Watch()
            for pixels, answers in batches.epoch(number):
                run.step(pixels, answers)
            run.account.means()  # waits for the device
            say(watch.read(len(batches) * batches.batch))


class _Repeated:
    """What a stage wants of its batches, with one made-up batch in memory."""

    def __init__(self, task: dict) -> None:
        self.batch, self.sizes = task["batch"], (task["size"],)
        rng = np.random.default_rng(0)
        self._ground_truths = np.zeros((self.batch, 8, 6), np.float32)
        self._ground_truths[:, :3, :4] = rng.uniform(0.2, 0.5, (self.batch, 3, 4))
        self._ground_truths[:, :3, 4] = 1
        self._pixels = rng.integers(0, 256, (self.batch, task["size"], task["size"], 3), dtype=np.uint8)

    def __len__(self) -> int:
        return 1

    def load(self, _epoch: int, _step: int) -> tuple:
        return self._pixels, {"ground_truths": self._ground_truths}


def _spec(task: dict) -> object:
    from trainer.network.architectures import make_spec

    count = task.get("classes", COCO_CLASSES)
    classes = tuple(f"class{number}" for number in range(count))
    return make_spec(task["model"], task["size"], classes, tuple(range(1, count + 1)))


def _network(task: dict) -> object:
    import keras

    from trainer.network.build import build_network

    network = build_network(_spec(task))
    network(keras.ops.zeros((1, task["size"], task["size"], 3)))  # an export wants a model that was called
    return network


def _stage(task: dict, batches: object) -> object:
    """The training as `trainer fit` sets it up, with plain momentum, which both programs have."""
    from trainer.fitting.compiled_stage import compile_stage
    from trainer.fitting.config import resolve
    from trainer.fitting.network_copies import trained_copy
    from trainer.network.build import build_network

    options = {"model": task["model"], "size": task["size"], "batch": task["batch"], "epochs": 1000}
    options |= {"loss": task.get("loss", "darknet"), "precision": task.get("precision", "float32")}
    config = resolve(None, [], {**options, "optimizer": "sgd", "learning_rate": 1e-6, "warmup": 0.0})
    spec = _spec(task)
    trained = trained_copy(build_network(spec), spec, config)
    return compile_stage(config.planned_stages[0], config, spec, trained, batches)


def _batches(task: dict) -> object:
    from trainer.augment import Augmentation
    from trainer.examples.images import checked
    from trainer.examples.readers import read_data
    from trainer.feeding.batches import Batches
    from trainer.feeding.mixing import Source

    examples = checked(read_data(task["data"], ("person",), kind="yolo"))
    workers = task.get("workers", -1)
    return Batches(
        [Source(examples)],
        task["size"],
        task["batch"],
        replace(Augmentation(), mosaic=task["mosaic"]),
        seed=0,
        workers=None if workers < 0 else workers,
        cache_mb=task.get("cache_mb", 0),
    )


def _endless(batches: object) -> Iterator:
    number = 0
    while True:
        yield from batches.epoch(number)
        number += 1


def _pixels(task: dict) -> np.ndarray:
    shape = task["batch"], task["size"], task["size"], 3
    return np.random.default_rng(0).random(shape, dtype=np.float32)


def _onnx(path: Path, task: dict) -> object:
    import onnxruntime

    available = onnxruntime.get_available_providers()
    providers = [one for one in ("CUDAExecutionProvider", "CPUExecutionProvider") if one in available]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = task["threads"]
    session = onnxruntime.InferenceSession(str(path), options, providers=providers)
    name = session.get_inputs()[0].name
    return lambda pixels: session.run(None, {name: pixels})


def _litert(path: Path, task: dict, shape: tuple) -> object:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(path), num_threads=task["threads"])
    given = interpreter.get_input_details()[0]["index"]
    interpreter.resize_tensor_input(given, shape)
    interpreter.allocate_tensors()
    heads = [detail["index"] for detail in interpreter.get_output_details()]

    def run(pixels: np.ndarray) -> list:
        interpreter.set_tensor(given, pixels)
        interpreter.invoke()
        return [interpreter.get_tensor(head) for head in heads]

    return run


def _facts(network: object, task: dict, passes: int) -> dict:
    """``passes`` over the network per image: 1 forward, 3 with backpropagation."""
    import keras
    from flops import forward_flops

    return {
        "backend": keras.backend.backend(),
        "keras": keras.__version__,
        "parameters": network.count_params(),
        "gflops_per_picture": passes * forward_flops(network, task["size"]) / 1e9,
    }


if __name__ == "__main__":
    main()
