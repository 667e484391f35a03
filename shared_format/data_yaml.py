"""``data.yaml`` of an Ultralytics-style folder: the little of YAML that it uses, without a YAML library.

Read: top-level ``key: value`` lines, lists and maps indented or in brackets below ``train``, ``val``, ``test`` and
``names``, quotes, comments. Anything further in the file is passed over.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

from .errors import FormatError

DATA_FILE = "data.yaml"
SPLITS = ("train", "val", "test")

_BRACKETS = {"[": "]", "{": "}"}
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'""")
_ENTRY = re.compile(r"(?P<key>[^:#\s][^:]*?)\s*:(?:\s+(?P<value>.*))?$")


@dataclass(frozen=True)
class DataYaml:
    """What the file says: class names by number, for each split its places, and the folder they start at, if stated."""

    names: tuple
    splits: dict = field(default_factory=dict)
    path: Optional[str] = None


def dump(data: DataYaml) -> str:
    """The text of the file. ``val`` is a must for Ultralytics: without one it is ``train``, and a comment says so."""
    text = []
    if data.path is not None:
        text.append(f"path: {_scalar(data.path)}")
    for name, places in data.splits.items():
        text.append(f"{name}: {_scalar(places[0]) if len(places) == 1 else json.dumps(list(places))}")
    if "train" in data.splits and "val" not in data.splits:
        text.append(f"val: {_scalar(data.splits['train'][0])}  # no validation split in the data: the same images")
    text += [f"nc: {len(data.names)}", "names:"]
    text += [f"  {number}: {_scalar(name)}" for number, name in enumerate(data.names)]
    return "\n".join(text) + "\n"


def parse(text: str, where: str = DATA_FILE) -> DataYaml:
    """Parse the file's text. Raises FormatError naming ``where``."""
    entries = _entries(text)
    names = _names(entries.get("names"), where)
    nc = entries.get("nc")
    if isinstance(nc, str) and nc.isdecimal() and int(nc) != len(names):
        raise FormatError(f"{where}: nc is {nc}, names has {len(names)}")
    splits = {}
    for name in SPLITS:
        value = entries.get(name)
        if isinstance(value, str) and value:
            splits[name] = (value,)
        elif isinstance(value, list) and value:
            splits[name] = tuple(value)
    if not splits:
        raise FormatError(f"{where}: no train, val or test in it; is it the data.yaml of a YOLO folder?")
    path = entries.get("path")
    return DataYaml(names, splits, path if isinstance(path, str) and path else None)


def read(path: Path) -> DataYaml:
    """Read the file. Raises FormatError."""
    try:
        return parse(path.read_text(encoding="utf-8-sig"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"{path}: cannot be read as text: {error}") from error


def _names(value: Any, where: str) -> tuple:
    if isinstance(value, list) and value:
        return tuple(value)
    if isinstance(value, dict) and value:
        if sorted(value) != sorted(map(str, range(len(value)))):
            raise FormatError(f"{where}: names are numbered {', '.join(value)}, expected 0 to {len(value) - 1}")
        return tuple(value[str(number)] for number in range(len(value)))
    raise FormatError(f"{where}: no class names; expected names: [person, ...] or names: with 0: person below")


def _entries(text: str) -> dict:
    """Top-level keys -> str, list of str, or dict of str."""
    found: dict = {}
    key, block = None, []
    for line in [*text.splitlines(), "end:"]:
        bare = line.strip()
        if not bare or bare.startswith("#") or bare in ("---", "..."):
            continue
        if line[0] in " \t" or bare.startswith("- ") or _open_bracket(block):
            block.append(bare)
            continue
        if key is not None:
            found[key] = _value(block)
        match = _ENTRY.match(bare)
        key, block = (None, []) if match is None else (_plain(match["key"]), [match["value"] or ""])
    return found


def _open_bracket(block: list) -> bool:
    text = " ".join(block).strip()
    return text[:1] in _BRACKETS and _bracketed(text) is None


def _value(block: list) -> Any:
    first, rest = block[0].strip(), block[1:]
    if first[:1] in _BRACKETS:
        parts = _bracketed(" ".join(block).strip()) or []
        return [_plain(part) for part in parts] if first[0] == "[" else dict(_pair(part) for part in parts)
    if first and not first.startswith("#"):
        return _plain(first)
    if rest and rest[0].startswith("-"):
        return [_plain(line[1:]) for line in rest if line.startswith("-")]
    return dict(_pair(line) for line in rest if ":" in line)


def _bracketed(text: str) -> Optional[list]:
    """The parts between the brackets that ``text`` begins with, split at commas outside quotes; None: not closed."""
    close, parts, start, position = _BRACKETS[text[0]], [], 1, 1
    while position < len(text):
        quoted = _QUOTED.match(text, position)
        if quoted and not text[start:position].strip(" :0123456789"):
            position = quoted.end()
            continue
        if text[position] in (",", close):
            parts.append(text[start:position])
            start = position + 1
            if text[position] == close:
                return [part for part in parts if part.strip()]
        position += 1
    return None


def _pair(text: str) -> tuple:
    key, _, value = text.partition(":")
    return _plain(key), _plain(value)


def _plain(text: str) -> str:
    """A scalar without its quotes or its comment."""
    text = text.strip()
    quoted = _QUOTED.match(text)
    if quoted and text[0] == "'":
        return quoted[0][1:-1].replace("''", "'")
    if quoted:
        try:
            return str(json.loads(quoted[0]))
        except ValueError:  # an escape that YAML knows and JSON does not
            return quoted[0][1:-1]
    return re.split(r"\s#", text)[0].strip()


def _scalar(text: str) -> str:
    """The text as it is where YAML reads it as a text, else in quotes."""
    plain = re.fullmatch(r"[A-Za-z_./][A-Za-z0-9_./ -]*[A-Za-z0-9_/.]|[A-Za-z]", text)
    reserved = text.lower() in ("null", "true", "false", "yes", "no", "on", "off", "y", "n", ".", "..", ".inf", ".nan")
    return text if plain and not reserved else json.dumps(text, ensure_ascii=False)
