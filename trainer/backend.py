"""Keras's backend: imported without its notices, seeded, and deterministic where that is cheap."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def load_quietly(deterministic: str = "auto") -> None:
    """Import Keras and its backend without the notices TensorFlow prints while it is loaded.

    They come from C++ before its logging is configured and no setting silences them, so standard error itself is
    closed meanwhile; errors are exceptions and still arrive.

    Args:
        deterministic: the setting of that name.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if deterministic != "off":
        # Operations that run side by side compete for the threads that split a depthwise convolution, and the sums of
        # its gradient then differ in the last digit from run to run. One at a time, each on all cores, they do not.
        os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
    with standard_error_closed():
        import keras  # noqa: F401

        _let_memory_grow()


@contextlib.contextmanager
def standard_error_closed() -> Iterator[None]:
    """Discard everything written to standard error meanwhile, also by C++."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def seed_everything(seed: int, deterministic: str = "auto") -> None:
    """Seed Keras and its backend, and let the backend add in a fixed order.

    Args:
        deterministic: ``on``, ``off``, or ``auto``: only on the CPU, where it costs a few percent; on a GPU some
            operations would be slow and others raise.
    """
    import keras

    with standard_error_closed():  # Keras imports TensorFlow here if it is installed, whatever the backend
        keras.utils.set_random_seed(seed)
    if deterministic == "on" or (deterministic == "auto" and not has_accelerator()):
        name = keras.backend.backend()
        if name == "tensorflow":
            import tensorflow

            tensorflow.config.experimental.enable_op_determinism()
        elif name == "torch":
            import torch

            torch.use_deterministic_algorithms(True)


def has_accelerator() -> bool:
    """Whether the backend has a device that is not a CPU."""
    import keras

    name = keras.backend.backend()
    if name == "tensorflow":
        import tensorflow

        return bool(tensorflow.config.list_physical_devices("GPU"))
    if name == "jax":
        import jax

        return jax.default_backend() != "cpu"
    if name == "torch":
        import torch

        return torch.cuda.is_available()
    return False


def use_xla(choice: str) -> bool:
    """The ``jit_compile`` of Keras for the setting ``xla``: on, off or auto.

    JAX always compiles with XLA. With TensorFlow on a 2-core CPU XLA made a step of yolov3-tiny neither faster nor
    slower and one of yolov3-nano 1.6 times as long (it runs depthwise convolutions on one core), so auto compiles for
    accelerators only. PyTorch compiles with another compiler, which is used only if asked for.
    """
    import keras

    name = keras.backend.backend()
    if choice == "auto":
        return name == "jax" or (name == "tensorflow" and has_accelerator())
    return choice == "on"


def _let_memory_grow() -> None:
    """Let TensorFlow allocate a GPU's memory as needed, not all of it at once."""
    import keras

    if keras.backend.backend() == "tensorflow":
        import tensorflow

        for gpu in tensorflow.config.list_physical_devices("GPU"):
            tensorflow.config.experimental.set_memory_growth(gpu, True)
