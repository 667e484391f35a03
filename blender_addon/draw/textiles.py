"""Which bed linen, blankets, rugs and curtains have a pattern, and which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .palette import BLANKETS, BRIGHT, HOME_CLOTH, LINEN
from .spec import FurnitureSpec
from .streams import RandomStream

PATTERNS = ("stripes", "hoops", "checks", "dots")
# kind of furniture -> the parts of it that are cloth.
_CLOTH: dict[str, tuple[str, ...]] = {
    "bed": ("linen", "blanket"), "rug": ("cloth",), "mat": ("cloth",), "curtain": ("cloth",),
}  # fmt: skip
_PITCH = {"bed": (0.03, 0.22), "rug": (0.08, 0.4), "mat": (0.04, 0.2), "curtain": (0.06, 0.3)}  # metres


def with_patterns(pieces: Sequence[FurnitureSpec], stream: RandomStream, share: float) -> list[FurnitureSpec]:
    """``pieces``, a fraction ``share`` of the cloths among them with a pattern: shape["patterns"] has, by part, its
    name, the metres between its repeats, and its second colour. Couches and custom models have none."""
    return [_with_patterns(piece, stream, share) if _has_cloth(piece) else piece for piece in pieces]


def _has_cloth(piece: FurnitureSpec) -> bool:
    own = "model" in piece.shape or bool(piece.shape.get("texture")) or piece.shape.get("style") == "couch"
    return piece.kind in _CLOTH and not own


def _with_patterns(piece: FurnitureSpec, stream: RandomStream, share: float) -> FurnitureSpec:
    patterns = {}
    for part in _CLOTH[piece.kind]:
        chosen, name = stream.unit() < share, stream.choice(PATTERNS)
        pitch = round(stream.uniform(*_PITCH[piece.kind]), 3)
        other = stream.choice((*LINEN, *LINEN, *HOME_CLOTH, *BLANKETS, *BRIGHT))
        if chosen and part in piece.colours:
            patterns[part] = (name, pitch, other)
    return replace(piece, shape={**piece.shape, "patterns": patterns}) if patterns else piece
