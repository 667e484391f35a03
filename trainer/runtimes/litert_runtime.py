"""LiteRT (TensorFlow Lite) files, run by ai-edge-litert."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Optional

import numpy as np

from shared_format.cores import usable_cores

from ..backend import standard_error_closed
from ..errors import TrainerError
from ..extras import extra_module
from .exported import INPUT, Exported, ExportedRuntime

# The file is followed by a zip, the place that TensorFlow Lite's metadata has for associated files.
DESCRIPTION = "wardsynth.json"


class LiteRTRuntime(ExportedRuntime):
    """Runs one image at a time, as phones do."""

    exact = True

    def __init__(self, path: Path, exported: Exported, batch: int) -> None:
        super().__init__(path, exported, 1)
        litert = extra_module("ai_edge_litert.interpreter", "export", "running a LiteRT file")
        try:
            with standard_error_closed():  # it announces what it computes with
                interpreter = litert.Interpreter(str(path), num_threads=usable_cores())
                interpreter.allocate_tensors()
            self._run = interpreter.get_signature_runner()
        except (ValueError, RuntimeError) as error:
            raise TrainerError(f"{path}: LiteRT cannot load it: {str(error).splitlines()[0]}") from error

    def run(self, pixels: np.ndarray, confidence: float, nms: float) -> dict[str, np.ndarray]:
        """Implement ``ExportedRuntime.run``."""
        return self._run(**{INPUT: pixels})

    @staticmethod
    def read_description(path: Path) -> Optional[str]:
        """Implement ``ExportedRuntime.read_description``."""
        try:
            with zipfile.ZipFile(path) as archive:
                return archive.read(DESCRIPTION).decode()
        except (zipfile.BadZipFile, KeyError):
            return None

    @staticmethod
    def store_description(path: Path, text: str) -> None:
        """Implement ``ExportedRuntime.store_description``."""
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(DESCRIPTION, text)
