"""The eyeballs."""

from __future__ import annotations

import numpy as np

from ..model import BodyModel
from . import mesh

WHITE, IRIS, PUPIL = range(3)


def eyes(model: BodyModel, rest: np.ndarray) -> mesh.MeshPart:
    """Both eyeballs; materials ``WHITE``, ``IRIS``, ``PUPIL``."""
    faces = np.concatenate([model.faces[model.group_faces(f"helper-{side}-eye")] for side in ("l", "r")])
    rows, local = np.unique(faces, return_inverse=True)
    local = local.reshape(-1, 4)
    points = rest[rows]
    material = np.full(len(local), WHITE)
    middle = points[local].mean(axis=1)
    for side in (middle[:, 0] > 0, middle[:, 0] <= 0):
        ball = points[np.unique(local[side])]
        centre, radius = ball.mean(axis=0), np.ptp(ball[:, 1]) / 2
        ahead = (centre[1] - middle[side, 1]) / radius
        material[side] = np.where(ahead > 0.93, PUPIL, np.where(ahead > 0.75, IRIS, WHITE))
    return mesh.MeshPart("eyes", points, local, model.bone_ids[rows], model.bone_weights[rows], material=material)
