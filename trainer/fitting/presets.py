"""Training recipes by name for `trainer fit --preset`: settings like those of a --config file."""

from __future__ import annotations

from ..errors import TrainerError, unknown_key

PRESETS: dict[str, dict[str, object]] = {
    # The recipe in the README of huytjuh/YOLOv3-Blender (its published code, a fine-tuning variant, differs):
    # Adam at 0.01, batch 8, 10 epochs with the first 50 layers frozen, then Adam at 0.001, batch 8, 100 epochs of all
    # layers; constant learning rates, Darknet-53 at 416 with COCO's anchors. A layer there is a convolution here.
    "yolov3-blender": {
        "model": "yolov3",
        "size": 416,
        "anchors": "model",
        "loss": "darknet",
        "optimizer": "adam",
        "batch": 8,
        "warmup": 0.0,
        "final_rate": 1.0,
        "stages": [
            {"freeze": "first-50", "epochs": 10, "learning_rate": 1e-2},
            {"freeze": "none", "epochs": 100, "learning_rate": 1e-3},
        ],
    },
    # Fine-tunes a detector of real images on rendered ones (--weights): the batch normalisation does not follow the
    # rendered look, the steps are small, and most of the first weights stays. Chosen by `benchmarks/sim_to_real`.
    "tune": {
        "loss": "modern",
        "batch_norm": "keep",
        "keep_start": 0.67,
        "learning_rate": 3e-4,
        "batch": 8,
        "ema": 0.99,
        "epochs": 12,
    },
    # Fine-tunes a detector of people to tell them apart: postures, roles, people with and without a mask. Each new
    # class starts as ``person``; less of the first weights stays, since they do not know the difference, and rare
    # classes, such as fallen, are shown more often. The values are those that docs/posture.md measures.
    "tune-people": {
        "loss": "modern",
        "batch_norm": "keep",
        "new_classes_from": "person",
        "class_balance": 1.0,
        "keep_start": 0.2,
        "learning_rate": 8e-4,
        "batch": 4,
        "ema": 0.97,
        "epochs": 12,
        "augment": {"mosaic": 0.0},
    },
}


def preset_settings(name: str) -> dict[str, object]:
    """The settings of the preset. Raises TrainerError naming the nearest."""
    if name not in PRESETS:
        raise TrainerError(unknown_key("preset", name, list(PRESETS)))
    return PRESETS[name]
