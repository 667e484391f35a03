"""The colour of the skin at every vertex: tone, redness, lips, brows, stubble, shorn hair, the marks of age."""

from __future__ import annotations

import functools
from typing import Union

import numpy as np

from ..model import BodyModel
from . import mesh
from .face_details import hollows, lid_edges
from .facewear import beard_extent
from .features import centre_of, feature
from .hair import hairline
from .head import head_frame
from .reference import reference
from .specs import Colour, Look

# How much of the skin below hair has its colour, where that is not nearly all.
_SCALP = {"buzz": 0.9, "crown-bald": 0.5, "thinning": 0.25}
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def complexion(model: BodyModel, rest: np.ndarray, look: Look) -> np.ndarray:
    """(b, 3) linear RGB of the body's vertices (in the order of the group "body") for a ``LookSpec``."""
    rows = model.group_vertices("body")
    tone = np.asarray(look.skin_rgb)
    colour = np.repeat(tone[None], len(rows), axis=0)
    light = float(np.clip((tone @ _LUMINANCE) / 0.35, 0.15, 1))
    blood = tone * [1.02, 0.70, 0.70] + np.array([0.012, 0.0, 0.0]) * light  # skin with more blood under it
    flush = look.redness * _flushed(model)[rows]
    colour = _mixed(colour, blood, 0.7 * flush if look.face_detail else flush)
    palm = np.minimum(tone * [1.25, 1.18, 1.15] + 0.04, 0.65)
    colour = _mixed(colour, palm, 0.75 * (1 - light) * _palms(model)[rows])
    lips = tone * [0.86, 0.50, 0.48] + np.array([0.030, 0.004, 0.006]) * light
    colour = _mixed(colour, lips, 0.85 * feature(model, "lips")[rows] ** (0.5 if look.face_detail else 0.7))
    shadow = tone * [0.72, 0.66, 0.70]
    colour = _mixed(colour, shadow, 0.5 * look.age_marks * feature(model, "eye_bags")[rows])
    colour = _mixed(colour, shadow, 0.35 * feature(model, "lids")[rows] * (1 - feature(model, "brows")[rows]))
    brows = (0.45 if look.face_detail else 1.0) * look.brows  # hairs of their own lie on them
    colour = _mixed(colour, look.brow_rgb, _brows(model)[rows] * brows)
    if look.face_detail:
        colour = _mixed(colour, tone * [0.42, 0.30, 0.30], 0.75 * hollows(model)[rows])
        colour = _mixed(colour, (0.012, 0.009, 0.008), 0.65 * lid_edges(model)[rows])
    return _mixed_hair(model, rest, look, colour, rows)


def _mixed(colour: np.ndarray, other: Union[np.ndarray, Colour], share: np.ndarray) -> np.ndarray:
    return colour + np.clip(share, 0, 1)[:, None] * (np.asarray(other) - colour)


def _mixed_hair(model: BodyModel, rest: np.ndarray, look: Look, colour: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Scalp under hair, shorn hair, and the shadow of a beard."""
    size, ear = head_frame(model, rest)
    on_head = reference(model).on_head[rows]
    x, y, z = ((rest[rows] - ear) / size).T
    angle = np.arctan2(x, -(y - 0.012))
    if look.hair != "bald":
        above = np.where(on_head > 0.3, z - hairline(look.hair, angle), -1.0)
        is_ear = feature(model, "ears")[rows] > 0.25
        strength = _SCALP.get(look.hair, 0.85)
        above = np.where(is_ear, -1.0, above)
        colour = _mixed(
            colour, 0.75 * np.asarray(look.hair_rgb) + 0.25 * colour.mean(axis=0), strength * _ramp(above, 0.014)
        )
    if look.beard != "none":
        kind = "full-beard" if look.beard == "stubble" else look.beard
        mouth = (centre_of(model, rest, "lips")[2] - ear[2]) / size
        below = np.where(on_head > 0.3, beard_extent(kind, angle, z, mouth), -1.0)
        below = np.where(feature(model, "lips")[rows] > 0.35, -1.0, below)
        colour = _mixed(colour, look.beard_rgb, (0.42 if look.beard == "stubble" else 0.8) * _ramp(below, 0.012))
    return colour


def _ramp(value: np.ndarray, width: float) -> np.ndarray:
    return np.clip(value / width, 0, 1)


@functools.lru_cache(maxsize=1)
def _flushed(model: BodyModel) -> np.ndarray:
    """(V,) 0..1 where blood shows: cheeks, nose, ears, elbows, knees, hands and feet."""
    ref = reference(model)
    total = 0.8 * feature(model, "cheeks") + 0.8 * feature(model, "nose") + 0.7 * feature(model, "ears")
    total = total + 0.6 * np.exp(-(((ref.arm - 0.245) / 0.03) ** 2)) * (ref.rest[:, 1] > -0.03)
    total = total + 0.5 * np.exp(-(((ref.rest[:, 2] - 0.49) / 0.045) ** 2)) * (ref.on_leg > 0.5) * (
        ref.rest[:, 1] < -0.04
    )
    fingers = np.clip((np.where(ref.arm < 5, ref.arm, 0) - 0.50) / 0.10, 0, 1)
    toes = np.clip((-ref.rest[:, 1] - 0.10) / 0.08, 0, 1) * (ref.rest[:, 2] < 0.08)
    return np.clip(total + 0.55 * fingers + 0.5 * toes, 0, 1)


@functools.lru_cache(maxsize=1)
def _palms(model: BodyModel) -> np.ndarray:
    """(V,) 0..1 palms and soles."""
    ref = reference(model)
    outward = mesh.normals(ref.rest, model.faces[model.group_faces("body")].astype(np.int64))
    hand = np.where(ref.arm < 5, np.clip((ref.arm - 0.49) / 0.02, 0, 1), 0)
    inwards = -outward[:, 0] * np.sign(ref.rest[:, 0]) - outward[:, 2]
    return hand * np.clip(0.6 * inwards + 0.2, 0, 1) + (ref.rest[:, 2] < 0.02) * np.clip(-outward[:, 2], 0, 1)


@functools.lru_cache(maxsize=1)
def _brows(model: BodyModel) -> np.ndarray:
    """(V,) 0..1 the hair of the eyebrows."""
    ref = reference(model)
    _, ear = head_frame(model, ref.rest)
    eye = ref.rest[model.group_vertices("helper-l-eye")].mean(axis=0)
    x, z = np.abs(ref.rest[:, 0]) - eye[0], ref.rest[:, 2] - eye[2]
    line = 0.0215 - 9.0 * np.maximum(x - 0.006, 0) ** 2 * 3 + 0.06 * np.minimum(x, 0)
    thick = 0.0052 - 0.10 * np.maximum(x, 0)
    across = np.clip(1.25 - np.abs((z - line) / thick), 0, 1)
    within = np.clip((x + 0.023) / 0.006, 0, 1) * np.clip((0.027 - x) / 0.008, 0, 1)
    return across * within * (ref.rest[:, 1] < ear[1] - 0.03) * (ref.on_head > 0.5)
