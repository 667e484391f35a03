"""Results on standard output, printed as they come: nothing waits for the end of a long video."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Optional, Protocol, TypedDict

from ..formats.label_set import SourceId
from .throughput import Speed

SCHEMA_VERSION = 1


class _DetectionFields(TypedDict):
    category: str
    score: float
    bbox: list[float]  # x, y, width, height in pixels of the upright image


class DetectionRow(_DetectionFields, total=False):
    """One detection; ``track`` is there with --track, None for a detection without a track."""

    track: Optional[int]


class _ImageFields(TypedDict):
    file: str
    image_id: SourceId
    detections: list[DetectionRow]


class ImageRow(_ImageFields, total=False):
    """The detections of one image; a frame of a stream also has its ``frame`` number and ``seconds``."""

    frame: int
    seconds: float


class FailedRow(TypedDict):
    """A source that could not be read."""

    file: str
    error: str


class PredictResult(TypedDict):
    """The end of a command's result: what could not be read, and the speed."""

    failed: list[FailedRow]
    speed: Speed


class Listing(Protocol):
    """Prints the rows of ``predict`` as they come, and its result at the end."""

    def add(self, row: ImageRow) -> None:
        """Print the detections of one image."""

    def end(self, result: PredictResult) -> None:
        """Print the result of ``predict``."""


class TextLines:
    """One line of text per image."""

    def add(self, row: ImageRow) -> None:
        """Implement ``Listing.add``."""
        print(describe(row), flush=True)

    def end(self, result: PredictResult) -> None:
        """Implement ``Listing.end``: people have read the failures on standard error already."""


class JsonLines:
    """One JSON object per line: those of the images, then those that could not be read, with ``error``."""

    def add(self, row: ImageRow) -> None:
        """Implement ``Listing.add``."""
        self._print(row)

    def end(self, result: PredictResult) -> None:
        """Implement ``Listing.end``."""
        for failed in result["failed"]:
            self._print(failed)

    @staticmethod
    def _print(row: Mapping[str, object]) -> None:
        print(_dumped({"schema_version": SCHEMA_VERSION, **row}), flush=True)


class JsonObject:
    """One JSON object on one line: ``schema_version, pictures, failed, speed``."""

    def __init__(self) -> None:
        self._before = f'{{"schema_version": {SCHEMA_VERSION}, "pictures": ['

    def add(self, row: ImageRow) -> None:
        """Implement ``Listing.add``."""
        sys.stdout.write(self._before + _dumped(row))
        self._before = ", "

    def end(self, result: PredictResult) -> None:
        """Implement ``Listing.end``, and close the object."""
        head = "" if self._before == ", " else self._before
        print(f"{head}], {_dumped(result)[1:]}", flush=True)


def _dumped(value: Mapping[str, object]) -> str:
    return json.dumps(value, allow_nan=False)


def describe(row: ImageRow) -> str:
    """The detections of one image as one line of text; control characters of a file's name are escaped."""
    detections = [
        f"{_name(one)} {one['score']:.2f} [{', '.join(f'{side:.0f}' for side in one['bbox'])}]"
        for one in row["detections"]
    ]
    frame = f" {row['frame']}" if "frame" in row else ""
    return f"{printable(row['file'])}{frame}: {'; '.join(detections) or 'no detections'}"


def printable(text: str) -> str:
    """Escape what does not fit on a line of UTF-8: control characters, and bytes that were no text."""
    escaped = "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
    return escaped.encode("utf-8", "backslashreplace").decode()


def _name(detection: DetectionRow) -> str:
    track = detection.get("track")
    return detection["category"] + (f" #{track}" if track else "")
