"""Keras's operations on tensors, and the type of what they take and give, for the type checker."""

from __future__ import annotations

from typing import Any, TypeAlias

import keras

# A tensor of any backend, inside a graph or outside: TensorFlow's, JAX's, PyTorch's, numpy's and Keras's symbolic ones
# have no type in common.
Tensor: TypeAlias = Any

# `keras.ops` has no annotations; what a type checker infers from its bodies is wrong (None, or a symbolic tensor only).
ops: Any = keras.ops
