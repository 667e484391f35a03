"""TensorFlow SavedModels, run by TensorFlow."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import numpy as np

from ..errors import TrainerError
from ..extras import extra_module
from .exported import INPUT, Exported, ExportedRuntime

# TensorFlow reserves this folder of a SavedModel for other programs.
DESCRIPTION = Path("assets.extra") / "wardsynth.json"


class SavedModelRuntime(ExportedRuntime):
    """Runs the default signature on batches of any size."""

    def __init__(self, path: Path, exported: Exported, batch: int) -> None:
        super().__init__(path, exported, batch)
        self._tensorflow = extra_module("tensorflow", "train", "running a SavedModel")
        try:
            self._model = self._tensorflow.saved_model.load(str(path))
        except (OSError, ValueError, RuntimeError) as error:
            raise TrainerError(f"{path}: TensorFlow cannot load it: {str(error).splitlines()[0]}") from error
        self._signature = self._model.signatures["serving_default"]

    def run(self, pixels: np.ndarray, confidence: float, nms: float) -> dict[str, np.ndarray]:
        """Implement ``ExportedRuntime.run``."""
        outputs = self._signature(**{INPUT: self._tensorflow.constant(pixels)})
        return {name: value.numpy() for name, value in outputs.items()}

    @staticmethod
    def read_description(path: Path) -> Optional[str]:
        """Implement ``ExportedRuntime.read_description``."""
        file = path / DESCRIPTION
        return file.read_text(encoding="utf-8") if file.is_file() else None

    @staticmethod
    def store_description(path: Path, text: str) -> None:
        """Implement ``ExportedRuntime.store_description``."""
        (path / DESCRIPTION).parent.mkdir()
        (path / DESCRIPTION).write_text(text, encoding="utf-8")
