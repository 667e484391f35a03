"""Measurements of legs that several postures need."""

from __future__ import annotations

import numpy as np

from .contact import RestingBody


def ankle_height(body: RestingBody, side: str, turn: np.ndarray) -> float:
    """The height of the ankle over the floor when the foot, turned by ``turn`` (3x3), stands on it."""
    rows = body.rows(f"foot_{side}", f"ball_{side}")
    offset = body.rest[rows] - body.skeleton.heads[body.skeleton.index(f"foot_{side}")]
    return float(-(offset @ turn.T)[:, 2].min())


def leg_length(body: RestingBody, side: str) -> float:
    """The length from hip over knee to ankle, metres."""
    s = body.skeleton
    hip, knee, foot = (s.heads[s.index(f"{name}_{side}")] for name in ("thigh", "calf", "foot"))
    return float(np.linalg.norm(knee - hip) + np.linalg.norm(foot - knee))
