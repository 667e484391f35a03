"""Files of the same content under different names."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

from ..errors import ImageError


def contents(paths: Sequence[Path]) -> list[Optional[bytes]]:
    """For each file a digest of its bytes, or None where no other file has its size and so none can be equal.

    Raises:
        ImageError: a file cannot be read.
    """
    try:
        sizes = [path.stat().st_size for path in paths]
        files_of_size = Counter(sizes)
        return [_digest(path) if files_of_size[size] > 1 else None for path, size in zip(paths, sizes)]
    except OSError as error:
        raise ImageError(f"{error.filename}: cannot be read: {error.strerror}") from error


def _digest(path: Path) -> bytes:
    return hashlib.blake2b(path.read_bytes(), digest_size=16).digest()
