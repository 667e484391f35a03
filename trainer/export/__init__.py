"""Detectors for other runtimes: written, run by their own runtime, compared, and described."""

from __future__ import annotations

from .job import ExportRequest, export_model, summary

__all__ = ["ExportRequest", "export_model", "summary"]
