"""LiteRT: Keras's own export, in full, with weights of 16 bits, or in integers of 8 bits."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import keras
import numpy as np

from ..backend import standard_error_closed
from ..errors import TrainerError


def write_litert(graph: keras.Model, path: Path, precision: str, calibration: Iterable[np.ndarray]) -> None:
    """Write ``graph``, of batch 1, to ``path``; both ends are float32 in every precision.

    Args:
        precision: float32; float16: the weights; int8: weights and what lies between the layers.
        calibration: (1, size, size, 3) float32 pixels, for the ranges of int8.

    Raises:
        TrainerError: the backend of Keras cannot.
    """
    if keras.backend.backend() != "tensorflow":
        raise TrainerError(
            f"exporting LiteRT needs Keras's tensorflow backend; KERAS_BACKEND is {keras.backend.backend()}"
        )
    import tensorflow as tf

    settings: dict = {"target_spec": {"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS]}}
    if precision == "float16":
        settings["optimizations"] = [tf.lite.Optimize.DEFAULT]
        settings["target_spec"]["supported_types"] = [tf.float16]
    elif precision == "int8":
        settings["optimizations"] = [tf.lite.Optimize.DEFAULT]
        settings["representative_dataset"] = lambda: ([pixels] for pixels in calibration)
        settings["target_spec"]["supported_ops"] = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    with standard_error_closed():
        graph.export(str(path), format="litert", verbose=False, **settings)
