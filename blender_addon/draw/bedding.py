"""Sampling the cover of a person in bed: sheet or blanket, how far up it reaches, and which arms lie on it."""

from __future__ import annotations

from typing import Optional

from .palette import BLANKETS, LINEN, tinted
from .postures import PersonPlace, Posture
from .spec import CoverSpec
from .streams import RandomStream
from .value_types import Pick

THICKNESS = {"thin": 0.004, "thick": 0.016}  # metres
_UNEVEN = (0.008, 0.04)  # how far edges swing, metres
_HIGHEST_SITTING = {"chin": "chest", "chest": "waist"}


def draw_cover(
    pick: Pick, stream: RandomStream, posture: Posture, at: PersonPlace, uneven: bool
) -> Optional[CoverSpec]:
    """Sample the cover of a person in ``posture`` in the bed ``at``; None if the person is uncovered.

    With ``uneven`` edges, most blankets also have a sheet below them that is folded back over their upper edge.
    """
    kind, to = pick("people.cover"), pick("people.cover_to")
    if kind == "uncovered" or at.shape["style"] == "couch":
        return None
    if posture.bed is not None and posture.bed.sits_up:
        to = _HIGHEST_SITTING.get(to, to)
    railed = {side: at.shape[f"rail_{side}"] for side in ("left", "right")}
    overhang = {
        side: stream.uniform(0.0, 0.03) if railed[side] else stream.uniform(0.08, 0.38) for side in ("left", "right")
    }
    arms_out = "lr"
    if to == "chin":
        arms_out = stream.choice(("", "", "", "l", "r"))
    elif to == "chest":
        arms_out = stream.choice(("lr", "lr", "l", "r", ""))
    return CoverSpec(
        kind=kind,
        to=to,
        shift=stream.normal(0.0, 0.025),
        slope=stream.normal(0.0, 0.35 if stream.unit() < 0.15 else 0.07),
        left=-at.shape["width"] / 2 - overhang["right"],
        right=at.shape["width"] / 2 + overhang["left"],
        foot=stream.uniform(-0.02, 0.02) if at.shape["boards"] in ("solid", "framed") else stream.uniform(0.0, 0.2),
        thickness=THICKNESS[kind] * stream.uniform(0.8, 1.4),
        arms_out=arms_out,
        fold=stream.uniform(0.12, 0.3)
        if stream.unit() < (0.75 if uneven and kind == "thick" else 0.4) and to not in ("feet", "knees")
        else 0.0,
        rgb=tinted(stream, LINEN if kind == "thin" else (*BLANKETS, *LINEN)),
        fold_rgb=tinted(stream, LINEN),
        uneven=stream.uniform(*_UNEVEN) if uneven else 0.0,
        crease=stream.unit() if uneven else 0.0,
        pattern=at.shape.get("patterns", {}).get("blanket", ()),
    )
