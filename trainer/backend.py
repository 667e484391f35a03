"""Quiet and reproducible: how Keras's backend is imported, and what is set right after."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def load_quietly(deterministic: str = "auto") -> None:
    """Import Keras and its backend without the notices TensorFlow writes while it is loaded.

    They come from C++ before its logging is configured and heed no setting, so the stream itself is closed to
    them; errors are exceptions and still arrive.

    Args:
        deterministic: the setting of that name.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if deterministic != "off":
        # Operations side by side race for the threads that split one depthwise convolution, and its gradient's sums
        # then differ in the last digit from run to run: one at a time, each on all cores, the seed decides everything.
        os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
    with standard_error_closed():
        import keras  # noqa: F401

        _let_memory_grow()


@contextlib.contextmanager
def standard_error_closed() -> Iterator[None]:
    """Nothing reaches standard error meanwhile, from C++ neither."""
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
    """Seed Keras and its backend, and have the backend add in a fixed order.

    Args:
        deterministic: ``on``, ``off``, or ``auto``: on the CPU, where it costs a few percent; on a GPU some
            operations would be slow and others are refused.
    """
    import keras

    with standard_error_closed():  # it imports TensorFlow, if that is there, whatever the backend
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
    """Whether the backend sees anything but CPUs."""
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
    """What ``jit_compile`` should be for the setting ``xla``: on, off or auto.

    JAX is XLA. With TensorFlow on a 2-core CPU it made a step of yolov3-tiny neither faster nor slower and one of
    yolov3-nano 1.6 times as long (it runs depthwise convolutions on one core), so auto compiles for accelerators
    only. PyTorch compiles with another program, which is left alone unless asked for.
    """
    import keras

    name = keras.backend.backend()
    if choice == "auto":
        return name == "jax" or (name == "tensorflow" and has_accelerator())
    return choice == "on"


def _let_memory_grow() -> None:
    """Have TensorFlow take a GPU's memory as it needs it, not all of it at once."""
    import keras

    if keras.backend.backend() == "tensorflow":
        import tensorflow

        for gpu in tensorflow.config.list_physical_devices("GPU"):
            tensorflow.config.experimental.set_memory_growth(gpu, True)
