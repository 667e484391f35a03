"""The classes of instances a dataset names; pure, so that ``dataset.json`` can be written without Blender."""

from __future__ import annotations

from collections.abc import Mapping

from ..dataset_format import dataset
from ..draw.custom_room import custom_categories
from ..draw.furniture import categories


def categories_of(config: Mapping) -> tuple:
    """The categories of a dataset of ``config``: ``CATEGORIES``, then those its libraries add, by name."""
    entries = [*config["people.library_files"], *config["objects.library_files"]]
    known = {category.name for category in CATEGORIES}
    added = sorted({*(entry["category"] for entry in entries), *custom_categories(config)} - known)
    first = len(CATEGORIES) + 1
    return (*CATEGORIES, *(dataset.Category(number, name) for number, name in enumerate(added, start=first)))


# People first, then every category of furniture that ``draw.furniture`` knows.
CATEGORIES = tuple(dataset.Category(number, name) for number, name in enumerate(("person", *categories()), start=1))
