"""ONNX files under ONNX Runtime."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import numpy as np

from ..errors import TrainerError
from ..extras import extra_module
from .exported import INPUT, Exported, ExportedRuntime

DESCRIPTION = "wardsynth"  # the key of the file's metadata
# Inputs that need not be given: of a file that suppresses by itself.
SCORE_THRESHOLD, IOU_THRESHOLD = "score_threshold", "iou_threshold"


class OnnxRuntime(ExportedRuntime):
    """Runs batches of any size, on CUDA where ONNX Runtime has it, else on the CPU."""

    def __init__(self, path: Path, exported: Exported, batch: int, threads: int = 0) -> None:
        super().__init__(exported, batch)
        self._session = _session(path, threads)
        self._outputs = [output.name for output in self._session.get_outputs()]
        self._thresholds = {one.name for one in self._session.get_overridable_initializers()}

    def run(self, pixels: np.ndarray, confidence: float, nms: float) -> dict:
        """As ``ExportedRuntime.run``."""
        inputs = {INPUT: pixels}
        for name, value in ((SCORE_THRESHOLD, confidence), (IOU_THRESHOLD, nms)):
            if name in self._thresholds:
                inputs[name] = np.array([value], np.float32)
        return dict(zip(self._outputs, self._session.run(self._outputs, inputs)))

    @staticmethod
    def read_description(path: Path) -> Optional[str]:
        """As ``ExportedRuntime.read_description``."""
        return _session(path, 1).get_modelmeta().custom_metadata_map.get(DESCRIPTION)

    @staticmethod
    def store_description(path: Path, text: str) -> None:
        """As ``ExportedRuntime.store_description``."""
        onnx = extra_module("onnx", "export", "exporting ONNX")
        model = onnx.load(path)
        onnx.helper.set_model_props(model, {DESCRIPTION: text})
        onnx.save(model, path)


def _session(path: Path, threads: int) -> object:
    runtime = extra_module("onnxruntime", "export", "running an ONNX file")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    # Waiting threads would turn in circles, and take the time of whatever else runs on the machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    wanted = ("CUDAExecutionProvider", "CPUExecutionProvider")
    providers = [name for name in wanted if name in runtime.get_available_providers()]
    try:
        return runtime.InferenceSession(str(path), options, providers=providers)
    except Exception as error:  # its errors have no common class of their own
        raise TrainerError(f"{path}: ONNX Runtime cannot load it: {str(error).splitlines()[0]}") from error
