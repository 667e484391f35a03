"""LiteRT (TensorFlow Lite) files under ai-edge-litert."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from ..backend import standard_error_closed
from ..errors import TrainerError
from ..extras import extra_module
from .exported import INPUT, Exported, ZippedRuntime


class LiteRTRuntime(ZippedRuntime):
    """Runs one image after the other, as phones do.

    A zip behind the model is the place that TensorFlow Lite's metadata has for files that belong to it.
    """

    exact = True

    def __init__(self, path: Path, exported: Exported, batch: int) -> None:
        super().__init__(exported, 1)
        litert = extra_module("ai_edge_litert.interpreter", "export", "running a LiteRT file")
        try:
            with standard_error_closed():  # it announces what it computes with
                interpreter = litert.Interpreter(str(path), num_threads=os.cpu_count())
                interpreter.allocate_tensors()
            self._run = interpreter.get_signature_runner()
        except (ValueError, RuntimeError) as error:
            raise TrainerError(f"{path}: LiteRT cannot load it: {str(error).splitlines()[0]}") from error

    def run(self, pixels: np.ndarray, confidence: float, nms: float) -> dict:
        """As ``ExportedRuntime.run``."""
        return self._run(**{INPUT: pixels})
