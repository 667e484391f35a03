"""Networks where they run: Keras, and the runtimes of exported files, behind one face."""

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
