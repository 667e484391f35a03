"""The network with its outputs as one Keras model, and the formats that Keras itself exports it to."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Optional, cast

import keras
import numpy as np

from ..backend import standard_error_closed
from ..errors import TrainerError
from ..network.layers import INPUT_CHANNELS
from ..network.spec import ModelSpec
from ..runtimes.exported import INPUT
from ..tasks.exporting import Exporting


def export_graph(
    network: keras.Model, spec: ModelSpec, exporting: Exporting, output: str, batch: Optional[int] = None
) -> keras.Model:
    """Build the model to export: ``pixels`` -> the outputs that its task gives, such as ``boxes`` and ``scores``.

    Args:
        output: one of ``exporting.outputs``.
        batch: the number of images per call, if it is fixed.
    """
    pixels = keras.Input((spec.size, spec.size, INPUT_CHANNELS), batch_size=batch, name=INPUT)
    outputs = exporting.named_outputs(_with_resizing(network)(pixels, training=False), spec, output)
    graph = keras.Model(pixels, outputs, name="detector")
    graph(keras.ops.zeros((1, spec.size, spec.size, INPUT_CHANNELS)))  # Keras exports only a model that was called
    return graph


class _Enlarge(keras.layers.Layer):
    """Nearest-neighbour upsampling as one resize operation.

    Keras's own layer repeats rows and columns by tiles and reshapes of five axes, which OpenCV's dnn reads without an
    error and computes differently.
    """

    def __init__(self, factors: tuple[int, int]) -> None:
        super().__init__()
        self._factors = factors

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """(B, rows, columns, channels) -> rows and columns times the factors."""
        sides = [side * factor for side, factor in zip(inputs.shape[1:3], self._factors)]
        return cast(keras.KerasTensor, keras.ops.image.resize(inputs, sides, interpolation="nearest"))


def _with_resizing(network: keras.Model) -> keras.Model:
    """The same network, with the same layers and weights, whose upsampling is ``_Enlarge``."""

    def replaced(layer: keras.layers.Layer) -> keras.layers.Layer:
        if isinstance(layer, keras.layers.UpSampling2D) and layer.interpolation == "nearest":
            return _Enlarge(layer.size)
        return layer

    return keras.models.clone_model(network, clone_function=replaced)


def write_litert(graph: keras.Model, path: Path, precision: str, calibration: Iterable[np.ndarray]) -> None:
    """Write ``graph``, of batch 1, as a LiteRT file; its input and outputs are float32 in every precision.

    Args:
        precision: float32; float16: the weights; int8: weights and activations.
        calibration: (1, size, size, 3) float32 pixels, for the value ranges of int8.

    Raises:
        TrainerError: Keras's backend cannot write this format.
    """
    if keras.backend.backend() != "tensorflow":
        raise TrainerError(
            f"exporting LiteRT needs Keras's tensorflow backend; KERAS_BACKEND is {keras.backend.backend()}"
        )
    import tensorflow as tf

    # Any: keyword arguments of TensorFlow's converter.
    settings: dict[str, Any] = {"target_spec": {"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS]}}
    if precision == "float16":
        settings["optimizations"] = [tf.lite.Optimize.DEFAULT]
        settings["target_spec"]["supported_types"] = [tf.float16]
    elif precision == "int8":
        settings["optimizations"] = [tf.lite.Optimize.DEFAULT]
        settings["representative_dataset"] = lambda: ([pixels] for pixels in calibration)
        settings["target_spec"]["supported_ops"] = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    with standard_error_closed():
        graph.export(str(path), format="litert", verbose=False, **settings)


def write_saved_model(graph: keras.Model, folder: Path) -> None:
    """Write ``graph`` as a TensorFlow SavedModel. Raises TrainerError: Keras's backend cannot."""
    if keras.backend.backend() not in ("tensorflow", "jax"):
        raise TrainerError(f"a SavedModel needs Keras's tensorflow backend; KERAS_BACKEND is {keras.backend.backend()}")
    with standard_error_closed():
        graph.export(str(folder), format="tf_saved_model", verbose=False)
