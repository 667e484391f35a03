"""``FurnitureAssembly`` collects the solids of one piece of furniture and builds its mesh object."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Union

from ...draw.spec import FurnitureSpec
from ..furniture_materials import Palette
from ..mesh import Parts
from ..printed_materials import Page, printed
from ..room_materials import surface
from ..solids import Solid, box

if TYPE_CHECKING:
    from bpy.types import Collection, Material, Object


class FurnitureAssembly:
    """Collects solids in a piece's own frame; ``build`` creates one object at its place in the room."""

    def __init__(self, spec: FurnitureSpec, palette: Palette) -> None:
        self.spec, self.shape = spec, spec.shape
        self._palette, self._parts = palette, Parts()
        self._textured: dict = {}

    def add(self, part: Union[str, tuple], finish: str, *solids: Solid) -> None:
        """Add solids of a colour (a part of the spec, or linear RGB) and a finish of ``furniture_materials``."""
        rgb = self.spec.colours[part] if isinstance(part, str) else part
        label = part if isinstance(part, str) else finish
        pattern = self.shape.get("patterns", {}).get(part)
        if self.shape.get("texture"):
            material = self._texture(label, tuple(rgb))
        elif pattern is not None:
            material = self._palette.patterned(f"{self.spec.kind} {label}", rgb, pattern)
        else:
            material = self._palette.of(f"{self.spec.kind} {label}", finish, rgb)
        self._parts.add(material, *solids)

    def _texture(self, label: str, rgb: tuple) -> Material:
        """The material of a piece with a random texture: the part's colour and the texture's."""
        if rgb not in self._textured:
            name, other = f"{self.spec.kind} {label}", self.spec.colours["texture"]
            material = surface(name, self.shape["texture"], rgb, other, self.shape["texture_pitch"], 0.6)
            self._textured[rgb] = material
        return self._textured[rgb]

    def add_glow(self, rgb: tuple, strength: float, *solids: Solid) -> None:
        """Add emissive solids, ``strength`` in W / m2 / sr."""
        self._parts.add(self._palette.glow(f"{self.spec.kind} glow", rgb, strength), *solids)

    def add_drawing(self, x1: float, x2: float, y: float, z1: float, z2: float, finish: str = "paper") -> None:
        """Add the drawing that the shape names, facing -y, on the rectangle [x1, x2] x [z1, z2] at ``y``."""
        name, seed = self.shape["drawing"], self.shape["drawing_seed"]
        self._parts.add(printed(name, seed, Page(x1, z1, x2, z2), finish), box((x1, y - 0.001, z1), (x2, y, z2)))

    def build(self, collection: Collection, name: str = "") -> Object:
        """Create the object, named after kind and id; ``name`` distinguishes several objects of one piece."""
        item = self._parts.build(collection, f"{self.spec.kind} {self.spec.id} {name}".rstrip())
        place(item, self.spec)
        return item


def place(item: Object, spec: FurnitureSpec) -> None:
    """Move an object from the piece's frame to the piece's place in the room."""
    item.location = (spec.x, spec.y, spec.z)
    item.rotation_euler = (0.0, 0.0, math.radians(spec.heading))
