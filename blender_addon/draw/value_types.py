"""Types of values that many modules of the drawing layer pass on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Colour = tuple[float, float, float]  # linear RGB, 0..1
Point2 = tuple[float, float]  # metres on the floor plan
Point3 = tuple[float, float, float]  # metres
Interval = tuple[float, float]  # (low, high) from which a number is sampled
Palette = tuple[Colour, ...]
Config = Mapping[str, Any]  # a resolved config: the value of every setting by its key
Pick = Callable[[str], str]  # the key of a Weights setting -> the value that the image balances to
Shape = Mapping[str, Any]  # a piece of furniture's own sizes in metres, angles in degrees, switches, names of styles
Colours = Mapping[str, Colour]  # of furniture, by part
ImageAttributes = Mapping[str, str]  # how an image is taken: {"sensor": "rgb", "noise": "low", "blur": "sharp", ...}
