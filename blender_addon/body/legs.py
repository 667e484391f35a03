"""Measures of legs that several postures need."""

from __future__ import annotations

import numpy as np

from .contact import RestingBody


def ankle_height(body: RestingBody, side: str, turn: np.ndarray) -> float:
    """How high the ankle is over the floor when the foot, turned so, stands on it."""
    rows = body.rows(f"foot_{side}", f"ball_{side}")
    offset = body.rest[rows] - body.skeleton.heads[body.skeleton.index(f"foot_{side}")]
    return float(-(offset @ turn.T)[:, 2].min())


def leg_length(body: RestingBody, side: str) -> float:
    """From hip over knee to ankle, metres."""
    s = body.skeleton
    hip, knee, foot = (s.heads[s.index(f"{name}_{side}")] for name in ("thigh", "calf", "foot"))
    return float(np.linalg.norm(knee - hip) + np.linalg.norm(foot - knee))
