"""Errors tested by what they name, not by the sentence that names it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def refusal(kind: type[Exception], *values: object) -> Iterator[None]:
    """Expect the block to raise ``kind`` with one line that names each of ``values`` as a word of its own."""
    with pytest.raises(kind) as refused:
        yield
    line = str(refused.value)
    assert "\n" not in line
    assert [value for value in values if not names(line, value)] == [], line


def names(line: str, value: object) -> bool:
    """Whether ``value`` is in ``line``, and not as a part of a longer word or number."""
    return re.search(rf"(?<![\w.-]){re.escape(str(value))}(?!\w|\.\d)", line) is not None
