"""DATA with its weight in the training: ``photos@1 renders@3`` shows three renders for every photograph."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Optional

from ..examples.example import ExampleSet
from ..examples.images import checked
from ..examples.readers import read_training_data
from ..formats.class_rules import ClassRules
from .mixing import Source

_WEIGHTED = re.compile(r"(?P<data>.+)@(?P<weight>\d+(?:\.\d*)?)")


class WeightedData(NamedTuple):
    """DATA and its weight, or None where it has none."""

    data: str
    weight: Optional[float]


def split_weight(argument: str) -> WeightedData:
    """``renders[:40]@3`` -> (``renders[:40]``, 3.0); without a weight (``argument``, None)."""
    match = None if Path(argument).exists() else _WEIGHTED.fullmatch(argument)
    return WeightedData(match["data"], float(match["weight"])) if match else WeightedData(argument, None)


def read_sources(
    arguments: Sequence[str],
    classes: Sequence[str],
    boxes: str,
    kind: Optional[str],
    masks: bool = False,
    keypoints: bool = False,
    rules: Optional[ClassRules] = None,
) -> tuple[Source, ...]:
    """The ``Source`` of every DATA, with masks and key points if wanted; opens no image. Raises TrainerError."""
    split = [split_weight(argument) for argument in arguments]
    return tuple(
        Source(read_training_data(data, classes, boxes, kind, masks, keypoints, rules), weight)
        for data, weight in split
    )


def check_images(sources: Sequence[Source]) -> tuple[Source, ...]:
    """The same sources, every image decoded once and its size noted. Raises TrainerError."""
    return tuple(replace(source, examples=checked(source.examples)) for source in sources)


def fingerprint(examples: ExampleSet) -> str:
    """A digest of the names of the images and their labels, in order: the same when a training is resumed."""
    digest = hashlib.sha256()
    for example in examples.examples:
        digest.update(example.path.name.encode())
        objects = example.annotations
        for numbers in (objects.boxes, objects.labels, objects.ignore):
            digest.update(numbers.tobytes())
    return digest.hexdigest()[:16]
