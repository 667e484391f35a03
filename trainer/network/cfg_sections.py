"""The lines of a darknet .cfg as sections, and their values with types. Every error names section, key and line.

As ``read_cfg`` of parser.c (AlexeyAB/darknet): blanks mean nothing anywhere, ``#`` and ``;`` start a comment.
"""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass, field
from typing import NamedTuple, Optional

from ..errors import TrainerError


class Entry(NamedTuple):
    """A value as text, its line, and the line of another value for the same key, if any."""

    text: str
    line: int
    rival: Optional[int] = None


@dataclass
class Section:
    """``[name]`` and what it holds; values are taken by type, and what nobody took is left in ``entries``."""

    name: str
    line: int
    where: str
    entries: dict = field(default_factory=dict)

    def error(self, reason: str, line: Optional[int] = None) -> TrainerError:
        """An error of this section, to be raised."""
        return TrainerError(f"{self.where}, line {line or self.line}: [{self.name}] {reason}")

    def value_error(self, key: str, entry: Entry, expected: str) -> TrainerError:
        """An error of one value, to be raised."""
        return self.error(f"{key} is {entry.text!r}; expected {expected}", entry.line)

    def whole(self, key: str, default: Optional[int], low: int, high: int = 1_000_000) -> int:
        """A whole number ``low`` .. ``high``; a default of None means that it must be there."""
        entry = self._take(key, default)
        return default if entry is None else self._whole(key, entry, entry.text, low, high)

    def number(self, key: str, default: float, low: float, high: float) -> float:
        """A number ``low`` .. ``high``."""
        entry = self._take(key, default)
        return default if entry is None else self._number(key, entry, entry.text, low, high)

    def choice(self, key: str, default: str, choices: tuple) -> str:
        """One of ``choices``."""
        entry = self._take(key, default)
        if entry is None:
            return default
        if entry.text not in choices:
            raise self.value_error(key, entry, f"one of {', '.join(choices)}")
        return entry.text

    def wholes(self, key: str, low: int, high: int) -> tuple:
        """Whole numbers separated by commas, and their line; at least one. Raises TrainerError where it is missing."""
        entry = self._take(key, None)
        return tuple(self._whole(key, entry, part, low, high) for part in self._parts(key, entry)), entry.line

    def numbers(self, key: str, low: float, high: float) -> tuple:
        """Numbers separated by commas, and their line; at least one. Raises TrainerError where it is missing."""
        entry = self._take(key, None)
        return tuple(self._number(key, entry, part, low, high) for part in self._parts(key, entry)), entry.line

    def _take(self, key: str, default: object) -> Optional[Entry]:
        entry = self.entries.pop(key, None)
        if entry is None and default is None:
            raise self.error(f"has no {key}=")
        if entry is not None and entry.rival is not None:
            # Darknet takes the first, OpenCV the last.
            raise self.error(f"{key} has one value here and another in line {entry.rival}; keep one", entry.line)
        return entry

    def _parts(self, key: str, entry: Entry) -> list:
        parts = entry.text.split(",")
        if parts[-1] == "":  # a comma at the end of the line
            parts.pop()
        if not parts:
            raise self.value_error(key, entry, "numbers separated by commas")
        return parts

    def _whole(self, key: str, entry: Entry, text: str, low: int, high: int) -> int:
        value = _float(text)
        if not value.is_integer() or not low <= value <= high:
            raise self.value_error(key, entry, _range(low, high, many="," in entry.text))
        return int(value)

    def _number(self, key: str, entry: Entry, text: str, low: float, high: float) -> float:
        value = _float(text)
        if not low <= value <= high:
            raise self.value_error(key, entry, f"numbers {low:g} to {high:g}")
        return value


def _range(low: int, high: int, many: bool) -> str:
    return f"whole numbers {low} to {high}" if many else f"a whole number {low} to {high}"


def _float(text: str) -> float:
    """Not a number: NaN, which is in no range."""
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def nearest(key: str, known: tuple) -> Optional[str]:
    """The one of ``known`` that ``key`` is probably a slip of, if any."""
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.8)
    return close[0] if close else None


def read_sections(content: bytes, where: str) -> list:
    """The sections of a .cfg, in order.

    Raises:
        TrainerError: no text, or a line that is neither a section, nor KEY=VALUE, nor a comment.
    """
    if b"\0" in content:
        raise TrainerError(f"{where}: not a text file; expected a darknet .cfg")
    sections: list = []
    for number, line in enumerate(_text(content).splitlines(), start=1):
        bare = "".join(line.split("#")[0].split(";")[0].split())
        if not bare:
            continue
        if bare.startswith("["):
            if not bare.endswith("]") or len(bare) < 3:
                raise TrainerError(f"{where}, line {number}: {bare!r}; expected a section such as [convolutional]")
            sections.append(Section(bare[1:-1], number, where))
            continue
        key, equals, value = bare.partition("=")
        if not sections:
            raise TrainerError(f"{where}, line {number}: {bare!r} in front of the first section; expected [net]")
        section = sections[-1]
        if not key or not equals or not value:
            raise section.error(f"{bare!r}; expected KEY=VALUE", number)
        first = section.entries.setdefault(key, Entry(value, number))
        if first.text != value:
            section.entries[key] = first._replace(rival=number)
    return sections


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")  # comments in some other code; what counts is ASCII
