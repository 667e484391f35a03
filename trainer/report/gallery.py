"""The worst misses and false alarms: which images, and their boxes as marks that a page can show and hide."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ..annotate import fitted
from ..detection.detector import Detections
from ..examples.example import Example, ExampleSet
from ..examples.images import load_image
from ..metrics.matching import NO_GROUND_TRUTH, Matches
from ..metrics.tide import BACKGROUND, BOTH, CLASS, DUPLICATE, LOCALISATION, Errors
from ..page import jpeg

SHOTS = 12
_SIDE = 480  # pixels of an embedded image's longer side
_SAID = {
    LOCALISATION: "misplaced",
    CLASS: "taken for something else",
    DUPLICATE: "found a second time",
    BACKGROUND: "nothing there",
    BOTH: "misplaced, and taken for something else",
}
_LEAST_DRAWN = 0.02  # fainter detections are noise on an image


@dataclass(frozen=True)
class Shot:
    """An image worth looking at, and the box in it that makes it so.

    Attributes:
        image: its number. place: of the truth in the example, or of the detection. says: why.
    """

    image: int
    place: int
    says: str


def worst_misses(examples: ExampleSet, matches: Matches, confidence: float) -> list:
    """One ``Shot`` an image: the largest, by share of the image, that nothing found at ``confidence``."""
    missed = np.flatnonzero(matches.found_at < confidence)
    shares = np.array(
        [_share(examples.examples[matches.ground_truth_image[n]], matches.ground_truth_place[n]) for n in missed]
    )
    shots = []
    for number in missed[np.argsort(-shares, kind="stable")] if len(missed) else ():
        at = matches.found_at[number]
        says = "never found" if np.isneginf(at) else f"found only at {at:.3f}"
        shots.append(Shot(int(matches.ground_truth_image[number]), int(matches.ground_truth_place[number]), says))
    return _one_a_image(shots)


def worst_false_alarms(matches: Matches, errors: Errors) -> list:
    """One ``Shot`` an image: the surest detections that found no truth, and what kind of error each is."""
    false = np.flatnonzero(matches.ground_truth == NO_GROUND_TRUTH)
    return _one_a_image(
        Shot(int(matches.image[n]), int(matches.place[n]), f"{_SAID[errors.kind_of(n)]}, at {matches.score[n]:.3f}")
        for n in false
    )


def _share(example: Example, place: int) -> float:
    return float(example.boxes[place, 2:].prod()) / (example.width * example.height)


def _one_a_image(shots: Iterable[Shot]) -> list:
    first: dict = {}
    for shot in shots:
        first.setdefault(shot.image, shot)
        if len(first) == SHOTS:
            break
    return list(first.values())


def figure(
    shot: Shot, example: Example, found: Detections, matches: Matches, miss: bool, confidence: float, about: str
) -> str:
    """The shot as an HTML figure: the image inside, its truths, and its detections with their confidence."""
    small = fitted(load_image(example.path), _SIDE)
    data = base64.b64encode(jpeg(small, quality=80)).decode()
    here = matches.image == shot.image
    hits = set(matches.place[here & matches.hits].tolist())
    false = set(matches.place[here & ~matches.hits].tolist())
    missed = set(
        matches.ground_truth_place[
            (matches.ground_truth_image == shot.image) & (matches.found_at < confidence)
        ].tolist()
    )
    marks = []
    for place, (box, ignore) in enumerate(zip(example.boxes, example.ignore)):
        kind = "ignored" if ignore else "missed" if place in missed else "truth"
        marks.append(_mark(box, kind, miss and place == shot.place, kind))
    for place, (box, score) in enumerate(zip(found.boxes, found.scores)):
        worst = not miss and place == shot.place
        if score >= _LEAST_DRAWN or worst:
            kind = "found" if place in hits else "false" if place in false else "ignored"
            marks.append(_mark(box, kind, worst, f"{kind} {score:.3f}", float(score)))
    view = f'<svg viewBox="0 0 {example.width} {example.height}" preserveAspectRatio="none">{"".join(marks)}</svg>'
    image = f'<img alt="{html.escape(example.path.name)}" src="data:image/jpeg;base64,{data}">'
    text = html.escape(f"{example.path.name}: {shot.says}{'. ' + about if about else ''}")
    return f'<figure><div class="shot">{image}{view}</div><figcaption>{text}</figcaption></figure>'


def _mark(box: np.ndarray, kind: str, worst: bool, title: str, score: float | None = None) -> str:
    x, y, width, height = (f"{side:.1f}" for side in box)
    shown = "" if score is None else f' data-score="{score:.4f}"'
    name = f"{kind} worst" if worst else kind
    return (
        f'<rect class="{name}" x="{x}" y="{y}" width="{width}" height="{height}"{shown}>'
        f"<title>{html.escape(title)}</title></rect>"
    )
