"""The skin under clothes, which is masked so that it never shows through."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..model import BodyModel
from . import footwear, headwear, patches
from .garment_shell import body_coordinates
from .head import head_frame
from .patterns import PATTERNS, under
from .reference import reference
from .specs import Attachment

_HIDDEN = 0.015  # skin deeper than this under a hat is masked, metres


def hidden_skin(model: BodyModel, rest: np.ndarray, kinds: tuple, attachments: Sequence[Attachment]) -> np.ndarray:
    """(h,) the asset's body vertices under garments ``kinds``, shoes, gloves, casts and hats, to be masked."""
    rows = [under_clothes(model, tuple(kind for kind in kinds if kind in PATTERNS))]
    rows += [footwear.covered(model, kind) for kind in kinds if kind in footwear.SHOES]
    if "gloves" in kinds:
        rows += [patches.covered(model, "glove", side) for side in ("l", "r")]
    rows += [patches.covered(model, spec.kind, spec.side) for spec in attachments if spec.kind in patches.PATCHES]
    rows += [_under_hat(model, rest, kind) for kind in kinds if kind in headwear.KINDS]
    hidden = np.zeros(len(model.vertices), dtype=bool)
    hidden[np.concatenate(rows)] = True
    # A face is masked when any of its corners is: keep one more ring, or the edge of the cloth shows a gap.
    faces = model.faces[model.group_faces("body")]
    hidden[np.unique(faces[~hidden[faces].all(axis=1)])] = False
    return np.flatnonzero(hidden)


def under_clothes(model: BodyModel, kinds: tuple) -> np.ndarray:
    """(n,) the asset's body vertices that lie under the garments of cloth ``kinds``, away from their edges.

    Under a skirt or coat these are pelvis and legs, except near its lower end, where a camera may look in.
    """
    rows = model.group_vertices("body")
    return rows[under(kinds, body_coordinates(model, rows)) > 0]


def _under_hat(model: BodyModel, rest: np.ndarray, kind: str) -> np.ndarray:
    body = model.group_vertices("body")
    body = body[reference(model).on_head[body] > 0.5]
    size, ear = head_frame(model, rest)
    x, y, z = ((rest[body] - ear) / size).T
    angle = np.arctan2(x, -(y - 0.012))
    if kind == "hijab":
        return body[headwear.beside_face(angle, z) > _HIDDEN]
    return body[z - headwear.rim_height(kind, angle) > _HIDDEN]
