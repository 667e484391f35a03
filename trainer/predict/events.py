"""Events of a video: when a tracked person was in which state, and how many people were in view.

Frames flicker: a detector misses somebody for a few frames, or mistakes a sitting person for a standing one. Events
avoid that by one rule with one parameter, the *least* duration in seconds:

- A frame counts until the next frame. So every number is in seconds, and frames may come at any rate.
- A person is *in view* from the first to the last frame of a track; a gap of up to the least duration between two of
  its frames does not end that. Somebody in view for less than the least duration has no events.
- A track is in one *state* (a class) at every moment in which it is in view. The state changes once the track was seen
  in another state for the least duration longer than in the present one, counted from the moment at which that other
  state came up; the change is dated to this moment. A shorter state belongs to the state before it, or at the
  beginning to the one after it.
- The number of people in view is smoothed by the same rule: a number that holds for less than the least duration
  belongs to the number before it.
- A pause of more than the least duration between two frames ends every event at the frame before it.

This module is pure arithmetic: no files, no images.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, Optional, TypeVar

EMPTY, ALONE, SEVERAL = "empty", "alone", "several"
LEAST_SECONDS = 1.0  # the usual least duration
# Sums of frame times are not exact: 10 x 0.1 s is a little less than 1 s.
_ROUNDING_S = 1e-6

State = TypeVar("State")


class Sighting(NamedTuple):
    """One tracked person in one frame: the id of the track, the detected class, and the detection's confidence."""

    track: int
    state: str
    score: float


class Event(NamedTuple):
    """One state over one interval of time.

    Attributes:
        track: id of the person's track; None for an event of the whole view.
        event: the person's class; of the whole view ``empty``, ``alone`` or ``several``.
        people: number of people in view; None for an event of one person.
        start_seconds, end_seconds: in seconds since the beginning of the source.
        mean_confidence: mean over the frames of the interval in which the person had this class; None for an event
            of the whole view.
    """

    track: Optional[int]
    event: str
    people: Optional[int]
    start_seconds: float
    end_seconds: float
    mean_confidence: Optional[float]

    @property
    def duration_s(self) -> float:
        """Length of the interval in seconds."""
        return self.end_seconds - self.start_seconds


@dataclass(frozen=True)
class _Mean:
    """A mean that grows: the sum and the number of its values."""

    total: float = 0.0
    count: int = 0

    def plus(self, value: float) -> _Mean:
        return _Mean(self.total + value, self.count + 1)

    @property
    def value(self) -> float:
        return self.total / self.count


@dataclass(frozen=True)
class Interval(Generic[State]):
    """A state from ``start`` to ``end`` in seconds, and the mean score of the frames that show it."""

    state: State
    start: float
    end: float
    mean_score: float


@dataclass
class _Candidate:
    """A state that may become the present one.

    Attributes:
        since: when it came up, in seconds. lead: seconds in this state less those in the present one since then.
        scores: of its frames. replaced: scores of the present state when this one came up.
    """

    since: float
    replaced: _Mean
    lead: float = 0.0
    scores: _Mean = field(default_factory=_Mean)


