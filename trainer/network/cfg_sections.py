"""The sections of a darknet .cfg and their values by type. Every error names section, key and line.

As in ``read_cfg`` of parser.c (AlexeyAB/darknet) blanks are ignored everywhere, ``#`` and ``;`` start a comment.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Optional

from ..errors import TrainerError

MAX_WHOLE = 1_000_000


class CfgValue(NamedTuple):
    """A value as text, its line, and the line of another value for the same key, if any."""

    text: str
    line: int
    rival: Optional[int] = None


class Wholes(NamedTuple):
    """Whole numbers of one value, and its line."""

    values: tuple[int, ...]
    line: int


class Numbers(NamedTuple):
    """Numbers of one value, and its line."""

    values: tuple[float, ...]
    line: int


@dataclass
class Section:
    """``[name]`` and its values; reading a value by its type removes it from ``entries``, unread ones remain."""

    name: str
    line: int
    where: str
    entries: dict[str, CfgValue] = field(default_factory=dict)

    def error(self, reason: str, line: Optional[int] = None) -> TrainerError:
        """An error of this section, to be raised."""
        return TrainerError(f"{self.where}, line {line or self.line}: [{self.name}] {reason}")

    def value_error(self, key: str, entry: CfgValue, expected: str) -> TrainerError:
        """An error of one value, to be raised."""
        return self.error(f"{key} is {entry.text!r}; expected {expected}", entry.line)

    def whole(self, key: str, default: int, low: int, high: int = MAX_WHOLE) -> int:
        """A whole number ``low`` .. ``high``."""
        entry = self._take(key)
        return default if entry is None else self._whole(key, entry, entry.text, low, high)

    def required_whole(self, key: str, low: int, high: int) -> int:
        """A whole number ``low`` .. ``high`` that must be present. Raises TrainerError where it is missing."""
        entry = self._required(key)
        return self._whole(key, entry, entry.text, low, high)

    def number(self, key: str, default: float, low: float, high: float) -> float:
        """A number ``low`` .. ``high``."""
        entry = self._take(key)
        return default if entry is None else self._number(key, entry, entry.text, low, high)

    def choice(self, key: str, default: str, choices: Sequence[str]) -> str:
        """One of ``choices``."""
        entry = self._take(key)
        if entry is None:
            return default
        if entry.text not in choices:
            raise self.value_error(key, entry, f"one of {', '.join(choices)}")
        return entry.text

    def wholes(self, key: str, low: int, high: int) -> Wholes:
        """Whole numbers separated by commas, at least one. Raises TrainerError where the key is missing."""
        entry = self._required(key)
        return Wholes(tuple(self._whole(key, entry, part, low, high) for part in self._parts(key, entry)), entry.line)

    def numbers(self, key: str, low: float, high: float) -> Numbers:
        """Numbers separated by commas, at least one. Raises TrainerError where the key is missing."""
        entry = self._required(key)
        return Numbers(tuple(self._number(key, entry, part, low, high) for part in self._parts(key, entry)), entry.line)

    def _required(self, key: str) -> CfgValue:
        entry = self._take(key)
        if entry is None:
            raise self.error(f"has no {key}=")
        return entry

    def _take(self, key: str) -> Optional[CfgValue]:
        entry = self.entries.pop(key, None)
        if entry is not None and entry.rival is not None:
            # Darknet uses the first, OpenCV the last.
            raise self.error(f"{key} has one value here and another in line {entry.rival}; keep one", entry.line)
        return entry

    def _parts(self, key: str, entry: CfgValue) -> list[str]:
        parts = entry.text.split(",")
        if parts[-1] == "":  # a comma at the end of the line
            parts.pop()
        if not parts:
            raise self.value_error(key, entry, "numbers separated by commas")
        return parts

    def _whole(self, key: str, entry: CfgValue, text: str, low: int, high: int) -> int:
        value = _float(text)
        if not value.is_integer() or not low <= value <= high:
            raise self.value_error(key, entry, _range(low, high, many="," in entry.text))
        return int(value)

    def _number(self, key: str, entry: CfgValue, text: str, low: float, high: float) -> float:
        value = _float(text)
        if not low <= value <= high:
            raise self.value_error(key, entry, f"numbers {low:g} to {high:g}")
        return value


def _range(low: int, high: int, many: bool) -> str:
    return f"whole numbers {low} to {high}" if many else f"a whole number {low} to {high}"


def _float(text: str) -> float:
    """The number in ``text``; NaN, which is in no range, where there is none."""
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def nearest(key: str, known: Sequence[str]) -> Optional[str]:
    """The one of ``known`` that ``key`` is probably a misspelling of, if any."""
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.8)
    return close[0] if close else None


def read_sections(content: bytes, where: str) -> list[Section]:
    """The sections of a .cfg, in order.

    Raises:
        TrainerError: not a text file, or a line that is neither a section, nor KEY=VALUE, nor a comment.
    """
    if b"\0" in content:
        raise TrainerError(f"{where}: not a text file; expected a darknet .cfg")
    sections: list[Section] = []
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
        first = section.entries.setdefault(key, CfgValue(value, number))
        if first.text != value:
            section.entries[key] = first._replace(rival=number)
    return sections


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")  # comments in another encoding; everything else is ASCII
