"""OpenVINO files (.xml with its .bin), run by OpenVINO."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Optional

import numpy as np

from ..errors import TrainerError
from ..extras import extra_module
from .exported import INPUT, Exported, ExportedRuntime

DESCRIPTION = "wardsynth"  # the name below the file's rt_info


class OpenVINORuntime(ExportedRuntime):
    """Runs batches of any size on the CPU."""

    def __init__(self, path: Path, exported: Exported, batch: int) -> None:
        super().__init__(path, exported, batch)
        openvino = extra_module("openvino", "openvino", "running an OpenVINO file")
        try:
            # Compute in float32, as every other runtime does, also on a CPU that supports shorter numbers.
            self._model = openvino.Core().compile_model(str(path), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
        except RuntimeError as error:
            raise TrainerError(f"{path}: OpenVINO cannot load it: {str(error).splitlines()[0]}") from error
        self._names = [output.get_any_name() for output in self._model.outputs]

    def run(self, pixels: np.ndarray, confidence: float, nms: float) -> dict[str, np.ndarray]:
        """Implement ``ExportedRuntime.run``."""
        outputs = self._model({INPUT: pixels})
        return {name: outputs[name] for name in self._names}

    @staticmethod
    def read_description(path: Path) -> Optional[str]:
        """Implement ``ExportedRuntime.read_description``."""
        try:
            element = ET.parse(path).find(f"./rt_info/{DESCRIPTION}")
        except ET.ParseError as error:
            raise TrainerError(f"{path}: not an OpenVINO file: {error}") from error
        return None if element is None else element.get("value")

    @staticmethod
    def store_description(path: Path, text: str) -> None:
        """Implement ``ExportedRuntime.store_description``."""
        tree = ET.parse(path)
        info = tree.getroot().find("rt_info")
        info = ET.SubElement(tree.getroot(), "rt_info") if info is None else info
        ET.SubElement(info, DESCRIPTION, {"value": text})
        temporary = path.with_suffix(".part")
        tree.write(temporary, encoding="utf-8", xml_declaration=True)
        os.replace(temporary, path)
