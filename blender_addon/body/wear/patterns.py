"""Sewing patterns: the cut of every garment, in metres on the reference body (1.66 m tall).

A pattern says where the garment ends; ``inside`` turns it into one number per vertex, the metres to the
nearest edge, positive where there is cloth. Heights are above the soles (ankle 0.07, knee 0.475, crotch 0.80);
arms are measured along the limb from the shoulder joint (elbow 0.24, wrist 0.48).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from .garment_shell import BodyCoordinates

WAIST = 1.0
_JOIN = WAIST - 0.02  # the upper part overlaps the part that hangs from the waist
_SHOULDER_AXIS_Y = -0.005
_FAR = 1.0
_UNDER = 0.03  # skin or cloth deeper than this under a layer is removed, metres
_HIDDEN_UNDER_SKIRT = 0.12  # metres above a skirt's lower end: below this, legs can be seen


@dataclass(frozen=True)
class Pattern:
    """The cut of one garment.

    Attributes:
        neck: the neckline of what covers the trunk: "crew", "v", "wide", "high"; "" begins at the waist.
        sleeve: metres along the arm; 0 has no sleeves.
        hem: height where the part on the body ends (above the crotch, 0.80).
        waist: height where trousers begin.
        leg: height where the legs of trousers end.
        foot: height below which socks cover the foot.
        skirt: height of the lower end of what hangs from the waist, 0 without.
        opening: half the width in metres of a front left open, negative where it is closed.
        trunk, hips, upper_sleeve, cuff, thigh, ankle: ease, metres between this layer and the one below.
        hang: how freely the trunk hangs, 0 (clings) to 1 (straight down from where it is widest).
        flare: how much wider a skirt is per metre down.
        folds: depth of the folds in metres.
        smooth: how often the cloth is evened out, so that it spans hollows.
        collar: height in metres of a collar, 0 without.
    """

    neck: str = ""
    sleeve: float = 0.0
    hem: float = 0.0
    waist: float = 0.0
    leg: float = 0.0
    foot: float = 0.0
    skirt: float = 0.0
    opening: float = -1.0
    trunk: float = 0.008
    hips: float = 0.010
    upper_sleeve: float = 0.010
    cuff: float = 0.014
    thigh: float = 0.012
    ankle: float = 0.020
    hang: float = 0.7
    flare: float = 0.0
    folds: float = 0.004
    smooth: int = 14
    collar: float = 0.0


_TOP = Pattern(neck="crew", sleeve=0.2, hem=0.865)
_TROUSERS = Pattern(waist=1.0, leg=0.085, trunk=0.006, hang=0.0, folds=0.003)
_COAT = Pattern(
    neck="v", sleeve=0.49, hem=_JOIN, skirt=0.5, trunk=0.014, hips=0.016, upper_sleeve=0.016, cuff=0.024, hang=0.9,
    flare=0.10, folds=0.006, collar=0.035,
)  # fmt: skip

PATTERNS: Mapping[str, Pattern] = {
    "gown": Pattern(
        neck="wide", sleeve=0.22, hem=_JOIN, skirt=0.40, trunk=0.016, upper_sleeve=0.02, cuff=0.035, hang=0.95,
        flare=0.07, folds=0.009,
    ),
    "pyjama-top": replace(_TOP, sleeve=0.47, hem=0.845, trunk=0.014, hips=0.018, cuff=0.02, collar=0.03, hang=0.9),
    "pyjama-trousers": replace(_TROUSERS, thigh=0.022, ankle=0.034, folds=0.006),
    "scrub-top": replace(
        _TOP, neck="v", sleeve=0.19, hem=0.84, trunk=0.016, hips=0.022, upper_sleeve=0.018, cuff=0.032, hang=0.95
    ),
    "scrub-trousers": replace(_TROUSERS, thigh=0.022, ankle=0.032, folds=0.006),
    "lab-coat": replace(_COAT, opening=-1.0),
    "lab-coat-open": replace(_COAT, opening=0.05),
    "isolation-gown": replace(_COAT, neck="high", skirt=0.36, collar=0.0, trunk=0.018, cuff=0.012, folds=0.009),
    "t-shirt": replace(_TOP, sleeve=0.17, cuff=0.02, trunk=0.010),
    "polo-shirt": replace(_TOP, sleeve=0.17, cuff=0.018, collar=0.03),
    "shirt": replace(_TOP, sleeve=0.485, hem=0.85, collar=0.035, trunk=0.012, cuff=0.008, upper_sleeve=0.014),
    "blouse": replace(_TOP, neck="v", sleeve=0.36, hem=0.85, trunk=0.010, cuff=0.016),
    "jumper": replace(_TOP, sleeve=0.49, hem=0.87, trunk=0.014, hips=0.012, upper_sleeve=0.012, cuff=0.010,
    folds=0.007),
    "cardigan": replace(_TOP, neck="v", sleeve=0.48, hem=0.845, opening=0.03, trunk=0.014, upper_sleeve=0.014,
    hang=0.9),
    "jacket": replace(
        _TOP, neck="crew", sleeve=0.495, hem=0.84, opening=0.02, trunk=0.022, hips=0.022, upper_sleeve=0.022,
        cuff=0.02, hang=0.95, folds=0.009, collar=0.04,
    ),
    "tunic": Pattern(
        neck="crew", sleeve=0.48, hem=_JOIN, skirt=0.45, trunk=0.014, upper_sleeve=0.014, cuff=0.02, hang=0.9,
        flare=0.16,
    ),
    "dress": Pattern(neck="crew", sleeve=0.15, hem=_JOIN, skirt=0.48, trunk=0.007, hang=0.5, flare=0.22, folds=0.007),
    "abaya": Pattern(
        neck="high", sleeve=0.49, hem=_JOIN, skirt=0.08, trunk=0.016, upper_sleeve=0.02, cuff=0.04, hang=0.95,
        flare=0.08,
        folds=0.010,
    ),
    "skirt": Pattern(waist=1.01, hem=0.975, skirt=0.42, trunk=0.006, hang=0.6, flare=0.16, folds=0.007),
    "long-skirt": Pattern(waist=1.01, hem=0.975, skirt=0.12, trunk=0.006, hang=0.6, flare=0.11, folds=0.009),
    "trousers": _TROUSERS,
    "jeans": replace(_TROUSERS, thigh=0.007, ankle=0.012, leg=0.075),
    "shorts": replace(_TROUSERS, leg=0.52, thigh=0.018, ankle=0.024),
    "socks": Pattern(foot=0.20, trunk=0.003, thigh=0.003, ankle=0.003, hang=0.0, folds=0.0, smooth=2),
}  # fmt: skip


def inside(pattern: Pattern, at: BodyCoordinates) -> np.ndarray:
    """(n,) metres from the nearest edge of the part on the body, positive where there is cloth."""
    if pattern.foot:
        return np.where(at.on_leg > 0.5, pattern.foot - at.z, -_FAR)
    on_arm = at.arm < 5
    if pattern.waist:
        trunk = pattern.waist - at.z
        if pattern.leg:
            return np.where(on_arm, -_FAR, np.minimum(trunk, at.z - pattern.leg))
        return np.where(on_arm, -_FAR, np.minimum(trunk, at.z - pattern.hem))
    arm = np.where(on_arm, (pattern.sleeve or 0.012) - at.arm, _FAR)
    below = np.where(on_arm & (at.on_arm > 0.3), _FAR, at.z - pattern.hem)
    result = np.minimum(np.minimum(arm, below), neckline(pattern.neck, at))
    if pattern.opening >= 0:
        front = at.y < 0.0
        result = np.where(front, np.minimum(result, np.abs(at.x) - pattern.opening), result)
    return result


def under(kinds: tuple, at: BodyCoordinates) -> np.ndarray:
    """(n,) positive where a place is surely hidden under one of the garments ``kinds``."""
    hidden = np.full(len(at.z), -1.0)
    for kind in kinds:
        pattern = PATTERNS[kind]
        hidden = np.maximum(hidden, inside(pattern, at) - _UNDER)
        if pattern.skirt:
            below = np.minimum(at.z - pattern.skirt - _HIDDEN_UNDER_SKIRT, WAIST + 0.05 - at.z)
            if pattern.opening >= 0:
                below = np.minimum(below, at.y - 0.01)
            hidden = np.maximum(hidden, np.where((at.on_arm > 0.02) | (at.arm < 5), -1.0, below))
    return hidden


# Necklines: height at the side of the neck, and how far from the middle they are on the shoulder, metres.
_NECKS = {"crew": (1.395, 0.078), "v": (1.385, 0.082), "wide": (1.375, 0.10), "high": (1.425, 0.07)}


def neckline(neck: str, at: BodyCoordinates) -> np.ndarray:
    """(n,) metres below a neckline, negative on the neck above it."""
    slope = 0.30 if neck == "high" else 0.5  # low in front, high behind
    below = _NECKS[neck][0] + slope * (at.y - _SHOULDER_AXIS_Y) - at.z
    side = np.abs(at.x) / _NECKS[neck][1]
    result = (below + 0.05 * side**4) / np.hypot(1.0, 4 * 0.05 * side**3 / _NECKS[neck][1])  # it rises to the shoulder
    if neck == "v":
        opening = 1.255 + 1.75 * np.abs(at.x) - at.z
        result = np.where(at.y < 0.0, np.minimum(result, 0.5 * opening), result)
    return np.where((at.z < 1.2) | (at.arm < 5) & (at.arm > 0.05), _FAR, result)


def ease(pattern: Pattern, at: BodyCoordinates) -> np.ndarray:
    """(n,) metres the cloth stands off the layer below it."""
    hips = np.clip((1.0 - at.z) / 0.12, 0, 1)
    result = pattern.trunk + (pattern.hips - pattern.trunk) * hips
    end = pattern.sleeve or 0.1
    sleeve = pattern.upper_sleeve + (pattern.cuff - pattern.upper_sleeve) * np.clip(at.arm / end, 0, 1) ** 1.5
    result = result + at.on_arm * (np.where(at.arm < 5, sleeve, pattern.trunk) - result)
    on_shoulder = np.exp(-((np.where(at.arm < 5, at.arm, 9.0) / 0.09) ** 2)) + np.clip((at.z - 1.30) / 0.05, 0, 1)
    result = result * (1 - 0.6 * np.minimum(on_shoulder * (at.z > 1.2), 1))  # cloth rests on the shoulders
    leg = pattern.thigh + (pattern.ankle - pattern.thigh) * np.clip((at.leg - 0.1) / 0.6, 0, 1)
    return result + at.on_leg * np.clip((0.86 - at.z) / 0.1, 0, 1) * (leg - result)
