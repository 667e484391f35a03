"""DATA with its share of the training: ``photos@1 renders@3`` is three renders to every photograph."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Optional

from ..examples.example import ExampleSet
from ..examples.images import checked
from ..examples.readers import read_training_data
from .mixing import Source

_SHARED = re.compile(r"(?P<data>.+)@(?P<share>\d+(?:\.\d*)?)")


def split_share(word: str) -> tuple:
    """``renders[:40]@3`` -> (``renders[:40]``, 3.0); without a share (``word``, None)."""
    match = None if Path(word).exists() else _SHARED.fullmatch(word)
    return (match["data"], float(match["share"])) if match else (word, None)


def read_sources(
    words: Sequence[str], classes: Sequence[str], boxes: str, kind: Optional[str], masks: bool = False
) -> tuple:
    """The ``Source`` of every DATA, with ``masks`` if wanted; no image is opened yet. Raises TrainerError."""
    split = [split_share(word) for word in words]
    return tuple(Source(read_training_data(data, classes, boxes, kind, masks), share) for data, share in split)


def check_images(sources: Sequence[Source]) -> tuple:
    """The same sources, every image decoded once and its size noted. Raises TrainerError."""
    return tuple(replace(source, examples=checked(source.examples)) for source in sources)


def fingerprint(examples: ExampleSet) -> str:
    """Of the names of the images and their labels, in order: what a training that goes on must find again."""
    digest = hashlib.sha256()
    for example in examples.examples:
        digest.update(example.path.name.encode())
        for numbers in (example.boxes, example.labels, example.ignore):
            digest.update(numbers.tobytes())
    return digest.hexdigest()[:16]
