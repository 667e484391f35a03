"""Keeps Blender's messages out of standard output, which carries results."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


@contextmanager
def quiet_stdout() -> Iterator[TextIO]:
    """Drop what Blender prints to standard output, one line per rendered object; yields the real standard output."""
    sys.stdout.flush()
    kept = os.dup(1)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    try:
        with os.fdopen(os.dup(kept), "w") as real:
            yield real
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
