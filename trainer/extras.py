"""Libraries that only some commands need: the extras of the package."""

from __future__ import annotations

import importlib
from types import ModuleType

from .errors import TrainerError


def extra_module(name: str, extra: str, purpose: str) -> ModuleType:
    """Import the module ``name``.

    Raises:
        TrainerError: it is not installed; the message names the ``extra`` that installs it, and its ``purpose``.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise TrainerError(
            f"{purpose} needs {name.partition('.')[0]}, which is not installed: pip install 'wardsynth[{extra}]'"
        ) from error
