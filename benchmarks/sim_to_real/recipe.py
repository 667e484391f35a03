"""Recipes: one change, why, and the effect that is expected; each is a JSON file in ``recipes/``."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path

RECIPES = Path(__file__).resolve().parent / "recipes"


@dataclass(frozen=True)
class Part:
    """Images of one kind: how many, and further arguments of ``wardsynth generate``."""

    images: int
    generate: tuple = ()


@dataclass(frozen=True)
class Recipe:
    """The images to generate, and the training on them.

    Attributes:
        change: what differs from the recipe it follows. prediction: its effect on the scores, written before the run.
        data: the parts of the training data.
        fit: further arguments of ``trainer fit``.
        after: the recipe it follows, "" for the first.
    """

    name: str
    change: str
    prediction: str
    data: tuple
    fit: tuple = ()
    after: str = ""

    @property
    def images(self) -> int:
        """The number of images of all parts."""
        return sum(part.images for part in self.data)


def read_recipe(name: str) -> Recipe:
    """The recipe called ``name``. Raises ValueError, naming the known ones, if there is none."""
    path = RECIPES / f"{name}.json"
    if not path.is_file():
        known = ", ".join(sorted(path.stem for path in RECIPES.glob("*.json")))
        raise ValueError(f"no recipe {name!r}; known: {known}")
    values = json.loads(path.read_text(encoding="utf-8"))
    unknown = set(values) - {item.name for item in fields(Recipe)}
    if unknown:
        raise ValueError(f"{path}: unknown key {sorted(unknown)[0]!r}")
    parts = tuple(Part(part["pictures"], tuple(part.get("generate", ()))) for part in values["data"])
    return Recipe(**{**values, "name": name, "data": parts, "fit": tuple(values.get("fit", ()))})
