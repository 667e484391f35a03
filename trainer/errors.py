"""The errors a user can cause or must be told of: the message is one line that says what to do."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from shared_format.errors import FormatError


class TrainerError(FormatError):
    """Data, a file or a value is not usable: what was received, where, and what would be right. Exit code 2."""


class ImageError(TrainerError):
    """An image is missing, truncated or not an image."""


class TrainingDiverged(TrainerError):
    """A term of the loss is no longer finite; the message names it. Exit code 1."""


class NotADataset(TrainerError):
    """DATA is none of the kinds of data that are known. Exit code 3, where a command says so."""


def unknown_key(what: str, key: str, known: Sequence[str]) -> str:
    """The message for a ``key`` nobody knows: the nearest of ``known``, or all of them."""
    close = difflib.get_close_matches(key, known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}"
    return f"unknown {what} {key!r}; {hint}"
