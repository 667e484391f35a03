"""Building objects held in hands: phones, cups, paper, clipboards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..body.joints import limb_axes
from ..body.posture import PosedBody
from ..body.skeleton import SIGN
from ..body.vectors import cross
from ..draw.spec import HeldSpec
from . import basic_materials
from .mesh import add_mesh
from .solids import Solid, box, tube

if TYPE_CHECKING:
    from bpy.types import Collection, Object

# In the grip's frame: x across the palm towards the thumb, y along the fingers, z out of the palm; metres.
_SHAPES = {
    "phone": box((-0.037, -0.05, 0.012), (0.037, 0.1, 0.021)),
    "cup": tube((-0.05, 0.02, 0.042), (0.05, 0.02, 0.042), 0.036, 14),
    "paper": box((-0.02, -0.03, 0.008), (0.19, 0.267, 0.0095)),
    "clipboard": box((-0.03, -0.04, 0.008), (0.2, 0.28, 0.015)),
}
_ROUGHNESS = {"phone": 0.2, "cup": 0.4, "paper": 0.9, "clipboard": 0.6}


def build_hand_object(collection: Collection, name: str, spec: HeldSpec, body: PosedBody) -> Object:
    """Build the object in the palm of the posed hand; returns it."""
    frame = grip(body, spec.side)
    solid: Solid = _SHAPES[spec.kind]
    faces = [corners for array in solid.faces for corners in array.tolist()]
    material = basic_materials.plain(name, spec.rgb, _ROUGHNESS[spec.kind])
    return add_mesh(collection, name, solid.vertices @ frame[:3, :3].T + frame[:3, 3], faces, material)


def grip(body: PosedBody, side: str) -> np.ndarray:
    """4x4 transform from the frame of the grip to the room."""
    s = body.skeleton
    hand, knuckle = s.heads[s.index(f"hand_{side}")], s.heads[s.index(f"middle_01_{side}")]
    sign = SIGN[side]
    along = (knuckle - hand) / np.linalg.norm(knuckle - hand)
    thumb = limb_axes(s, side).knuckles * sign  # from the little finger to the index
    out = cross(limb_axes(s, side).knuckles, along) * sign  # the direction in which ``fingers`` curls
    if any(body.pose[f"grip_{side}"].values()):
        out = limb_axes(s, side).palm
    out /= np.linalg.norm(out)
    thumb -= along * (thumb @ along)
    thumb /= np.linalg.norm(thumb)
    local = np.eye(4)
    local[:3, :3] = np.stack([thumb, along, out], axis=1)
    local[:3, 3] = hand + 0.55 * (knuckle - hand)
    return body.transforms[s.index(f"hand_{side}")] @ local
