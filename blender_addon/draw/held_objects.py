"""Sampling what hands hold: telephones, cups, papers, clipboards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from ..body.posture import Stance
from ..body.skeleton import SIDES
from .palette import BRIGHT, PLASTICS, tinted
from .spec import HeldSpec
from .streams import RandomStream

_PAPER = ((0.82, 0.82, 0.80), (0.80, 0.78, 0.62), (0.66, 0.74, 0.80))
_BOARDS = ((0.22, 0.11, 0.05), (0.05, 0.10, 0.24), (0.10, 0.10, 0.11), (0.6, 0.6, 0.62))
_DARK = ((0.012, 0.012, 0.014), (0.02, 0.02, 0.03), (0.5, 0.5, 0.52))
_COLOURS = {"phone": _DARK, "cup": (*PLASTICS, *BRIGHT), "paper": _PAPER, "clipboard": _BOARDS}
_OPTIONS: dict[str, tuple[Optional[str], ...]] = {  # place of the hand -> what it may hold; None for nothing
    "ear": ("phone", "phone", "phone", None),
    "face": ("phone", "phone", "paper"),
    "mouth": ("cup", "cup", None),
    "before": ("paper", "clipboard", "phone", "cup", None, None, None, None),
}
_BENT_DEG = 60.0  # from this flexion on, the hand is in front of the body and may hold something


def draw_held(stream: RandomStream, stance: Stance) -> tuple[HeldSpec, ...]:
    """Sample the objects in the hands of a person in ``stance``."""
    held: list[HeldSpec] = []
    for side in SIDES:
        kind = stream.choice(_OPTIONS.get(_place(stance, side), (None,)))
        colour = tinted(stream, _COLOURS[kind or "paper"])
        if kind:
            held.append(HeldSpec(kind, side, colour))
    return tuple(held)


def _place(stance: Stance, side: str) -> str:
    """Where the hand is; "" where it holds nothing."""
    hand: Mapping[str, Any] = stance.hands.get(side, {})
    if "before_face" in hand:
        return "face"
    if "skin" in hand:
        return hand["skin"]
    bent = stance.pose.get(f"elbow_{side}", {}).get("flexion", 0.0)
    return "before" if not hand and bent > _BENT_DEG and stance.method != "lying" else ""
