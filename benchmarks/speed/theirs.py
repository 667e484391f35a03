"""ultralytics as a contestant, by its public interface, unmodified, in an environment of its own. See ``contest``."""

from __future__ import annotations

import json
import os
import sys

from rounds import Watch, answer, say

os.environ["YOLO_OFFLINE"] = "true"
os.environ["YOLO_CONFIG_DIR"] = sys.prefix  # its settings stay in its own environment

import torch

try:
    import torchvision

    STAND_INS: list = []
except RuntimeError:
    # A torchvision built for another torch brings no operators; those that its import asks for are declared. Nothing
    # that is timed here calls them.
    _operators = torch.library.Library("torchvision", "DEF")
    for _name in ("nms", "qnms"):
        _operators.define(f"{_name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision  # noqa: F401

    STAND_INS = ["torchvision's nms and qnms, declared only"]

import ultralytics
from torch.utils.flop_counter import FlopCounterMode
from ultralytics import YOLO

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
PIPELINE_IMAGES = 256


def main() -> None:
    """Do the task of the command line."""
    task = json.loads(sys.argv[1])
    torch.set_num_threads(task["threads"])
    {"train": train, "predict": predict, "pipeline": pipeline, "epoch": epoch}[task["task"]](task)


def train(task: dict) -> None:
    """Forward, its own loss, backward and SGD on a batch that lies in memory."""
    from ultralytics.utils import DEFAULT_CFG

    model = YOLO(task["model"]).model.to(DEVICE)
    model.args = DEFAULT_CFG
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-6, momentum=0.9, nesterov=True)
    batch, size, ground_truths = task["batch"], task["size"], 3 * task["batch"]
    data = {
        "img": torch.rand(batch, 3, size, size, device=DEVICE),
        "batch_idx": torch.arange(batch).repeat_interleave(3).float().to(DEVICE),
        "cls": torch.zeros(ground_truths, 1, device=DEVICE),
        "bboxes": (torch.rand(ground_truths, 4) * 0.3 + 0.2).to(DEVICE),
    }
    mixed = task.get("precision", "float32") != "float32"

    def step() -> None:
        with torch.autocast(DEVICE, torch.bfloat16, enabled=mixed):
            loss, _ = model(data)
        loss.sum().backward()
        optimizer.step()
        optimizer.zero_grad()

    answer(_facts(model, size, 3), step, batch, _finish)


def predict(task: dict) -> None:
    """The network alone, batch normalisation folded, as it predicts."""
    model = YOLO(task["model"]).model.to(DEVICE).eval().fuse()
    pixels = torch.rand(task["batch"], 3, task["size"], task["size"], device=DEVICE)

    def step() -> None:
        with torch.inference_mode():
            model(pixels)

    answer(_facts(model, task["size"], 1), step, task["batch"], _finish)


def pipeline(task: dict) -> None:
    """Its data loader alone, with its default augmentation."""
    from ultralytics.cfg import get_cfg
    from ultralytics.data import build_dataloader, build_yolo_dataset
    from ultralytics.data.utils import check_det_dataset

    settings = get_cfg(overrides={"imgsz": task["size"], "mosaic": task["mosaic"], "task": "detect"})
    data = check_det_dataset(task["data"])
    dataset = build_yolo_dataset(settings, data["train"], task["batch"], data, mode="train")
    loader = build_dataloader(dataset, task["batch"], task["workers"], shuffle=True, rank=-1)
    batches = iter(_endless(loader))
    steps = max(1, PIPELINE_IMAGES // task["batch"])

    def take() -> None:
        for _ in range(steps):
            next(batches)

    answer({"workers": task["workers"], **_versions()}, take, steps * task["batch"])


def _endless(loader: object) -> object:
    while True:
        yield from loader


def epoch(task: dict) -> None:
    """Whole epochs of its own training."""
    watch = Watch()
    images = task["pictures"] // task["batch"] * task["batch"]

    def start(_trainer: object) -> None:
        nonlocal watch
        torch.set_num_threads(task["threads"])  # its training leaves one core out
        if _trainer.epoch == 0:
            say(_versions())
        if not sys.stdin.readline():
            os._exit(0)
        watch = Watch()

    def end(_trainer: object) -> None:
        _finish()
        say(watch.read(images))

    model = YOLO(task["model"])
    model.add_callback("on_train_epoch_start", start)
    model.add_callback("on_train_epoch_end", end)
    model.train(
        data=task["data"],
        epochs=1000,
        imgsz=task["size"],
        batch=task["batch"],
        workers=task["workers"],
        mosaic=task["mosaic"],
        device=0 if DEVICE == "cuda" else "cpu",
        amp=task.get("precision", "float32") != "float32",
        optimizer="SGD",
        pretrained=False,
        plots=False,
        val=False,
        save=False,
        project=task["runs"],
        exist_ok=True,
        verbose=False,
    )


def _facts(model: torch.nn.Module, size: int, passes: int) -> dict:
    """``passes`` over the network per image: 1 forward, 3 with backpropagation."""
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model(torch.zeros(1, 3, size, size, device=DEVICE))
    return {
        "parameters": sum(one.numel() for one in model.parameters()),
        "gflops_per_picture": passes * counter.get_total_flops() / 1e9,
        **_versions(),
    }


def _versions() -> dict:
    return {
        "torch": torch.__version__,
        "ultralytics": ultralytics.__version__,
        "device": DEVICE,
        "threads": torch.get_num_threads(),
        "stand_ins": STAND_INS,
    }


def _finish() -> None:
    if DEVICE == "cuda":
        torch.cuda.synchronize()


if __name__ == "__main__":
    main()
