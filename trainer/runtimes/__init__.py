"""Networks behind one interface, wherever they run: Keras, and the runtimes of exported files.

- ``base``      the interface: input pixels to boxes and scores
- ``exported``  the formats of exported files, and the detector description that each file carries
- ``keras_runtime``, ``onnx_runtime``, ``litert_runtime``, ``saved_model_runtime``, ``openvino_runtime``
"""

from __future__ import annotations

from .base import BATCH, Narrowed, Predictions, Runtime
from .exported import Exported, describe_file, exported_kind, load_exported, read_exported

__all__ = [
    "BATCH",
    "Exported",
    "Narrowed",
    "Predictions",
    "Runtime",
    "describe_file",
    "exported_kind",
    "load_exported",
    "read_exported",
]
