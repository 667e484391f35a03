"""Export for other runtimes: write the file, run it in its runtime, compare it with Keras, describe it.

The outputs of a file, and the comparison, are those of the model's task (``tasks.exporting``).

- ``job``      one export, from MODEL to the model card
- ``keras_export``   the model to export; LiteRT and SavedModel
- ``onnx_file``      ONNX and OpenVINO
- ``samples``  the images on which the file is compared with Keras
- ``card``     the model card beside the file
"""

from __future__ import annotations

from .job import ExportRequest, ExportResult, export_model, summary

__all__ = ["ExportRequest", "ExportResult", "export_model", "summary"]
