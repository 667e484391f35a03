"""Quiet and reproducible: how Keras's backend is imported, and what is set right after."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TENSORFLOW = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # Operations side by side race for the threads that split one depthwise convolution, and its gradient's sums
    # then differ in the last digit from run to run: one at a time, each on all cores, the seed decides everything.
    "TF_NUM_INTEROP_THREADS": "1",
}


def load_quietly() -> None:
    """Import Keras and its backend without the notices TensorFlow writes while it is loaded.

    They come from C++ before its logging is configured and heed no setting, so the stream itself is closed to
    them; errors are exceptions and still arrive.
    """
    for name, value in _TENSORFLOW.items():
        os.environ.setdefault(name, value)
    with _standard_error_closed():
        import keras  # noqa: F401


@contextlib.contextmanager
def _standard_error_closed() -> Iterator[None]:
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def seed_everything(seed: int) -> None:
    """Seed Keras and its backend, and have the backend add in a fixed order."""
    import keras

    keras.utils.set_random_seed(seed)
    if keras.backend.backend() == "tensorflow":
        import tensorflow

        tensorflow.config.experimental.enable_op_determinism()
