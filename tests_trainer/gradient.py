"""The gradient of a function of keras.ops, by whichever backend runs."""

from __future__ import annotations

import keras
import numpy as np


def gradients(function, arrays):
    """d function / d array for each of ``arrays``; the function takes their list and returns a scalar."""
    backend = keras.backend.backend()
    arrays = [np.asarray(array, np.float32) for array in arrays]
    if backend == "tensorflow":
        import tensorflow

        values = [tensorflow.Variable(array) for array in arrays]
        with tensorflow.GradientTape() as tape:
            total = function([value.value() for value in values])
        found = tape.gradient(total, values)
    elif backend == "jax":
        import jax

        found = jax.grad(function)(arrays)
    else:
        import torch

        values = [torch.tensor(array, requires_grad=True) for array in arrays]
        found = torch.autograd.grad(function(values), values)
    return [np.asarray(keras.ops.convert_to_numpy(one)) for one in found]
