"""The published JSON Schemas (draft 2020-12) of ``dataset.json`` and of a frame record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def load(name: str) -> dict[str, Any]:  # Any: a JSON Schema
    """The schema ``name``: "dataset" or "frame"."""
    return json.loads((Path(__file__).parent / f"{name}.schema.json").read_text(encoding="utf-8"))
