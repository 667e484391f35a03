"""The kinds of values a setting takes; each checks one and returns it in its plain form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional


@dataclass(frozen=True)
class Weights:
    """Weights of named values, e.g. ``{"female": 1, "male": 1}``; values left out get weight 0."""

    names: tuple

    def check(self, value: Any) -> dict:
        """Return the weights in the order of ``names``. Raises ValueError."""
        if not isinstance(value, Mapping):
            raise ValueError(f'expected an object of weights such as {{"{self.names[0]}": 1}}')
        unknown = [name for name in value if name not in self.names]
        if unknown:
            raise ValueError(f"unknown value {unknown[0]!r}, known are {', '.join(self.names)}")
        weights = {name: _number(value.get(name, 0)) for name in self.names}
        if min(weights.values()) < 0 or sum(weights.values()) <= 0:
            raise ValueError("weights must not be negative and not all be zero")
        return weights


@dataclass(frozen=True)
class Range:
    """An interval ``[low, high]`` to draw from, inside ``limits``."""

    limits: tuple

    def check(self, value: Any) -> list:
        """Return ``[low, high]``; a single number means both. Raises ValueError."""
        pair = [value, value] if isinstance(value, (int, float)) else value
        if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
            raise ValueError("expected [low, high]")
        low, high = _number(pair[0]), _number(pair[1])
        if not self.limits[0] <= low <= high <= self.limits[1]:
            raise ValueError(f"expected {self.limits[0]} <= low <= high <= {self.limits[1]}")
        return [low, high]


@dataclass(frozen=True)
class Number:
    """A number inside ``limits``, whole if ``integer``."""

    limits: tuple
    integer: bool = False

    def check(self, value: Any) -> float:
        """Return the number. Raises ValueError."""
        number = _number(value)
        if self.integer and number != int(number):
            raise ValueError("expected a whole number")
        if not self.limits[0] <= number <= self.limits[1]:
            raise ValueError(f"expected {self.limits[0]} to {self.limits[1]}")
        return int(number) if self.integer else number


@dataclass(frozen=True)
class Size:
    """An image size ``[width, height]`` in pixels, each inside ``limits``."""

    limits: tuple = (16, 8192)

    def check(self, value: Any) -> list:
        """Return ``[width, height]``. Raises ValueError."""
        if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
            raise ValueError("expected [width, height]")
        return [Number(self.limits, integer=True).check(side) for side in value]


@dataclass(frozen=True)
class Switch:
    """True or false."""

    def check(self, value: Any) -> bool:
        """Return the truth value. Raises ValueError."""
        if not isinstance(value, bool):
            raise ValueError("expected true or false")
        return value


@dataclass(frozen=True)
class Folder:
    """The path of a folder, "" for none."""

    def check(self, value: Any) -> str:
        """Return the path. Raises ValueError."""
        if not isinstance(value, str):
            raise ValueError('expected the path of a folder, "" for none')
        return value


@dataclass(frozen=True)
class File:
    """The path of a file, "" for none."""

    def check(self, value: Any) -> str:
        """Return the path. Raises ValueError."""
        if not isinstance(value, str):
            raise ValueError('expected the path of a file, "" for none')
        return value


@dataclass(frozen=True)
class Listing:
    """What a library's folder holds, as ``library`` lists it; ``resolve`` fills it in."""

    def check(self, value: Any) -> list:
        """Return the list. Raises ValueError."""
        whole = isinstance(value, list) and all(
            isinstance(entry, Mapping) and {"file", "sha256"} <= set(entry) for entry in value
        )
        if not whole:
            raise ValueError("expected the list of files that resolving the library makes; leave it out")
        return [dict(entry) for entry in value]


@dataclass(frozen=True)
class PackListing(Listing):
    """What the asset pack holds; None until ``resolve`` has looked."""

    def check(self, value: Any) -> Optional[list]:
        """Return the list, or None. Raises ValueError."""
        return None if value is None else super().check(value)


@dataclass(frozen=True)
class Grid:
    """Factors whose levels set settings: ``{factor: {level: {KEY: VALUE}}}``; ``resolve`` checks the settings."""

    def check(self, value: Any) -> dict:
        """Return the grid. Raises ValueError."""
        whole = isinstance(value, Mapping) and all(
            isinstance(levels, Mapping)
            and levels
            and all(isinstance(settings, Mapping) for settings in levels.values())
            for levels in value.values()
        )
        if not whole:
            raise ValueError('expected {"FACTOR": {"LEVEL": {"KEY": VALUE, ...}, ...}, ...}')
        return {
            factor: {level: dict(settings) for level, settings in levels.items()} for factor, levels in value.items()
        }


@dataclass(frozen=True)
class CameraPlace:
    """A place ``[x, y, z]``: shares of half the room's width and depth, -1 to 1, and metres; ``[]`` for none."""

    def check(self, value: Any) -> list:
        """Return the place. Raises ValueError."""
        if not isinstance(value, Sequence) or isinstance(value, str) or len(value) not in (0, 3):
            raise ValueError("expected [x, y, z], or [] for none")
        place = [_number(part) for part in value]
        if place and not (max(abs(place[0]), abs(place[1])) <= 1.0 and 0.2 <= place[2] <= 8.0):
            raise ValueError("expected x and y from -1 to 1, z from 0.2 to 8")
        return place


@dataclass(frozen=True)
class Setting:
    """One setting: its key, its default, what values it takes and what it does."""

    key: str
    default: Any
    kind: Any
    text: str


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("expected a number")
    if value != value or abs(value) == float("inf"):
        raise ValueError("expected a finite number")
    return float(value)
