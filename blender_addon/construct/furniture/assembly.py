"""A piece of furniture while it is put together."""

from __future__ import annotations

from typing import Any, Union

from ...draw.spec import FurnitureSpec
from ..furniture_materials import Palette
from ..mesh import Parts
from ..room_materials import surface
from ..solids import Solid


class FurnitureAssembly:
    """Gathers a piece's solids in its own frame; ``build`` makes one object of them and puts it in its place."""

    def __init__(self, spec: FurnitureSpec, palette: Palette) -> None:
        self.spec, self.shape = spec, spec.shape
        self._palette, self._parts = palette, Parts()
        self._textured: dict = {}

    def add(self, part: Union[str, tuple], finish: str, *solids: Solid) -> None:
        """Add solids in the colour of the spec's ``part``, or of a linear RGB, with a finish of ``build.finishes``."""
        rgb = self.spec.colours[part] if isinstance(part, str) else part
        label = part if isinstance(part, str) else finish
        if self.shape.get("texture"):
            material = self._texture(label, tuple(rgb))
        else:
            material = self._palette.of(f"{self.spec.kind} {label}", finish, rgb)
        self._parts.add(material, *solids)

    def _texture(self, label: str, rgb: tuple) -> Any:
        """The material of a piece of random texture: the part's colour and the texture's."""
        if rgb not in self._textured:
            name, other = f"{self.spec.kind} {label}", self.spec.colours["texture"]
            made = surface(name, self.shape["texture"], rgb, other, self.shape["texture_pitch"], 0.6)
            self._textured[rgb] = made
        return self._textured[rgb]

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
