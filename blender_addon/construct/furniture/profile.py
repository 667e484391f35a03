"""Walking along the bent top of a mattress."""

from __future__ import annotations

import numpy as np


def profile_at(nodes: np.ndarray, along: np.ndarray) -> tuple:
    """Points and unit normals (n, 2) of the profile ``nodes`` (y, z) at so many metres from its first node.

    Within a hand's breadth of a hinge the normal turns gradually from the one section's to the other's.
    """
    steps = np.diff(nodes, axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    starts = np.concatenate([[0.0], np.cumsum(lengths)])
    points = np.column_stack([np.interp(along, starts, nodes[:, axis]) for axis in (0, 1)])
    normals = np.column_stack([-steps[:, 1], steps[:, 0]]) / lengths[:, None]
    middles = (starts[:-1] + starts[1:]) / 2
    near = np.clip(0.05, 0.0, lengths / 2)
    places = np.column_stack([starts[:-1] + near, middles, starts[1:] - near]).reshape(-1)
    smooth = np.column_stack([np.interp(along, places, np.repeat(normals[:, axis], 3)) for axis in (0, 1)])
    return points, smooth / np.linalg.norm(smooth, axis=1)[:, None]
