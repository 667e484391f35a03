"""Keeping people's heads, arms and trunks apart: another stance or another place for one who comes too close."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Optional

import numpy as np

from .placement import Occupied, find_place
from .postures import PersonPlace, Posture, draw_stance
from .rooms import Layout
from .spec import PersonSpec
from .stick_figure import StickFigure, gap, stature_of, stick_figure
from .streams import RandomStream

_OTHER_STANCES, _OTHER_PLACES = 3, 8
_FAR = 2.2  # metres between the hips of people who cannot touch
_MAY_TOUCH = 0.03  # metres by which stick figures' arms and trunks may overlap: they are not exact


class Overlap(NamedTuple):
    """How many metres two people are too close: a head to anything of the other, and everything else; 0 and less is
    far enough."""

    of_head: float
    of_rest: float

    @property
    def most(self) -> float:
        """The larger of both."""
        return max(self.of_head, self.of_rest)


def overlap(first: StickFigure, second: StickFigure, free: float, holding: bool = False) -> Overlap:
    """How much closer two figures are than ``free`` metres at their heads; those ``holding`` each other may touch."""
    heads = [gap(first.head, second.head)]
    rest = [gap(first.trunk, second.trunk)]
    for one, other in ((first, second), (second, first)):
        heads += [gap(one.head, part) for part in (other.trunk, *other.arms)]
        rest += [gap(one.trunk, arm) for arm in other.arms]
    rest += [gap(arm, other) for arm in first.arms for other in second.arms]
    return Overlap(free - min(heads), -1.0 if holding else -_MAY_TOUCH - min(rest))


def _apart(first: StickFigure, second: StickFigure) -> float:
    """Metres between the hips of two figures, on the floor plan."""
    return float(np.linalg.norm((first.trunk.start - second.trunk.start)[:2]))


@dataclass
class Figures:
    """The stick figures of the people drawn so far, by id; heads are to be ``free`` metres from other people."""

    free: float
    by_id: dict[int, StickFigure] = field(default_factory=dict)

    def of(self, person: PersonSpec, place: PersonPlace) -> Optional[StickFigure]:
        """The figure of ``person`` at a place; None for one who lies."""
        stature = stature_of(person.age_years, person.phenotype)
        return stick_figure(person.stance, stature, place.shape, self.by_id)

    def worst(self, person: PersonSpec, figure: Optional[StickFigure]) -> Overlap:
        """The overlap with the person who is closest."""
        held = {hand.get("person") for hand in person.stance.hands.values()}
        near = {n: other for n, other in self.by_id.items() if figure and _apart(figure, other) < _FAR}
        others = [overlap(figure, other, self.free, n in held) for n, other in near.items()] if figure else []
        return max(others, key=lambda found: found.most, default=Overlap(-1.0, -1.0))


class Candidate(NamedTuple):
    """A person as drawn, and where."""

    person: PersonSpec
    place: PersonPlace


def kept_apart(
    stream: RandomStream, drawn: Candidate, posture: Posture, layout: Layout, occupied: Occupied, figures: Figures
) -> Optional[Candidate]:
    """The person where nobody is in the way of head and arms: as drawn, in another stance, or at another place.

    If there is no such place, the best that leaves all heads free; None if there is none of these either.
    """
    best: Optional[tuple[Overlap, Candidate, Optional[StickFigure]]] = None
    for candidate in _candidates(stream, drawn, posture, layout, occupied):
        figure = figures.of(candidate.person, candidate.place)
        found = figures.worst(candidate.person, figure)
        if best is None or found.most < best[0].most:
            best = found, candidate, figure
        if found.most <= 0:
            break
    if best is None or best[0].of_head > 0:
        return None
    if best[2] is not None:
        figures.by_id[drawn.person.id] = best[2]
    return best[1]


def _candidates(
    stream: RandomStream, drawn: Candidate, posture: Posture, layout: Layout, occupied: Occupied
) -> Iterator[Candidate]:
    yield drawn
    weight = drawn.person.phenotype["weight"]
    places = [drawn.place] * _OTHER_STANCES
    for _ in range(_OTHER_PLACES if posture.spot in ("floor", "beside") else 0):
        if found := find_place(stream, posture, layout, occupied):
            places.append(found.place)
    for place in places:
        stance = draw_stance(stream, posture.name, weight, place)
        yield Candidate(replace(drawn.person, stance=stance), place)
