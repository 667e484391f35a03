"""ONNX files, run by ONNX Runtime."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Optional

import numpy as np

from ..errors import TrainerError
from ..extras import extra_module
from .exported import INPUT, Exported, ExportedRuntime

if TYPE_CHECKING:
    import onnxruntime

DESCRIPTION = "wardsynth"  # the key in the file's metadata
# Optional inputs of a file that suppresses by itself.
SCORE_THRESHOLD, IOU_THRESHOLD = "score_threshold", "iou_threshold"


class OnnxRuntime(ExportedRuntime):
    """Runs batches of any size, on CUDA if ONNX Runtime supports it here, else on the CPU."""

    def __init__(self, path: Path, exported: Exported, batch: int, threads: int = 0) -> None:
        super().__init__(path, exported, batch)
        self._session = _session(path, threads)
        self._outputs = [output.name for output in self._session.get_outputs()]
        self._thresholds = {one.name for one in self._session.get_overridable_initializers()}

    def run(self, pixels: np.ndarray, confidence: float, nms: float) -> dict[str, np.ndarray]:
        """Implement ``ExportedRuntime.run``."""
        inputs = {INPUT: pixels}
        for name, value in ((SCORE_THRESHOLD, confidence), (IOU_THRESHOLD, nms)):
            if name in self._thresholds:
                inputs[name] = np.array([value], np.float32)
        outputs = self._session.run(self._outputs, inputs)
        return {name: np.asarray(value) for name, value in zip(self._outputs, outputs)}

    @staticmethod
    def read_description(path: Path) -> Optional[str]:
        """Implement ``ExportedRuntime.read_description``."""
        return _session(path, 1).get_modelmeta().custom_metadata_map.get(DESCRIPTION)

    @staticmethod
    def store_description(path: Path, text: str) -> None:
        """Implement ``ExportedRuntime.store_description``."""
        onnx = extra_module("onnx", "export", "exporting ONNX")
        model = onnx.load(path)
        onnx.helper.set_model_props(model, {DESCRIPTION: text})
        onnx.save(model, path)


def _session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    runtime = extra_module("onnxruntime", "export", "running an ONNX file")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    # Waiting threads would spin, and slow down whatever else runs on the machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    preferred = ("CUDAExecutionProvider", "CPUExecutionProvider")
    providers = [name for name in preferred if name in runtime.get_available_providers()]
    try:
        return runtime.InferenceSession(str(path), options, providers=providers)
    except Exception as error:  # ONNX Runtime's errors have no common base class
        raise TrainerError(f"{path}: ONNX Runtime cannot load it: {str(error).splitlines()[0]}") from error
