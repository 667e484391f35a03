"""Results on standard output, as they come: nothing is held back until the end of a long video."""

from __future__ import annotations

import json
import sys

SCHEMA_VERSION = 1


class TextLines:
    """A line an image for people."""

    def add(self, row: dict) -> None:
        """Print a row of ``predict``."""
        print(describe(row), flush=True)

    def end(self, result: dict) -> None:
        """What ``predict`` returned; people have seen it on standard error."""


class JsonLines:
    """An object a line: those of the images, and those that could not be read, with ``error``."""

    def add(self, row: dict) -> None:
        """Print a row of ``predict``."""
        print(_dumped({"schema_version": SCHEMA_VERSION, **row}), flush=True)

    def end(self, result: dict) -> None:
        """Print what ``predict`` returned."""
        for failed in result["failed"]:
            self.add(failed)


class JsonObject:
    """One object on one line: ``schema_version, pictures, failed, speed``."""

    def __init__(self) -> None:
        self._before = f'{{"schema_version": {SCHEMA_VERSION}, "pictures": ['

    def add(self, row: dict) -> None:
        """Print a row of ``predict``."""
        sys.stdout.write(self._before + _dumped(row))
        self._before = ", "

    def end(self, result: dict) -> None:
        """Print what ``predict`` returned, and close the object."""
        head = "" if self._before == ", " else self._before
        print(f"{head}], {_dumped(result)[1:]}", flush=True)


def _dumped(value: dict) -> str:
    return json.dumps(value, allow_nan=False)


def describe(row: dict) -> str:
    """One line of text for a row of ``predict``."""
    found = [
        f"{_name(one)} {one['score']:.2f} [{', '.join(f'{side:.0f}' for side in one['bbox'])}]"
        for one in row["detections"]
    ]
    where = f" {row['frame']}" if "frame" in row else ""
    return f"{row['file']}{where}: {'; '.join(found) or 'nothing found'}"


def _name(detection: dict) -> str:
    return detection["category"] + (f" #{detection['track']}" if detection.get("track") else "")
