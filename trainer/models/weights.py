"""`trainer weights`: imports darknet detectors, and exports any detector in darknet's format."""

from __future__ import annotations

from pathlib import Path
from typing import Optional, TypedDict

import keras

from ..disk_errors import writing
from ..errors import TrainerError
from ..network.darknet_detector import load_darknet, save_darknet
from ..network.spec import DETECT, ModelSpec, require_task
from .files import darknet_pair, load_network, save_model

SCHEMA_VERSION = 1


class DetectorSummary(TypedDict):
    """A detector in the JSON of the command."""

    schema_version: int
    model: str
    size: int
    classes: list[str]
    weights: int
    anchors: list[list[float]]
    masks: list[list[int]]
    scale_x_y: list[float]


class WeightsResult(DetectorSummary):
    """What ``trainer weights --json`` prints; ``written`` are paths."""

    written: list[str]


def import_darknet(cfg: Path, weights: Path, out: Path, names: Optional[Path] = None) -> WeightsResult:
    """Write the detector of a ``.cfg`` and its weight file as the ``.keras`` file ``out``.

    Raises:
        TrainerError: with nothing written.
    """
    if out.suffix != ".keras":
        raise TrainerError(f"--out is {str(out)!r}; expected a name that ends in .keras")
    network, spec = load_darknet(cfg, weights, names)
    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        save_model(network, spec, out)
    return {**_described(network, spec), "written": [str(out)]}


def export_darknet(model: str, out: Path) -> WeightsResult:
    """Write MODEL as the weight file ``out``, with its ``.cfg`` and ``.names`` beside it.

    Raises:
        TrainerError: with nothing written.
    """
    if out.suffix != ".weights":
        raise TrainerError(f"--out is {str(out)!r}; expected a name that ends in .weights")
    sources = {path.resolve() for path in darknet_pair(model) or ()}
    for path in (out, out.with_suffix(".cfg")):
        if path.resolve() in sources:
            raise TrainerError(f"{path}: is a file of the model to export; choose another --out")
    network, spec = load_network(model)
    require_task(spec, DETECT, model, "darknet")
    return {**_described(network, spec), "written": [str(path) for path in save_darknet(network, spec, out)]}


def _described(network: keras.Model, spec: ModelSpec) -> DetectorSummary:
    return {
        "schema_version": SCHEMA_VERSION,
        "model": spec.model,
        "size": spec.size,
        "classes": list(spec.classes),
        "weights": network.count_params(),
        "anchors": [list(anchor) for anchor in spec.yolo_head.anchors],
        "masks": [list(mask) for mask in spec.yolo_head.masks],
        "scale_x_y": list(spec.yolo_head.scale_x_y),
    }


def summary(result: WeightsResult) -> str:
    """The result of either command as lines of text."""
    classes = result["classes"]
    named = ", ".join(classes[:5]) + (", ..." if len(classes) > 5 else "")
    head = f"{result['model']}: {result['weights']:,} weights, {result['size']}x{result['size']}"
    return "\n".join([f"{head}, {len(classes)} classes ({named})", *result["written"]])
