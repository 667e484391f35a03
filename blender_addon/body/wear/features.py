"""Which vertices are lips, brows, lids, cheeks ...: those that the shape targets of that feature move."""

from __future__ import annotations

import functools

import numpy as np

from ..model import BodyModel

# feature -> targets that move its vertices and little else.
_TARGETS = {
    "lips": ("mouth-upperlip-volume-incr", "mouth-lowerlip-volume-incr"),
    "brows": ("eyebrows-trans-up",),
    "lids": ("eye-closure",),
    "cheeks": ("cheek-volume-incr", "cheek-inner-incr"),
    "nose": ("nose-volume-incr", "nose-point-width-incr"),
    "ears": ("ear-scale-incr",),
    "eye_bags": ("eye-bag-incr",),
}


@functools.lru_cache(maxsize=16)
def feature(model: BodyModel, name: str) -> np.ndarray:
    """(V,) 0..1: how much a vertex belongs to a feature of the face, 1 where its targets move most."""
    total = np.zeros(len(model.vertices))
    for target in _TARGETS[name]:
        row = model.target_rows[target]
        part = slice(model.target_starts[row], model.target_starts[row + 1])
        moved = np.linalg.norm(model.target_offsets[part].astype(float), axis=1)
        total[model.target_vertices[part]] += moved / moved.max()
    return np.clip(total, 0, 1)


def centre_of(model: BodyModel, rest: np.ndarray, name: str) -> np.ndarray:
    """(3,) the middle of a feature on a body."""
    weight = feature(model, name)
    return (rest * weight[:, None]).sum(axis=0) / weight.sum()
