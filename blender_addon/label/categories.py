"""The classes of instances a dataset names; pure, so that ``dataset.json`` can be written without Blender."""

from __future__ import annotations

from ..dataset_format import dataset
from ..draw.furniture import categories

# People first, then every category of furniture that ``draw.furniture`` knows.
CATEGORIES = tuple(dataset.Category(number, name) for number, name in enumerate(("person", *categories()), start=1))
