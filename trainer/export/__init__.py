"""Detectors for other runtimes: written, run by their own runtime, compared, and described.

- ``job``      one export from MODEL to the card
- ``graph``    the network with what is exported behind it
- ``onnx_file``, ``litert_file``, ``other_files``   the writers
- ``samples`` -> ``verify``   images, and the largest difference against Keras on them
- ``card``     what is said of the file
"""

from __future__ import annotations

from .job import ExportRequest, export_model, summary

__all__ = ["ExportRequest", "export_model", "summary"]
