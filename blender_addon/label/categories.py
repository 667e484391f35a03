"""The classes of instances a dataset names; pure, so that ``dataset.json`` can be written without Blender."""

from __future__ import annotations

from ..dataset_format import dataset

CATEGORIES = (dataset.Category(1, "person"), dataset.Category(2, "bed"))
