"""The classes of instances a dataset names; pure, so that ``dataset.json`` can be written without Blender."""

from __future__ import annotations

from ..dataset_format import dataset

PERSON, BED = "person", "bed"
CATEGORIES = (dataset.Category(1, PERSON), dataset.Category(2, BED))
