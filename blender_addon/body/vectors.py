"""Products of vectors that give the same result with every version of NumPy.

``np.cross`` of plane vectors ended with NumPy 2.5 (Blender 5.2); a test keeps it out of the add-on.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def cross(a: ArrayLike, b: ArrayLike) -> Array:
    """The cross products (..., 3) of vectors (..., 3). Raises ValueError for vectors of another length."""
    first, second = np.asarray(a), np.asarray(b)
    if first.shape[-1:] != (3,) or second.shape[-1:] != (3,):
        raise ValueError(f"expected vectors (..., 3), found {first.shape} and {second.shape}")
    x1, y1, z1 = np.moveaxis(first, -1, 0)
    x2, y2, z2 = np.moveaxis(second, -1, 0)
    return np.stack([y1 * z2 - z1 * y2, z1 * x2 - x1 * z2, x1 * y2 - y1 * x2], axis=-1)


def plane_cross(a: ArrayLike, b: ArrayLike) -> Array:
    """The cross products (...) of plane vectors (..., 2): positive where ``b`` is to the left of ``a``."""
    first, second = np.asarray(a), np.asarray(b)
    return first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]


def unit(vector: Array) -> Array:
    """``vector`` (n,) scaled to length 1."""
    return vector / np.linalg.norm(vector)
