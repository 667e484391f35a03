"""Keeping Blender's chatter out of standard output, which carries results."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def quiet_stdout() -> Iterator[Any]:
    """Drop what Blender prints to standard output, a line for every object it renders; yields the real one."""
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
