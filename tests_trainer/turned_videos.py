"""Videos with a display matrix, as telephones write them, and what a player shows."""

from __future__ import annotations

import struct

import numpy as np

# The (a, b, c, d) of a display matrix, and the same change of an array: x' = a x + c y, y' = b x + d y.
ORIENTED = {
    (1, 0, 0, 1): lambda pixels: pixels,
    (-1, 0, 0, 1): lambda pixels: pixels[:, ::-1],
    (1, 0, 0, -1): lambda pixels: pixels[::-1],
    (-1, 0, 0, -1): lambda pixels: pixels[::-1, ::-1],
    (0, 1, -1, 0): lambda pixels: np.rot90(pixels, -1),
    (0, -1, 1, 0): lambda pixels: np.rot90(pixels),
    (0, 1, 1, 0): lambda pixels: pixels.transpose(1, 0, 2),
    (0, -1, -1, 0): lambda pixels: pixels[::-1, ::-1].transpose(1, 0, 2),
}


def with_matrix(clip, path, matrix):
    """A copy of an MP4 file whose track header holds the matrix (a, b, c, d)."""
    content = clip.read_bytes()
    header = content.find(b"tkhd")
    start = header + (56 if content[header + 4] else 44)
    a, b, c, d = (round(value * 65536) for value in matrix)
    packed = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(content[:start] + packed + content[start + len(packed) :])
    return path
