"""``classes.txt``: the names of classes that a label file only numbers, one a line in the order of the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from . import atomic
from .errors import FormatError
from .paths import text_lines

CLASSES_FILE = "classes.txt"


def read_class_names(path: Path) -> tuple:
    """The names in ``path``; () where there is no such file. Raises FormatError."""
    return tuple(text_lines(path)) if path.is_file() else ()


def write_class_names(path: Path, names: Sequence[str]) -> None:
    """Write ``names``. Raises FormatError for a name the file cannot hold."""
    for name in names:
        if not name.strip() or name != name.strip() or "\n" in name:
            raise FormatError(f"class name {name!r}: {path.name} holds one name a line, without spaces around it")
    atomic.write_bytes(path, "".join(f"{name}\n" for name in names).encode())
