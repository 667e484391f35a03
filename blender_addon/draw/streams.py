"""Random numbers that depend on (seed, index, aspect) alone, and attributes that are balanced at every prefix.

``RandomStream`` is for continuous variation: independent numbers, with one stream per aspect, so that a new
setting in one aspect never shifts another. It reads the raw output of numpy's Philox, which
numpy promises never to change, and makes floats of it itself, so every numpy gives the same.

``balanced`` is for attributes: over a count 0, 1, 2 ... it is van der Corput's sequence, its order
shuffled inside every block of 2^m by coins (Owen's nested scramble, 1995, on the bits of the count). So
every such block holds each value in proportion to its weight, while two attributes are paired as if at random.
``stratum`` splits the images into classes and numbers those of a class, so that attributes counted by
that number are balanced within each class.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

import numpy as np

_BITS = 32
_AT_ONCE = 24
_LOW = 12  # bits that change from image to image
_FULL = 2**_BITS
_Option = TypeVar("_Option")


class RandomStream:
    """A stream of independent numbers for one aspect of one image."""

    def __init__(self, seed: int, index: int, aspect: str) -> None:
        key = np.frombuffer(_digest(f"{seed}/{index}/{aspect}", 16), dtype="<u8")
        self._raw = np.random.Philox(key=key)
        self._drawn: list[int] = []  # the next numbers, the last one first: asking for several at once is cheaper

    def unit(self) -> float:
        """A number in [0, 1), uniform, 53 bits."""
        if not self._drawn:
            self._drawn = (self._raw.random_raw(_AT_ONCE) >> np.uint64(11))[::-1].tolist()
        return self._drawn.pop() * 2.0**-53

    def uniform(self, low: float, high: float) -> float:
        """A number in [low, high), uniform."""
        return low + (high - low) * self.unit()

    def normal(self, mean: float, deviation: float) -> float:
        """A normal number (Box-Muller), cut at three deviations."""
        radius = math.sqrt(-2.0 * math.log(1.0 - self.unit()))
        value = radius * math.cos(2.0 * math.pi * self.unit())
        return mean + deviation * min(max(value, -3.0), 3.0)

    def choice(self, options: Sequence[_Option]) -> _Option:
        """One of ``options``, each with the same probability."""
        return options[int(self.unit() * len(options))]


def balanced(seed: int, count: int, attribute: str) -> float:
    """The value in [0, 1) of ``attribute`` at ``count`` (an index, or the number of a ``stratum``)."""
    return _reverse(_shuffle(_in_range(count), f"{seed}/{attribute}")) / _FULL


class Stratum(NamedTuple):
    """The class that an image falls into, and how many images before it are of that class."""

    name: str
    number: int


def stratum(seed: int, index: int, attribute: str, weights: Mapping[str, float]) -> Stratum:
    """Split the images into classes by ``weights``: the class of image ``index``, and its number within the class.

    The classes follow van der Corput's sequence, turned by an offset of the seed; counting its points in an
    interval needs no loop over the images, only one over the bits of ``index``.
    """
    offset = int.from_bytes(_digest(f"{seed}/{attribute}", _BITS // 8), "little")
    value = (_reverse(_in_range(index)) + offset) % _FULL
    name = by_weight(value / _FULL, weights)
    low = high = 0.0
    for other, weight in weights.items():
        low, high = high, high + weight / sum(weights.values())
        if other == name:
            break
    first, last = math.ceil(low * _FULL), math.ceil(high * _FULL)
    before = _points_below(index, last - offset) - _points_below(index, first - offset)
    return Stratum(name, before)


def _points_below(index: int, bound: int) -> int:
    """Of the points 0 .. index - 1 of the sequence, repeated with period 1 both ways, those in [0, bound)."""
    turns, bound = divmod(bound, _FULL)
    points = turns * index
    base = 0
    for bit in reversed(range(_BITS)):
        if index >> bit & 1:  # a block of 2^bit images: its points are evenly spaced from the block's first
            spacing = _FULL >> bit
            points += max(0, -((_reverse(base) - bound) // spacing))
            base += 1 << bit
    return points


def _in_range(count: int) -> int:
    if not 0 <= count < _FULL:
        raise ValueError(f"index {count} is outside 0..{_FULL - 1}")
    return count


def _reverse(value: int) -> int:
    """The bits of ``value`` in reverse order: van der Corput's radical inverse in units of 2^-32."""
    return int(f"{value:0{_BITS}b}"[::-1], 2)


def _shuffle(count: int, key: str) -> int:
    """Flip each bit by a coin that depends on the bits above it: blocks of 2^m stay, their order changes."""
    return _flipped(key, count >> _LOW, _LOW, _BITS) << _LOW | _flipped(key, count, 0, _LOW)


@lru_cache(maxsize=1 << 14)  # the upper bits are the same for thousands of images, the lower ones for none
def _flipped(key: str, count: int, low: int, high: int) -> int:
    """The flipped bits ``low`` .. ``high`` - 1 of a number; ``count`` are its bits from ``low`` on."""
    result = 0
    for bit in reversed(range(low, high)):
        coin = _digest(f"{key}/{bit}/{count >> (bit + 1 - low)}", 1)[0] & 1
        result = (result << 1) | ((count >> (bit - low)) & 1) ^ coin
    return result


def by_weight(value: float, weights: Mapping[str, float]) -> str:
    """The key of ``weights`` (not all zero) in whose part of [0, 1) ``value`` falls."""
    total = sum(weights.values())
    passed = 0.0
    for name, weight in weights.items():
        passed += weight / total
        if weight > 0 and value < passed:
            return name
    return [name for name, weight in weights.items() if weight > 0][-1]


def _digest(text: str, size: int) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=size).digest()
