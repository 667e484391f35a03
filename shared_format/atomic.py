"""Writing a file whole or not at all: a temporary neighbour, then a rename."""

from __future__ import annotations

import json
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

TEMPORARY_PREFIX = ".part-"


def temporary_path(path: Path) -> Path:
    """Return the neighbour of ``path`` that is written before the rename; it keeps the suffix."""
    return path.with_name(TEMPORARY_PREFIX + path.name)


def commit(temporary: Path, path: Path) -> None:
    """Make the finished ``temporary`` file durable and give it its final name, replacing what was there."""
    with open(temporary, "rb") as handle:
        os.fsync(handle.fileno())
    os.replace(temporary, path)


@contextmanager
def writing(path: Path) -> Generator[BinaryIO]:
    """Open a file that becomes ``path`` when the block ends; an exception in the block leaves ``path`` as it was."""
    temporary = temporary_path(path)
    try:
        with open(temporary, "wb") as handle:
            yield handle
        commit(temporary, path)
    except Exception:  # such as a full disk: the partial file is useless, and its space is needed
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that a reader sees the old file or the new one, never part of it."""
    with writing(path) as handle:
        handle.write(content)


def write_json(path: Path, value: object) -> None:
    """Write ``value`` as UTF-8 JSON, keys in the order given, the same bytes for the same value."""
    write_bytes(path, dump_json(value))


def dump_json(value: object) -> bytes:
    """Return ``value`` as UTF-8 JSON with one final newline. NaN and infinity raise ValueError."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return (text + "\n").encode()
