"""The appearance of a person beyond the bare body: skin colour, eyes, hair, clothes, medical attachments.

Everything is geometry of the rest pose with bone weights (``mesh.MeshPart``), fitted to the given body; numpy only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Optional

import numpy as np

from ..model import BodyModel
from ..posture import PosedBody
from . import carried, facewear, footwear, hair, headwear, medical_lines, patches
from .complexion import complexion
from .face_details import brows_and_lashes, round_eyes
from .falling import Ground
from .footwear import SHOES
from .garment import Dresser
from .head import HeadGrid, eyes, head_grid
from .hidden_skin import hidden_skin
from .mesh import MeshPart, tube
from .patterns import PATTERNS
from .specs import Attachment, Garment, Look

# Everything ``draw`` may name as the kind of a garment.
KINDS = (
    *PATTERNS, *footwear.SHOES, *headwear.KINDS, "surgical-mask", "respirator", "face-shield", "glasses-thin",
    "glasses-thick", "gloves", "apron", *carried.KINDS,
)  # fmt: skip
_UNDER_CAPS = ("surgical-cap", "bouffant")
_PRESSED = 0.007  # thickness of hair under a bandage or electrodes, metres


@dataclass(frozen=True)
class Worn:
    """A part of the clothing, and the spec that it was made from."""

    part: MeshPart
    spec: Any  # a spec of the drawing layer, which has more fields than this layer reads


class AttachedLine(NamedTuple):
    """A line away from the body: its name, its path (n, 3) in the room, its radius in metres, what it belongs to."""

    name: str
    path: np.ndarray
    radius: float
    spec: Any  # a spec of the drawing layer, which has more fields than this layer reads


@dataclass(frozen=True)
class Dressed:
    """A person's appearance.

    Attributes:
        skin: (b, 3) linear RGB of the vertices of the group "body".
        hidden: (h,) the asset's vertices that lie under something, to be masked.
        hair, beard, brows: None where there is none, it is hidden or only painted on the skin.
        worn: ``Worn`` from the skin outwards.
        lines: lines away from the body.
    """

    skin: np.ndarray
    hidden: np.ndarray
    hair: Optional[MeshPart]
    beard: Optional[MeshPart]
    brows: Optional[MeshPart]
    eyes: MeshPart
    worn: tuple[Worn, ...]
    lines: tuple[AttachedLine, ...]


def dress(
    model: BodyModel, body: PosedBody, look: Look, garments: Sequence[Garment], attachments: Sequence[Attachment]
) -> Dressed:
    """Dress a posed body in ``GarmentSpec``s (from the skin outwards) and ``AttachmentSpec``s.

    Raises:
        ValueError: a kind that is not known.
    """
    rest, skeleton = body.rest, body.skeleton
    ground = Ground(body.on, body.frame) if look.draped_clothes else None
    dresser = Dresser(model, rest, skeleton, body.transforms, ground)
    kinds = tuple(spec.kind for spec in garments)
    worn: list[Worn] = []
    for n, spec in enumerate(garments):
        if spec.kind in PATTERNS:
            above = tuple(kind for kind in kinds[n + 1 :] if kind in PATTERNS)
            worn.append(Worn(dresser.wear(spec.kind, above, spec.crease, collar="hijab" not in kinds), spec))
        elif spec.kind in footwear.SHOES:
            worn.append(Worn(footwear.footwear(dresser, spec.kind), spec))
    grid = head_grid(model, rest, dresser.upper_trunk())
    face = facewear.Face(model, rest, skeleton, grid)
    for spec in garments:
        if spec.kind not in PATTERNS and spec.kind not in footwear.SHOES:
            worn += [Worn(piece, spec) for piece in _accessory(dresser, grid, face, spec)]
    for spec in attachments:
        worn.append(Worn(medical_lines.on_body(dresser, grid, face, spec.kind, spec.side), spec))
    lines = [
        AttachedLine(spec.kind, path, medical_lines.LINE_RADIUS[spec.kind], spec)
        for spec in attachments
        if spec.end
        for path in medical_lines.lines(model, body, spec.kind, spec.side, spec.end)
    ]
    return Dressed(
        complexion(model, rest, look),
        hidden_skin(model, rest, kinds, attachments),
        _hair(model, body, grid, look, kinds, tuple(spec.kind for spec in attachments)),
        facewear.beard(face, look.beard, look.hair_phase) if look.beard in facewear.BEARDS else None,
        brows_and_lashes(model, face, look.brows, look.hair_phase) if look.face_detail else None,
        round_eyes(model, rest) if look.face_detail else eyes(model, rest),
        tuple(worn),
        tuple(lines),
    )


def _accessory(dresser: Dresser, grid: HeadGrid, face: facewear.Face, spec: Garment) -> list[MeshPart]:
    """The parts of a garment that is neither cloth nor shoes."""
    kind = spec.kind
    if kind in headwear.KINDS:
        return [headwear.headwear(dresser.model, grid, dresser.skeleton, kind, spec.crease)]
    if kind in facewear.MASKS:
        return [facewear.face_mask(face, kind)]
    if kind == "face-shield":
        return [facewear.face_shield(face)]
    if kind.startswith("glasses-"):
        return [facewear.glasses(face, kind.removeprefix("glasses-"))]
    if kind == "gloves":
        return [patches.patch(dresser.model, dresser.rest, "glove", side) for side in ("l", "r")]
    if kind == "apron":
        return [dresser.apron(spec.crease)]
    if kind in carried.KINDS:
        return [carried.carried(dresser, kind)]
    raise ValueError(f"unknown garment {kind!r}; known are {', '.join(KINDS)}")


def _hair(
    model: BodyModel, body: PosedBody, grid: HeadGrid, look: Look, kinds: tuple[str, ...], attached: tuple[str, ...]
) -> Optional[MeshPart]:
    """The hair that shows beside headwear; None if none does."""
    style, below, most = look.hair, None, 1.0
    if "hijab" in kinds:
        return None
    for kind in kinds:
        if kind in headwear.HATS:
            below = headwear.rim_height(kind, grid.angle)
            if kind in _UNDER_CAPS and style not in hair.PAINTED:
                style = "short"
    if "electrode-cap" in attached or "head-bandage" in attached:
        style, most = ("short" if style not in hair.PAINTED else style), _PRESSED
        if "electrode-cap" in attached:
            below = headwear.rim_height("surgical-cap", grid.angle)
    return hair.hair(model, body.rest, body.skeleton, grid, style, look.hair_phase, below, most, look.hair_locks)


__all__ = ["KINDS", "SHOES", "Dressed", "Worn", "dress", "tube"]
