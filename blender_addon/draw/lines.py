"""What lines from a patient lead to: a drip, a monitor, oxygen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from .furniture import anchors
from .rooms import to_room
from .spec import AttachmentSpec, FurnitureSpec, PersonSpec
from .streams import Stream

# The anchor of furniture that a kind of attachment leads to, and how often it does where one is near.
_LEADS_TO = {
    "iv-line": ("drip", 0.9),
    "pulse-oximeter": ("leads", 0.8),
    "ecg-leads": ("leads", 0.9),
    "electrode-cap": ("leads", 0.9),
    "oxygen-mask": ("oxygen", 0.95),
    "nasal-cannula": ("oxygen", 0.8),
}
_LONGEST = 2.2  # metres over the floor from a patient's middle


def connected(stream: Stream, person: PersonSpec, furniture: Sequence[FurnitureSpec]) -> PersonSpec:
    """``person`` with the lines of what hangs on them led to the nearest piece that has what they need."""
    return replace(person, attachments=tuple(_led(stream, worn, person, furniture) for worn in person.attachments))


def _led(
    stream: Stream, worn: AttachmentSpec, person: PersonSpec, furniture: Sequence[FurnitureSpec]
) -> AttachmentSpec:
    if worn.kind not in _LEADS_TO:
        return worn
    anchor, share = _LEADS_TO[worn.kind]
    if stream.unit() >= share:
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
