"""Several devices of one machine that share each batch."""

from __future__ import annotations

import keras

from ..errors import TrainerError
from ..runtimes import BATCH


def share_batches(devices: int, batches: tuple) -> None:
    """Have every network made from here on run on ``devices`` devices, each with its part of the batch.

    The gradient, and the statistics of batch normalisation, are those of the whole batch: the loss curve is that
    of one device, to rounding.

    Args:
        batches: the batch sizes there will be.

    Raises:
        TrainerError: the backend cannot, there are not so many devices, or they do not divide a batch evenly.
    """
    if devices == 1:
        return
    if keras.backend.backend() != "jax":
        raise TrainerError(
            f"devices is {devices}: with Keras's {keras.backend.backend()} backend there is one; "
            "install the extra jax and set KERAS_BACKEND=jax"
        )
    found = keras.distribution.list_devices()
    if len(found) < devices:
        raise TrainerError(f"devices is {devices}; JAX sees {len(found)}: {', '.join(found)}")
    for batch in (*batches, BATCH):
        if batch % devices:
            raise TrainerError(f"devices is {devices}, which does not divide a batch of {batch}")
    keras.distribution.set_distribution(keras.distribution.DataParallel(devices=found[:devices]))
