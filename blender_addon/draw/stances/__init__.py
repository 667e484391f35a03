"""Drawing how people hold themselves: joint angles, where hands and feet are. Contact is solved in ``body.posture``.

Each posture is a function ``draw(stream, wide, at) -> Stance``: ``wide`` degrees keep the arms of a heavy body away
from its trunk, ``at`` is the ``Place`` it is to be at.
"""

from __future__ import annotations

from ...body.posture import Stance
from ..streams import RandomStream
from . import fallen, lying, seated, upright
from .place import PersonPlace

POSTURES = {**upright.POSTURES, **seated.POSTURES, **lying.POSTURES, **fallen.POSTURES}


def draw_stance(stream: RandomStream, posture: str, heaviness: float, at: PersonPlace) -> Stance:
    """Draw how someone of ``heaviness`` (the phenotype's weight, 0..1) holds ``posture`` at a place."""
    return POSTURES[posture](stream, 16.0 * max(0.0, heaviness - 0.5), at)


__all__ = ["POSTURES", "Place", "draw_stance"]
