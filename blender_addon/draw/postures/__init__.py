"""Postures: ``table.POSTURES`` has one entry per posture, with everything that depends on it.

- ``posture``  what an entry consists of
- ``place``    where a person is placed, as the functions that sample postures need it
- ``upright``, ``seated``, ``lying``, ``floor``  these functions: joint angles, positions of hands and feet
- ``limbs``    arms, heads and trunks that many postures share

Contact (feet that stand, backs that lie, hands that hold) is solved afterwards, in ``body.posture``.
"""

from __future__ import annotations

from ...body.posture import Stance
from ..streams import RandomStream
from .place import PersonPlace
from .posture import BedUse, Footprint, Posture
from .table import POSTURES

_ARM_SPREAD = 16.0  # degrees between arms and trunk, per unit of heaviness above the average


def draw_stance(stream: RandomStream, posture: str, heaviness: float, at: PersonPlace) -> Stance:
    """Sample a stance of ``posture`` at a place, for a person of ``heaviness`` (the phenotype's weight, 0..1)."""
    return POSTURES[posture].draw(stream, _ARM_SPREAD * max(0.0, heaviness - 0.5), at)


__all__ = ["POSTURES", "BedUse", "Footprint", "PersonPlace", "Posture", "draw_stance"]
