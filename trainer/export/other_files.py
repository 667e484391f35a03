"""SavedModel, and OpenVINO."""

from __future__ import annotations

from pathlib import Path

import keras

from ..backend import standard_error_closed
from ..errors import TrainerError
from ..extras import extra_module


def write_saved_model(graph: keras.Model, folder: Path) -> None:
    """Write ``graph`` as TensorFlow's SavedModel. Raises TrainerError: the backend of Keras cannot."""
    if keras.backend.backend() not in ("tensorflow", "jax"):
        raise TrainerError(f"a SavedModel needs Keras's tensorflow backend; KERAS_BACKEND is {keras.backend.backend()}")
    with standard_error_closed():
        graph.export(str(folder), format="tf_saved_model", verbose=False)


def write_openvino(onnx_file: Path, path: Path) -> None:
    """Write an ONNX file as OpenVINO's ``path`` and the .bin beside it. Raises TrainerError: it is not installed."""
    openvino = extra_module("openvino", "openvino", "exporting OpenVINO")
    # Not convert_model, which would report its use over the network.
    openvino.save_model(openvino.Core().read_model(onnx_file), path, compress_to_fp16=False)
