"""COCO run-length masks, ``{"size": [height, width], "counts": "..."}``, without pycocotools.

The runs go down the columns (Fortran order), begin with a run of zeros, and are packed into COCO's
printable 6-bit text: five data bits and a continuation bit per character, plus 48; from the fourth run
on the difference to the run two places before is packed (cocodataset/cocoapi, common/maskApi.c).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from .errors import FormatError


class Rle(TypedDict):
    """A mask as COCO packs it: ``size`` is [height, width], ``counts`` its runs as text."""

    size: list[int]
    counts: str


def encode(mask: NDArray[np.bool_]) -> Rle:
    """(H, W) bool or 0/1 mask -> COCO RLE with ``counts`` as str."""
    height, width = mask.shape
    return {"size": [int(height), int(width)], "counts": _pack(_runs(mask))}


def decode(rle: Rle) -> NDArray[np.bool_]:
    """COCO RLE with ``counts`` as text -> (H, W) bool mask.

    Raises:
        FormatError: the runs do not add up to the size.
    """
    height, width = rle["size"]
    runs = _unpack(rle["counts"])
    if any(run < 0 for run in runs) or sum(runs) != height * width:
        raise FormatError(f"mask runs add up to {sum(runs)}, expected {height} x {width} = {height * width}")
    values = np.arange(len(runs)) % 2 == 1
    return np.repeat(values, runs).reshape((width, height)).T


def from_counts(counts: Sequence[object], size: Sequence[int]) -> Rle:
    """COCO's uncompressed RLE (a list of runs, zeros first; ``size`` is [height, width]) -> COCO RLE.

    Raises:
        FormatError: the runs are no whole numbers or do not add up to the size.
    """
    runs = [run for run in counts if isinstance(run, int) and run >= 0]
    if len(runs) < len(counts) or sum(runs) != size[0] * size[1]:
        raise FormatError(f"mask runs do not add up to {size[0]} x {size[1]}")
    return {"size": [int(side) for side in size], "counts": _pack(runs)}


def counts(rle: Rle) -> list[int]:
    """The runs of a COCO RLE, zeros first: the inverse of ``from_counts``. Raises FormatError: text that ends early."""
    return _unpack(rle["counts"])


def area(rle: Rle) -> int:
    """The number of True pixels of a COCO RLE."""
    return int(sum(_unpack(rle["counts"])[1::2]))


def _runs(mask: NDArray[np.bool_]) -> list[int]:
    flat = np.asarray(mask, dtype=bool).T.reshape(-1)
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    edges = np.concatenate([[0], changes, [flat.size]])
    runs = np.diff(edges).tolist()
    if flat.size and flat[0]:
        runs.insert(0, 0)
    return runs


def _pack(runs: Sequence[int]) -> str:
    text: list[str] = []
    for position, run in enumerate(runs):
        value = run - runs[position - 2] if position > 2 else run
        more = True
        while more:
            bits = value & 0x1F
            value >>= 5
            more = value != (-1 if bits & 0x10 else 0)
            text.append(chr((bits | 0x20 if more else bits) + 48))
    return "".join(text)


def _unpack(text: str) -> list[int]:
    runs: list[int] = []
    position = 0
    while position < len(text):
        value, shift, bits, more = 0, 0, 0, True
        while more:
            if position == len(text):
                raise FormatError("mask runs end in the middle of a number")
            bits = ord(text[position]) - 48
            value |= (bits & 0x1F) << shift
            more = bool(bits & 0x20)
            position += 1
            shift += 5
        if bits & 0x10:
            value |= -1 << shift
        if len(runs) > 2:
            value += runs[-2]
        runs.append(value)
    return runs
