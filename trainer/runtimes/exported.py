"""Exported files: what they hold besides weights, and the runtimes that run them.

Every exported file carries the JSON of ``Exported`` inside it, where its format has a place for it, so that a bare
file is a whole detector; other programs do not notice.
"""

from __future__ import annotations

import abc
import importlib
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Optional

import numpy as np

from ..errors import TrainerError
from ..network.spec import DetectorSpec, spec_from_json
from .base import Runtime

EXPORT_VERSION = 1
# What comes out: raw numbers of each head; all boxes and their scores; what is left after suppression.
HEADS, BOXES, DETECTIONS = OUTPUTS = ("heads", "boxes", "detections")
INPUT = "pixels"
# Columns of DETECTIONS.
IMAGE, CORNERS, SCORE, LABEL = 0, slice(1, 5), 5, 6


class Format(NamedTuple):
    """A kind of exported file: the end of its name, and its ``ExportedRuntime``: a module here, and the class in it."""

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
    """What an exported file is.

    Attributes:
        spec: of the detector inside.
        output: one of ``OUTPUTS``.
        precision: float32, float16 (weights) or int8 (weights and activations).
    """

    spec: DetectorSpec
    output: str
    precision: str

    def to_json(self) -> dict:
        """A JSON-able dict; the inverse of ``exported_from_json``."""
        return {
            "schema_version": EXPORT_VERSION,
            "output": self.output,
            "precision": self.precision,
            "detector": self.spec.to_json(),
        }


def exported_from_json(text: str, where: str) -> Exported:
    """The inverse of ``Exported.to_json``. Raises TrainerError naming ``where``."""
    try:
        value = json.loads(text)
        if value["schema_version"] != EXPORT_VERSION or value["output"] not in OUTPUTS:
            raise TrainerError(f"{where}: exported by another version of this program")
        return Exported(spec_from_json(value["detector"], where), value["output"], value["precision"])
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, TrainerError):
            raise
        raise TrainerError(f"{where}: its description of the detector cannot be read") from error


class ExportedRuntime(Runtime):
    """An exported file under its own runtime.

    Subclasses take (path, Exported, batch) and read and store the description of a file of their format.
    """

    def __init__(self, exported: Exported, batch: int) -> None:
        self.exported, self.batch = exported, batch

    @abc.abstractmethod
    def run(self, pixels: np.ndarray, confidence: float, nms: float) -> dict:
        """The outputs of the file by name: ``head_0`` ..; ``boxes`` and ``scores``; or ``detections``."""

    @staticmethod
    @abc.abstractmethod
    def read_description(path: Path) -> Optional[str]:
        """The text stored in the file; None where there is none. Raises TrainerError: not of this format."""

    @staticmethod
    @abc.abstractmethod
    def store_description(path: Path, text: str) -> None:
        """Store ``text`` in the file just written."""

    def predictions(self, pixels: np.ndarray, confidence: float, nms: float) -> tuple:
        """As ``Runtime.predictions``."""
        outputs = self.run(pixels, confidence, nms)
        if self.exported.output == BOXES:
            return outputs["boxes"], outputs["scores"]
        if self.exported.output == DETECTIONS:
            return _spread(outputs["detections"], len(pixels), len(self.exported.spec.classes))
        from ..network.decode import decode  # the other two outputs need no Keras

        spec = self.exported.spec
        return decode([outputs[head_name(head)] for head in range(len(spec.masks))], spec)


class ZippedRuntime(ExportedRuntime):
    """Of a format that is a zip, or in which nothing minds a zip behind the model: the description is a file in it."""

    MEMBER = "wardsynth.json"

    @classmethod
    def read_description(cls, path: Path) -> Optional[str]:
        """As ``ExportedRuntime.read_description``."""
        try:
            with zipfile.ZipFile(path) as archive:
                return archive.read(cls.MEMBER).decode()
        except (zipfile.BadZipFile, KeyError):
            return None

    @classmethod
    def store_description(cls, path: Path, text: str) -> None:
        """As ``ExportedRuntime.store_description``."""
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(cls.MEMBER, text)


def head_name(head: int) -> str:
    """What an exported file calls the raw output of that head."""
    return f"head_{head}"


def _spread(rows: np.ndarray, images: int, classes: int) -> tuple:
    """(N, 7) detections of all images -> boxes and scores as before the suppression, of those that are left."""
    places = [np.flatnonzero(rows[:, IMAGE] == image) for image in range(images)]
    most = max(place.size for place in places)
    boxes = np.zeros((images, most, 4), np.float32)
    scores = np.zeros((images, most, classes), np.float32)
    for image, place in enumerate(places):
        boxes[image, : place.size] = rows[place, CORNERS]
        scores[image, np.arange(place.size), rows[place, LABEL].astype(int)] = rows[place, SCORE]
    return boxes, scores


def exported_kind(model: str) -> Optional[str]:
    """The key of ``FORMATS``; None where MODEL is none of them."""
    path = Path(model)
    if path.is_dir():
        return "saved_model" if (path / "saved_model.pb").is_file() else None
    if not path.is_file():
        return None
    return next((kind for kind, one in FORMATS.items() if path.name.endswith(one.suffix)), None)


def read_exported(path: Path) -> Exported:
    """What an exported file holds. Raises TrainerError: not of this program."""
    text = _runtime_class(exported_kind(str(path))).read_description(path)
    if text is None:
        raise TrainerError(f"{path}: not exported by this program (no description of a detector in it)")
    return exported_from_json(text, str(path))


def load_exported(path: Path, batch: int) -> ExportedRuntime:
    """The runtime of an exported file, for batches of up to ``batch``. Raises TrainerError."""
    return _runtime_class(exported_kind(str(path)))(path, read_exported(path), batch)


def describe_file(path: Path, kind: str, exported: Exported) -> None:
    """Store the description in the file just written."""
    _runtime_class(kind).store_description(path, json.dumps(exported.to_json()))


def _runtime_class(kind: str) -> type:
    described = FORMATS[kind]
    return getattr(importlib.import_module(f"{__package__}.{described.module}"), described.runtime)
