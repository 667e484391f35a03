"""The images with the worst misses and false alarms, and their boxes as marks that a page can show and hide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Optional

import numpy as np

from ..annotate import fitted
from ..detection.detector import Detections
from ..examples.example import Example, ExampleSet
from ..examples.images import load_image
from ..metrics.matching import UNMATCHED, Matches
from ..metrics.tide import BACKGROUND, BOTH, CLASS, DUPLICATE, LOCALISATION, ErrorKinds
from ..page import data_uri, jpeg

MOST_IMAGES = 12
_SIDE = 480  # pixels of an embedded image's longer side
_DESCRIPTIONS = {
    LOCALISATION: "badly localised",
    CLASS: "wrong class",
    DUPLICATE: "second detection of the same object",
    BACKGROUND: "no object there",
    BOTH: "wrong class and badly localised",
}
_LEAST_DRAWN = 0.02  # detections of a lower confidence are noise on an image


@dataclass(frozen=True)
class GalleryImage:
    """An image with an error, and the box that the error is about.

    Attributes:
        image: its number.
        index: of the missed object in the example, or of the false alarm in the image's detections.
        reason: what is wrong.
    """

    image: int
    index: int
    reason: str


class Mark(NamedTuple):
    """A box drawn over an image, in pixels of the source image; ``worst``: it is the error shown."""

    kind: str
    x: str
    y: str
    width: str
    height: str
    title: str
    score: Optional[float]
    worst: bool


class GalleryFigure(NamedTuple):
    """An image of the page with its marks; width and height are the source image's."""

    file_name: str
    uri: str
    width: int
    height: int
    marks: list[Mark]
    caption: str


def worst_misses(examples: ExampleSet, matches: Matches, confidence: float) -> list[GalleryImage]:
    """One entry per image: the missed object that covers the largest part of it, largest first."""
    missed = np.flatnonzero(matches.matched_at < confidence).tolist()
    parts = [
        _part_of_image(examples.examples[matches.ground_truth_image[n]], int(matches.ground_truth_index[n]))
        for n in missed
    ]
    worst: list[GalleryImage] = []
    for place in np.argsort(-np.array(parts), kind="stable").tolist():
        number = missed[place]
        at = matches.matched_at[number]
        reason = "not detected at any confidence" if np.isneginf(at) else f"detected only at confidence {at:.3f}"
        image, index = matches.ground_truth_image[number], matches.ground_truth_index[number]
        worst.append(GalleryImage(int(image), int(index), reason))
    return _first_of_each_image(worst)


def worst_false_alarms(matches: Matches, errors: ErrorKinds) -> list[GalleryImage]:
    """One entry per image: the false alarm of the highest confidence, and what kind of error it is."""
    return _first_of_each_image(
        GalleryImage(
            int(matches.image[n]),
            int(matches.index[n]),
            f"{_DESCRIPTIONS[errors.kind_of(n)]}, confidence {matches.score[n]:.3f}",
        )
        for n in np.flatnonzero(matches.ground_truth == UNMATCHED).tolist()
    )


def _part_of_image(example: Example, index: int) -> float:
    return float(example.annotations.boxes[index, 2:].prod()) / _area(example)


def _area(example: Example) -> int:
    return (example.width or 1) * (example.height or 1)  # checked examples have a size


def _first_of_each_image(entries: Iterable[GalleryImage]) -> list[GalleryImage]:
    first: dict[int, GalleryImage] = {}
    for entry in entries:
        first.setdefault(entry.image, entry)
        if len(first) == MOST_IMAGES:
            break
    return list(first.values())


def gallery_figure(
    entry: GalleryImage,
    example: Example,
    detections: Detections,
    matches: Matches,
    missed: bool,
    confidence: float,
    details: str,
) -> GalleryFigure:
    """The image with its ground truth and its detections.

    Args:
        missed: the entry is a missed object; otherwise a false alarm.
        confidence: below it an object counts as missed.
        details: added to the caption.
    """
    image = fitted(load_image(example.path), _SIDE)
    marks = _object_marks(entry, example, matches, confidence, missed)
    marks += _detection_marks(entry, detections, matches, not missed)
    caption = f"{example.path.name}: {entry.reason}{'. ' + details if details else ''}"
    width, height = example.width or image.width, example.height or image.height
    return GalleryFigure(example.path.name, data_uri(jpeg(image, quality=80)), width, height, marks, caption)


def _object_marks(
    entry: GalleryImage, example: Example, matches: Matches, confidence: float, is_error: bool
) -> list[Mark]:
    here = (matches.ground_truth_image == entry.image) & (matches.matched_at < confidence)
    missed = set(matches.ground_truth_index[here].tolist())
    marks: list[Mark] = []
    for index, (box, ignore) in enumerate(zip(example.annotations.boxes, example.annotations.ignore)):
        kind, title = ("ground-truth", "ground truth")
        if ignore:
            kind = title = "ignored"
        elif index in missed:
            kind = title = "missed"
        marks.append(_mark(box, kind, title, None, is_error and index == entry.index))
    return marks


def _detection_marks(entry: GalleryImage, detections: Detections, matches: Matches, is_error: bool) -> list[Mark]:
    here = matches.image == entry.image
    correct = set(matches.index[here & matches.true_positive].tolist())
    false = set(matches.index[here & ~matches.true_positive].tolist())
    marks: list[Mark] = []
    for index, (box, score) in enumerate(zip(detections.boxes, detections.scores)):
        worst = is_error and index == entry.index
        if score >= _LEAST_DRAWN or worst:
            kind = "correct" if index in correct else "false-alarm" if index in false else "ignored"
            marks.append(_mark(box, kind, f"{kind.replace('-', ' ')} {score:.3f}", float(score), worst))
    return marks


def _mark(box: np.ndarray, kind: str, title: str, score: Optional[float], worst: bool) -> Mark:
    x, y, width, height = (f"{side:.1f}" for side in box)
    return Mark(kind, x, y, width, height, title, score, worst)
