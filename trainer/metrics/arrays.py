"""Types of the arrays that the metrics pass on; shapes are in the docstrings."""

from __future__ import annotations

from typing import Optional

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Weights = NDArray[np.int32]  # (R, P) how often each image is in each resample
Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]  # of str, or None where a value is not known
Interval = Optional[list[float]]  # [low, high]; None where there are too few values for one