class Timeline(Generic[State]):
    """The smoothed states of one thing over time, by the rule of this module; takes constant memory.

    Args:
        least: the least duration of a state, in seconds.
    """

    def __init__(self, least: float) -> None:
        self._least = least - _ROUNDING_S
        self._first = self._last = 0.0
        self._seen: Optional[State] = None  # the state of the last frame
        self._present: Optional[State] = None
        self._since, self._scores = 0.0, _Mean()  # of the present state
        self._candidates: dict[State, _Candidate] = {}

    @property
    def span(self) -> tuple[float, float]:
        """The times of the first and the last frame, in seconds."""
        return self._first, self._last

    def add(self, seconds: float, state: State, score: float = 1.0) -> Optional[Interval[State]]:
        """Add a frame; returns the interval that turns out to have ended, if one did."""
        ended = None
        if self._seen is None:
            self._first = seconds
        else:
            ended = self._credit(self._seen, seconds - self._last)
        self._last, self._seen = seconds, state
        if state == self._present:
            self._scores = self._scores.plus(score)
        else:
            candidate = self._candidates.setdefault(state, _Candidate(seconds, self._scores))
            candidate.scores = candidate.scores.plus(score)
        return ended

    def end(self) -> Optional[Interval[State]]:
        """The interval that ends with the last frame; None if all frames together are too short for a state."""
        if self._seen is None or self._last - self._first < self._least:
            return None
        if self._present is None:
            self._begin(max(self._candidates, key=lambda state: self._candidates[state].lead))
        return self._interval(self._last, self._scores)

    def _credit(self, state: State, seconds: float) -> Optional[Interval[State]]:
        """Count ``seconds`` for ``state``; returns the present state's interval if that is replaced now."""
        if state == self._present:
            for candidate in self._candidates.values():
                candidate.lead -= seconds
            self._candidates = {name: one for name, one in self._candidates.items() if one.lead > 0}
            return None
        candidate = self._candidates[state]
        candidate.lead += seconds
        if candidate.lead < self._least:
            return None
        ended = None if self._present is None else self._interval(candidate.since, candidate.replaced)
        self._begin(state)
        return ended

    def _begin(self, state: State) -> None:
        """Make a candidate the present state; the first one also takes over the time before it."""
        candidate = self._candidates[state]
        self._since = self._first if self._present is None else candidate.since
        self._present, self._scores = state, candidate.scores
        self._candidates = {}

    def _interval(self, end: float, scores: _Mean) -> Optional[Interval[State]]:
        return None if self._present is None else Interval(self._present, self._since, end, scores.value)


class EventRecorder:
    """Turns the sightings of one source, frame by frame, into its events.

    Args:
        least: the least duration in seconds, above 0: of an event, of a gap that ends one, of a person in view.
    """

    def __init__(self, least: float) -> None:
        self._least = least
        self._tracks: dict[int, Timeline[str]] = {}
        self._people: Timeline[int] = Timeline(least)
        # Frames whose people are not counted yet, as a person missing in them may still return.
        self._uncounted: deque[float] = deque()
        self.frames = self.pauses = 0

    def add(self, seconds: float, sightings: Sequence[Sighting]) -> list[Event]:
        """Add the frame at ``seconds``, later than all before; returns the events that are known to have ended."""
        events: list[Event] = []
        if self._uncounted and self._too_long(self._uncounted[-1], seconds):
            self.pauses += 1
            events += self.end()
        self.frames += 1
        while self._uncounted and self._too_long(self._uncounted[0], seconds):
            events += self._count(self._uncounted.popleft())
        for number, track in list(self._tracks.items()):
            if self._too_long(track.span[1], seconds):
                events += _of_track(number, self._tracks.pop(number).end())
        for sighting in sightings:
            track = self._tracks.setdefault(sighting.track, Timeline(self._least))
            events += _of_track(sighting.track, track.add(seconds, sighting.state, sighting.score))
        self._uncounted.append(seconds)
        return events

    def end(self) -> list[Event]:
        """End every event at the last frame; returns those that were still going on."""
        events: list[Event] = []
        while self._uncounted:
            events += self._count(self._uncounted.popleft())
        for number, track in self._tracks.items():
            events += _of_track(number, track.end())
        events += _of_view(self._people.end())
        self._tracks, self._people = {}, Timeline(self._least)
        return events

    def _too_long(self, before: float, seconds: float) -> bool:
        return seconds - before > self._least + _ROUNDING_S

    def _count(self, seconds: float) -> list[Event]:
        """Count the people who were in view at ``seconds``."""
        spans = (track.span for track in self._tracks.values())
        return _of_view(self._people.add(seconds, sum(first <= seconds <= last for first, last in spans)))


def _of_track(track: int, interval: Optional[Interval[str]]) -> list[Event]:
    if interval is None:
        return []
    return [Event(track, interval.state, None, interval.start, interval.end, interval.mean_score)]


def _of_view(interval: Optional[Interval[int]]) -> list[Event]:
    if interval is None:
        return []
    name = {0: EMPTY, 1: ALONE}.get(interval.state, SEVERAL)
    return [Event(None, name, interval.state, interval.start, interval.end, None)]
