"""Sampling what is attached to a patient, and where its lines lead: to a drip, a monitor, oxygen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from .furniture import anchors
from .rooms import to_room
from .spec import AttachmentSpec, FurnitureSpec, GarmentSpec, PersonSpec
from .streams import RandomStream
from .value_types import Config

_COLOURS = {
    "iv-line": (0.70, 0.72, 0.72), "nasal-cannula": (0.62, 0.70, 0.66), "oxygen-mask": (0.62, 0.74, 0.66),
    "ecg-leads": (0.60, 0.60, 0.58), "pulse-oximeter": (0.20, 0.28, 0.36), "wristband": (0.74, 0.76, 0.80),
    "electrode-cap": (0.60, 0.60, 0.62), "arm-cast": (0.76, 0.76, 0.74), "leg-cast": (0.76, 0.76, 0.74),
}  # fmt: skip
_CAST_COLOURS = ((0.76, 0.76, 0.74), (0.76, 0.76, 0.74), (0.10, 0.25, 0.55), (0.50, 0.10, 0.24), (0.12, 0.40, 0.20))
_BANDAGE = (0.72, 0.70, 0.64)
# The anchor of furniture that a kind of attachment leads to, and the probability that it does if one is near.
_LEADS_TO = {
    "iv-line": ("drip", 0.9),
    "pulse-oximeter": ("leads", 0.8),
    "ecg-leads": ("leads", 0.9),
    "electrode-cap": ("leads", 0.9),
    "oxygen-mask": ("oxygen", 0.95),
    "nasal-cannula": ("oxygen", 0.8),
}
_LONGEST = 2.2  # metres over the floor from a patient's middle


def draw_attachments(
    config: Config, stream: RandomStream, worn: Sequence[GarmentSpec], headwear: str, face_mask: str
) -> tuple[AttachmentSpec, ...]:
    """Sample the attachments of a patient who wears ``worn``; those that do not fit beside others are left out."""
    kinds = {garment.kind for garment in worn}
    chosen: list[AttachmentSpec] = []
    for kind in (
        "wristband", "iv-line", "pulse-oximeter", "ecg-leads", "oxygen-mask", "nasal-cannula", "electrode-cap",
        "head-bandage",
        "arm-cast", "arm-bandage", "leg-cast", "leg-bandage",
    ):  # fmt: skip
        present = stream.unit() < config[f"people.{kind.replace('-', '_')}_share"]
        side = stream.choice(("l", "r"))
        if present and not _hidden(kind, kinds, headwear, face_mask, chosen):
            colour = stream.choice(_CAST_COLOURS) if kind.endswith("cast") else _COLOURS.get(kind, _BANDAGE)
            chosen.append(AttachmentSpec(kind, side, colour))
    return tuple(chosen)


def _hidden(kind: str, kinds: set[str], headwear: str, face_mask: str, chosen: Sequence[AttachmentSpec]) -> bool:
    """Whether there is no room for ``kind`` beside what is worn."""
    others = {attachment.kind for attachment in chosen}
    sleeves = kinds & {"jumper", "pyjama-top", "cardigan", "shirt"}
    if kind in ("oxygen-mask", "nasal-cannula"):
        return face_mask != "none" or bool(others & {"oxygen-mask", "nasal-cannula"})
    if kind in ("electrode-cap", "head-bandage"):
        return headwear != "none" or bool(others & {"electrode-cap"})
    if kind in ("arm-bandage", "arm-cast", "wristband"):
        return bool(sleeves) or (kind == "arm-bandage" and "arm-cast" in others)
    if kind in ("leg-bandage", "leg-cast"):
        return bool(kinds & {"trousers", "jeans", "pyjama-trousers"}) or "leg-cast" in others
    return kind == "ecg-leads" and headwear == "hijab"


def connected(stream: RandomStream, person: PersonSpec, furniture: Sequence[FurnitureSpec]) -> PersonSpec:
    """Lead the lines of the person's attachments to the nearest piece with the anchor that they need."""
    return replace(person, attachments=tuple(_led(stream, worn, person, furniture) for worn in person.attachments))


def _led(
    stream: RandomStream, worn: AttachmentSpec, person: PersonSpec, furniture: Sequence[FurnitureSpec]
) -> AttachmentSpec:
    if worn.kind not in _LEADS_TO:
        return worn
    anchor, probability = _LEADS_TO[worn.kind]
    if stream.unit() >= probability:
        return worn
    middle = (person.stance.x, person.stance.y)
    points = [
        (*to_room(piece, x, y), piece.z + z)
        for piece in furniture
        for name, (x, y, z) in anchors(piece.kind, piece.shape).items()
        if name == anchor
    ]
    near = [point for point in points if math.dist(point[:2], middle) < _LONGEST]
    return replace(worn, end=min(near, key=lambda point: math.dist(point[:2], middle))) if near else worn
