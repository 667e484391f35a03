"""The type of the images that the effects take and return."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.floating[Any]]  # (H, W) or (H, W, 3), linear or display values about 0..1
Mask = NDArray[np.bool_]  # (H, W)
