"""Random numbers that depend on (seed, index, aspect) alone, and shares that hold at every prefix.

``Stream`` is for continuous variation: independent numbers, a stream of its own for every aspect, so
that a new knob in one aspect never shifts another. It reads the raw output of numpy's Philox, which
numpy promises never to change, and makes floats of it itself, so every numpy gives the same.

``balanced`` is for attributes: over the index it is a (0, 2)-sequence (Sobol's first two dimensions,
each with its own nested scramble after Owen 1995), so that every block of 2^m images holds each value
in its share, jointly with the number of people, and different attributes are paired as if at random.
"""

from __future__ import annotations

import hashlib
import math
from typing import Mapping, Sequence

import numpy as np

_BITS = 32


class Stream:
    """A stream of independent numbers for one aspect of one image."""

    def __init__(self, seed: int, index: int, aspect: str) -> None:
        key = np.frombuffer(_digest(f"{seed}/{index}/{aspect}", 16), dtype="<u8")
        self._raw = np.random.Philox(key=key)

    def unit(self) -> float:
        """A number in [0, 1), uniform, 53 bits."""
        return (int(self._raw.random_raw()) >> 11) * 2.0**-53

    def uniform(self, low: float, high: float) -> float:
        """A number in [low, high), uniform."""
        return low + (high - low) * self.unit()

    def normal(self, mean: float, deviation: float) -> float:
        """A normal number (Box-Muller), cut at three deviations."""
        radius = math.sqrt(-2.0 * math.log(1.0 - self.unit()))
        value = radius * math.cos(2.0 * math.pi * self.unit())
        return mean + deviation * min(max(value, -3.0), 3.0)

    def choice(self, options: Sequence) -> object:
        """One of ``options``, each as likely."""
        return options[int(self.unit() * len(options))]


def balanced(seed: int, index: int, attribute: str, dimension: int = 1) -> float:
    """The value in [0, 1) of ``attribute`` at ``index``.

    ``dimension`` 0 is for what other attributes are conditioned on (the number of people), 1 for all else.
    """
    if not 0 <= index < 2**_BITS:
        raise ValueError(f"index {index} is outside 0..{2**_BITS - 1}")
    value = 0
    direction = 1 << (_BITS - 1)
    remaining = index
    while remaining:
        if remaining & 1:
            value ^= direction
        direction = direction >> 1 if dimension == 0 else direction ^ (direction >> 1)
        remaining >>= 1
    return _scramble(value, f"{seed}/{attribute}") / 2**_BITS


def _scramble(value: int, key: str) -> int:
    """Owen's nested scramble: each bit is flipped by a coin that depends on the bits before it."""
    result = 0
    for bit in range(_BITS):
        before = value >> (_BITS - bit)
        coin = _digest(f"{key}/{bit}/{before}", 1)[0] & 1
        result = (result << 1) | ((value >> (_BITS - 1 - bit)) & 1) ^ coin
    return result


def by_share(value: float, shares: Mapping[str, float]) -> str:
    """The key of ``shares`` (weights, not all zero) in whose part of [0, 1) ``value`` falls."""
    total = sum(shares.values())
    passed = 0.0
    for name, share in shares.items():
        passed += share / total
        if share > 0 and value < passed:
            return name
    return [name for name, share in shares.items() if share > 0][-1]


def _digest(text: str, size: int) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=size).digest()
