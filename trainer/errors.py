"""Errors a user can cause or must know about: one line that says what was received and what would be right."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from shared_format.errors import FormatError


class TrainerError(FormatError):
    """Data, a file or a value is not usable. Exit code 2."""


class ImageError(TrainerError):
    """An image is missing, truncated or not an image."""


class TrainingDiverged(TrainerError):
    """A term of the loss is not finite; the message names it. Exit code 1."""


class NotADataset(TrainerError):
    """DATA is of no known kind. Exit code 3, where the command documents it."""


def unknown_key(what: str, key: str, known: Sequence[str]) -> str:
    """The message for an unknown ``key``: suggests the nearest of ``known``, or lists all of them."""
    close = difflib.get_close_matches(key, known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}"
    return f"unknown {what} {key!r}; {hint}"
