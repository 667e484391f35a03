"""Building furniture: a FurnitureSpec becomes mesh objects.

One module per family; each builds its kinds from ``solids`` in the piece's own frame, in ``furniture_materials``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Optional

import numpy as np

from ...draw.spec import FurnitureSpec
from ..furniture_materials import Palette
from . import clutter, equipment, fittings, tables
from .assembly import FurnitureAssembly
from .beds import build_bed
from .pack import build_model
from .seats import build_seat

if TYPE_CHECKING:
    from bpy.types import Collection, Object

_SEATS = ("chair", "office_chair", "stool", "bench", "sofa", "wheelchair", "toilet")
_BUILDERS: dict = {
    **dict.fromkeys(_SEATS, build_seat),
    **dict.fromkeys(tables.KINDS, tables.build_table),
    **dict.fromkeys(equipment.KINDS, equipment.build_equipment),
    **dict.fromkeys(clutter.KINDS, clutter.build_clutter),
    **dict.fromkeys(fittings.KINDS, fittings.build_fitting),
}


def build_furniture(
    collection: Collection, spec: FurnitureSpec, palette: Palette, head: Optional[np.ndarray] = None
) -> tuple[Object, ...]:
    """Build one piece in ``collection`` at its place; returns its mesh objects.

    Args:
        palette: the scene's materials.
        head: (n, 3) points in the room of a head that presses into a bed's pillow, or None.
    """
    if spec.kind == "bed":
        return build_bed(collection, spec, palette, head)
    if "model" in spec.shape:
        return (build_model(collection, spec, palette),)
    piece = FurnitureAssembly(spec, palette)
    builder: Callable = _BUILDERS[spec.kind]
    builder(piece)
    return (piece.build(collection),)
