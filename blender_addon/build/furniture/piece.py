"""A piece of furniture while it is put together."""

from __future__ import annotations

from typing import Any, Union

from ...draw.spec import FurnitureSpec
from ..finishes import Palette
from ..mesh import Parts
from ..solids import Solid


class Piece:
    """Gathers a piece's solids in its own frame; ``build`` makes one object of them and puts it in its place."""

    def __init__(self, spec: FurnitureSpec, palette: Palette) -> None:
        self.spec, self.shape = spec, spec.shape
        self._palette, self._parts = palette, Parts()

    def add(self, part: Union[str, tuple], finish: str, *solids: Solid) -> None:
        """Add solids in the colour of the spec's ``part``, or of a linear RGB, with a finish of ``build.finishes``."""
        rgb = self.spec.colours[part] if isinstance(part, str) else part
        label = part if isinstance(part, str) else finish
        self._parts.add(self._palette.of(f"{self.spec.kind} {label}", finish, rgb), *solids)

    def add_glow(self, rgb: tuple, strength: float, *solids: Solid) -> None:
        """Add solids that give light."""
        self._parts.add(self._palette.glow(f"{self.spec.kind} glow", rgb, strength), *solids)

    def build(self, collection: Any, name: str = "") -> Any:
        """The object of everything added, named after the kind and id; ``name`` tells several of a piece apart."""
        item = self._parts.build(collection, f"{self.spec.kind} {self.spec.id} {name}".rstrip())
        place(item, self.spec)
        return item


def place(item: Any, spec: FurnitureSpec) -> None:
    """Put an object made in the piece's frame where the piece is."""
    item.location = (spec.x, spec.y, spec.z)
    item.rotation_euler = (0.0, 0.0, spec.heading * 3.141592653589793 / 180.0)
