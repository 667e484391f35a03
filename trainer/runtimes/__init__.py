"""Networks where they run: Keras, and the runtimes of exported files, behind one face.

- ``base``      what a detector wants of the network behind it
- ``exported``  the formats of exported files, and what they hold besides weights
- ``keras_runtime``, ``onnx_runtime``, ``litert_runtime``, ``saved_model_runtime``, ``openvino_runtime``
"""

from __future__ import annotations

from .base import BATCH, Narrowed, Runtime
from .exported import Exported, describe_file, exported_kind, load_exported, read_exported

__all__ = [
    "BATCH",
    "Exported",
    "Narrowed",
    "Runtime",
    "describe_file",
    "exported_kind",
    "load_exported",
    "read_exported",
]
