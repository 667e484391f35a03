"""A cache of decoded images in memory, of limited size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Optional

import numpy as np
from numpy.typing import NDArray

from ..examples.example import Example
from ..examples.reduced import Decoded, load_reduced, reduction_for


@dataclass
class DecodedCache:
    """Decodes images no larger than a network of ``size`` can see, and keeps as many as fit into memory.

    The position of every image is fixed from the start, so that processes which share the memory need no lock: the
    byte in front of an image says whether it is filled, and two processes that fill it at once write the same bytes.

    Attributes:
        size: the largest side, in pixels of the network's input, at which a whole image is shown.
        places: path -> first byte of each image that is kept.
        size_bytes: bytes of all kept images together.
    """

    size: int
    places: dict[str, int] = field(default_factory=dict)
    size_bytes: int = 0
    memory: Optional[NDArray[np.uint8]] = None

    def opened(self, memory: NDArray[np.uint8]) -> DecodedCache:
        """The same cache in ``memory``, (size_bytes,) uint8, zeros where no image is kept yet."""
        return DecodedCache(self.size, self.places, self.size_bytes, memory)

    def decode(self, example: Example) -> Decoded:
        """The example's image, from memory or from its file. Raises ImageError."""
        reduction = reduction_for(*example.size, self.size)
        place = self.places.get(str(example.path))
        if place is None or self.memory is None:
            return load_reduced(example.path, reduction)
        shape = _shape(example, reduction)
        kept = self.memory[place + 1 : place + 1 + int(np.prod(shape))].reshape(shape)
        if not self.memory[place]:
            kept[:] = load_reduced(example.path, reduction).pixels
            self.memory[place] = 1
        kept.flags.writeable = False  # callers share it
        return Decoded(kept, reduction)


def plan_cache(examples: Sequence[Example], size: int, most_bytes: int) -> DecodedCache:
    """A cache for the first of ``examples`` that fit into ``most_bytes``."""
    places: dict[str, int] = {}
    used = 0
    for example in examples:
        needed = 1 + int(np.prod(_shape(example, reduction_for(*example.size, size))))
        if used + needed > most_bytes:
            break
        if str(example.path) not in places:
            places[str(example.path)] = used
            used += needed
    return DecodedCache(size, places, used)


def _shape(example: Example, reduction: int) -> tuple[int, int, int]:
    width, height = example.size
    return -(-height // reduction), -(-width // reduction), 3
