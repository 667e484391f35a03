"""Decoded images kept in memory, within a bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Optional

import numpy as np

from ..examples.example import Example
from ..examples.reduced import Decoded, load_reduced, reduction_for


@dataclass
class DecodedCache:
    """Decodes images at the size that a network of ``size`` can see, and keeps as many as fit.

    An image has its place from the beginning, so that processes which share the memory need not ask each other: a
    byte in front of it says whether somebody has filled it; who comes at the same time writes the same bytes.

    Attributes:
        size: the largest side, in pixels of the network's input, that a whole image is shown at.
        places: path -> first byte of the images that have a place.
        size_bytes: of all places together.
    """

    size: int
    places: dict = field(default_factory=dict)
    size_bytes: int = 0
    memory: Optional[np.ndarray] = None

    def opened(self, memory: np.ndarray) -> DecodedCache:
        """The same cache in ``memory``, (size_bytes,) uint8, zeros where nothing is kept yet."""
        return DecodedCache(self.size, self.places, self.size_bytes, memory)

    def decode(self, example: Example) -> Decoded:
        """The example's image, from memory or from its file. Raises PictureError."""
        reduction = reduction_for(example.width, example.height, self.size)
        place = self.places.get(str(example.path))
        if place is None:
            return load_reduced(example.path, reduction)
        shape = _shape(example, reduction)
        kept = self.memory[place + 1 : place + 1 + int(np.prod(shape))].reshape(shape)
        if not self.memory[place]:
            kept[:] = load_reduced(example.path, reduction).pixels
            self.memory[place] = 1
        kept.flags.writeable = False  # for whoever gets it
        return Decoded(kept, reduction)


def plan_cache(examples: Sequence[Example], size: int, most_bytes: int) -> DecodedCache:
    """A cache for the first of ``examples`` that fit into ``most_bytes``."""
    places, used = {}, 0
    for example in examples:
        needed = 1 + int(np.prod(_shape(example, reduction_for(example.width, example.height, size))))
        if used + needed > most_bytes:
            break
        if str(example.path) not in places:
            places[str(example.path)] = used
            used += needed
    return DecodedCache(size, places, used)


def _shape(example: Example, reduction: int) -> tuple:
    return -(-example.height // reduction), -(-example.width // reduction), 3
