"""Exported files: their formats, the detector description inside them, and the runtimes that run them.

Every exported file carries the JSON of ``Exported`` in the place that its format has for metadata, so that the file
alone is a complete detector; other programs ignore it.
"""

from __future__ import annotations

import abc
import importlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Optional

import numpy as np

from ..errors import TrainerError
from ..network.spec import ModelSpec, spec_from_json
from .base import Predictions, Runtime

EXPORT_VERSION = 1
# Outputs: the raw numbers of each head; all boxes and their scores; the detections left after suppression.
HEADS, BOXES, DETECTIONS = OUTPUTS = ("heads", "boxes", "detections")
INPUT = "pixels"
# Versions of ONNX's operators. 17 is of 2022: the runtimes in use know it, on phones and in browsers, too. Files of the
# whole range were compared in ONNX Runtime, OpenCV 4 and OpenVINO.
OPSET, OLDEST_OPSET, NEWEST_OPSET = 17, 11, 18
# Columns of DETECTIONS.
IMAGE, CORNERS, SCORE, LABEL = 0, slice(1, 5), 5, 6


class Format(NamedTuple):
    """A format of exported files: the end of a file's name, and its ``ExportedRuntime`` (module and class)."""

    suffix: str
    module: str
    runtime: str


FORMATS: dict[str, Format] = {
    "onnx": Format(".onnx", "onnx_runtime", "OnnxRuntime"),
    "litert": Format(".tflite", "litert_runtime", "LiteRTRuntime"),
    "saved_model": Format("_saved_model", "saved_model_runtime", "SavedModelRuntime"),
    "openvino": Format(".xml", "openvino_runtime", "OpenVINORuntime"),
}


@dataclass(frozen=True)
class Exported:
    """The description of an exported file.

    Attributes:
        spec: of the detector inside.
        output: one of ``OUTPUTS``.
        precision: float32, float16 (weights) or int8 (weights and activations).
    """

    spec: ModelSpec
    output: str
    precision: str

    def to_json(self) -> dict[str, object]:
        """Convert to a JSON object; the inverse of ``exported_from_json``."""
        return {
            "schema_version": EXPORT_VERSION,
            "output": self.output,
            "precision": self.precision,
            "detector": self.spec.to_json(),
        }


def exported_from_json(text: str, where: str) -> Exported:
    """Parse the text that ``Exported.to_json`` was written as. Raises TrainerError naming ``where``."""
    try:
        value = json.loads(text)
        if value["schema_version"] != EXPORT_VERSION or value["output"] not in OUTPUTS:
            raise TrainerError(f"{where}: exported by another version of this program; export the model again")
        return Exported(spec_from_json(value["detector"], where), value["output"], value["precision"])
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, TrainerError):
            raise
        raise TrainerError(f"{where}: its description of the detector cannot be read") from error


class ExportedRuntime(Runtime):
    """An exported file in its own runtime.

    Subclasses take (path, Exported, batch), and read and store the description inside a file of their format.
    """

    def __init__(self, path: Path, exported: Exported, batch: int) -> None:
        self.path, self.exported, self.batch = path, exported, batch
        self.suppresses = exported.output == DETECTIONS

    @abc.abstractmethod
    def run(self, pixels: np.ndarray, confidence: float, nms: float) -> dict[str, np.ndarray]:
        """Run the file; its outputs by name: ``head_0`` ..; ``boxes`` and ``scores``; or ``detections``."""

    @staticmethod
    @abc.abstractmethod
    def read_description(path: Path) -> Optional[str]:
        """Read the text stored in the file; None if there is none. Raises TrainerError: not of this format."""

    @staticmethod
    @abc.abstractmethod
    def store_description(path: Path, text: str) -> None:
        """Store ``text`` in a file that was just written."""

    def predictions(self, pixels: np.ndarray, confidence: float, nms: float) -> Predictions:
        """Implement ``Runtime.predictions``."""
        outputs = self.run(pixels, confidence, nms)
        if self.exported.output == BOXES:
            return Predictions(outputs["boxes"], outputs["scores"])
        if self.exported.output == DETECTIONS:
            return _spread(outputs["detections"], len(pixels), len(self.exported.spec.classes))
        from ..network.decode import decode  # the other two outputs need no Keras

        spec = self.exported.spec
        return Predictions(*decode([outputs[head_name(head)] for head in range(len(spec.yolo_head.masks))], spec))


def head_name(head: int) -> str:
    """The name of a head's raw output in an exported file."""
    return f"head_{head}"


def _spread(rows: np.ndarray, images: int, classes: int) -> Predictions:
    """(N, 7) detections of a batch -> one row per detection, padded to the image with most, score 0 elsewhere."""
    indices = [np.flatnonzero(rows[:, IMAGE] == image) for image in range(images)]
    most = max(index.size for index in indices)
    boxes = np.zeros((images, most, 4), np.float32)
    scores = np.zeros((images, most, classes), np.float32)
    for image, index in enumerate(indices):
        boxes[image, : index.size] = rows[index, CORNERS]
        scores[image, np.arange(index.size), rows[index, LABEL].astype(int)] = rows[index, SCORE]
    return Predictions(boxes, scores)


def exported_kind(model: str) -> Optional[str]:
    """The key of ``FORMATS`` that MODEL is a file of; None if it is not an exported file."""
    path = Path(model)
    if path.is_dir():
        return "saved_model" if (path / "saved_model.pb").is_file() else None
    if not path.is_file():
        return None
    return next((kind for kind, one in FORMATS.items() if path.name.endswith(one.suffix)), None)


def read_exported(path: Path) -> Exported:
    """Read the description inside an exported file. Raises TrainerError: not exported by this program."""
    text = _runtime_of(path).read_description(path)
    if text is None:
        raise TrainerError(f"{path}: not exported by this program: it contains no description of a detector")
    return exported_from_json(text, str(path))


def load_exported(path: Path, batch: int) -> ExportedRuntime:
    """Load an exported file into its runtime, for batches of up to ``batch``. Raises TrainerError."""
    return _runtime_of(path)(path, read_exported(path), batch)


def describe_file(path: Path, kind: str, exported: Exported) -> None:
    """Store the description in a file that was just written."""
    _runtime_class(kind).store_description(path, json.dumps(exported.to_json()))


def _runtime_of(path: Path) -> type[ExportedRuntime]:
    kind = exported_kind(str(path))
    if kind is None:
        raise TrainerError(f"{path}: not an exported file; expected one of the formats {', '.join(FORMATS)}")
    return _runtime_class(kind)


def _runtime_class(kind: str) -> type[ExportedRuntime]:
    entry = FORMATS[kind]
    return getattr(importlib.import_module(f"{__package__}.{entry.module}"), entry.runtime)
