"""Sampling a person's identity: sex, age, shape of body and face, skin, hair, eyes."""

from __future__ import annotations

from typing import NamedTuple

from ..body.macros import Phenotype, age_from_years
from .colour import linear_from_hex
from .config import MONK_TONES
from .spec import LookSpec
from .streams import RandomStream
from .value_types import Colour, Config, Pick

# The Monk skin tone scale (E. Monk, Google, 2022), display sRGB.
_MONK_SRGB = dict(
    zip(
        MONK_TONES,
        ("f6ede4", "f3e7db", "f7ead0", "eadaba", "d7bd96", "a07e56", "825c43", "604134", "3a312a", "292420"),
    )
)
_AGE_YEARS = {"child": (3.0, 16.0), "adult": (18.0, 64.0), "old": (65.0, 97.0)}
_WEIGHT = {"low": (0.08, 0.32), "normal": (0.40, 0.60), "high": (0.72, 1.0)}
_HAIR = (
    (0.006, 0.005, 0.005), (0.012, 0.008, 0.006), (0.028, 0.015, 0.009), (0.065, 0.033, 0.016), (0.13, 0.07, 0.03),
    (0.28, 0.18, 0.08), (0.42, 0.30, 0.15), (0.16, 0.045, 0.016), (0.11, 0.02, 0.012),
)  # fmt: skip
_GREY = ((0.14, 0.135, 0.13), (0.26, 0.255, 0.25), (0.42, 0.41, 0.40), (0.62, 0.61, 0.59))
_EYES = ((0.03, 0.015, 0.008), (0.06, 0.03, 0.012), (0.09, 0.055, 0.02), (0.09, 0.15, 0.22), (0.08, 0.12, 0.08))

# Hairstyles that no child has, and what they have instead.
_OF_CHILDREN = {
    "bald": "short", "receding": "tousled", "crown-bald": "short", "thinning": "short", "bun": "ponytail",
}  # fmt: skip

# Axes along which faces differ: pairs of shape targets that shrink and enlarge the same feature.
_FACE = (
    ("head-fat-decr", "head-fat-incr"), ("head-scale-horiz-decr", "head-scale-horiz-incr"),
    ("head-scale-vert-decr", "head-scale-vert-incr"), ("head-back-scale-depth-decr", "head-back-scale-depth-incr"),
    ("nose-scale-horiz-decr", "nose-scale-horiz-incr"), ("nose-scale-vert-decr", "nose-scale-vert-incr"),
    ("nose-hump-decr", "nose-hump-incr"), ("nose-volume-decr", "nose-volume-incr"), ("nose-point-down",
    "nose-point-up"),
    ("nose-width2-decr", "nose-width2-incr"), ("mouth-scale-horiz-decr", "mouth-scale-horiz-incr"),
    ("mouth-lowerlip-volume-decr", "mouth-lowerlip-volume-incr"),
    ("mouth-upperlip-volume-decr", "mouth-upperlip-volume-incr"), ("mouth-angles-down", "mouth-angles-up"),
    ("chin-width-decr", "chin-width-incr"), ("chin-height-decr", "chin-height-incr"),
    ("chin-prominent-decr", "chin-prominent-incr"), ("chin-bones-decr", "chin-bones-incr"),
    ("cheek-volume-decr", "cheek-volume-incr"), ("cheek-bones-decr", "cheek-bones-incr"),
    ("ear-scale-decr", "ear-scale-incr"), ("ear-wing-decr", "ear-wing-incr"), ("eye-scale-decr", "eye-scale-incr"),
    ("eye-trans-in", "eye-trans-out"), ("eyebrows-angle-down", "eyebrows-angle-up"),
    ("forehead-temple-decr", "forehead-temple-incr"), ("neck-scale-horiz-decr", "neck-scale-horiz-incr"),
)  # fmt: skip
_HEAD_SHAPES = ("head-oval", "head-round", "head-square", "head-rectangular", "head-triangular", "head-diamond")
_BUILD = (
    ("torso-vshape-decr", "torso-vshape-incr"), ("measure-hips-circ-decr", "measure-hips-circ-incr"),
    ("measure-shoulder-dist-decr", "measure-shoulder-dist-incr"), ("stomach-tone-incr", "stomach-tone-decr"),
    ("buttocks-volume-decr", "buttocks-volume-incr"), ("torso-scale-vert-decr", "torso-scale-vert-incr"),
)  # fmt: skip
_EXPRESSIONS: tuple[dict[str, float], ...] = (
    {}, {}, {}, {"mouth-corner-puller": 0.5}, {"mouth-corner-puller": 0.8, "mouth-parling": 0.3}, {"mouth-open": 0.35},
    {"mouth-open": 0.2, "eyebrows-up": 0.4}, {"eyebrows-down": 0.6, "mouth-retraction": 0.4},
    {"eyebrows-inner-up": 0.6},
    {"mouth-compression": 0.5}, {"eye-slit": 0.4},
)  # fmt: skip


class Identity(NamedTuple):
    """The fields of a ``PersonSpec`` that do not depend on the person's activity."""

    sex: str
    age_years: float
    phenotype: Phenotype
    look: LookSpec


def pick_age(pick: Pick, role: str) -> str:
    """Choose the age group; staff are adults."""
    return "adult" if role == "staff" else pick("people.age_group")


def draw_identity(config: Config, pick: Pick, stream: RandomStream, role: str, in_bed: bool) -> Identity:
    """Sample a person's identity; people who are ``in_bed`` may have their eyes closed."""
    sex, tone = pick("people.sex"), pick("people.skin_tone")
    group = pick_age(pick, role)
    years = stream.uniform(*_AGE_YEARS[group])
    eyes = "closed" if in_bed and stream.unit() < config["people.asleep_share"] else "open"
    phenotype = _phenotype(config, stream, sex, years, tone, pick("people.bmi_group"))
    phenotype["details"] = {**phenotype.get("details", {}), **_expression(stream, eyes)}
    return Identity(sex, years, phenotype, _look(config, pick, stream, sex, group, years, tone, eyes))


def _phenotype(config: Config, stream: RandomStream, sex: str, years: float, tone: str, bmi_group: str) -> Phenotype:
    dimorphism = stream.uniform(0.75, 1.0)
    ethnicity = [stream.unit() ** 2 + 0.02 for _ in range(3)]
    weight = stream.uniform(*_WEIGHT[bmi_group])
    build = min(max(stream.normal(0.5 if years < 65 else 0.38, 0.16), 0.05), 0.95)
    phenotype: Phenotype = {
        "sex": dimorphism if sex == "male" else 1.0 - dimorphism,
        "age": age_from_years(years, config["people.child_growth"]),
        "weight": weight,
        "muscle": build,
        "height": min(max(stream.normal(0.5, 0.05), 0.35), 0.65),
        "proportions": stream.uniform(0.25, 0.9),
        "african": ethnicity[0] + (0.9 if tone >= "monk-08" else 0.0),
        "asian": ethnicity[1],
        "caucasian": ethnicity[2] + (0.9 if tone <= "monk-03" else 0.0),
    }
    details = {**_varied(stream, _FACE, 0.34), **_varied(stream, _BUILD, 0.3)}
    details[stream.choice(_HEAD_SHAPES)] = stream.uniform(0.0, 0.6)
    aged = min(max((years - 50.0) / 40.0, 0.0), 1.0)
    if aged:
        details["head-age-incr"] = 0.7 * aged
        details["eye-bag-incr"] = 0.6 * aged
        details["breast-trans-down"] = 0.5 * aged
    if weight > 0.8:
        details["neck-double-incr"] = 2.5 * (weight - 0.8)
    if sex == "female" and years >= 15.0:
        cup, amount = stream.choice(("min", "max")), stream.uniform(0.0, 0.6)
        details[f"female-young-averagemuscle-averageweight-{cup}cup-averagefirmness"] = amount
    pregnant = stream.unit() < config["people.pregnant_share"]
    if pregnant and sex == "female" and 18.0 <= years <= 45.0:
        details["stomach-pregnant-incr"] = stream.uniform(0.6, 1.0)
    phenotype["details"] = details
    return phenotype


def _varied(stream: RandomStream, axes: tuple[tuple[str, str], ...], deviation: float) -> dict[str, float]:
    """Sample every axis between its two targets; small amounts are left out."""
    drawn = ((axis, min(max(stream.normal(0.0, deviation), -0.8), 0.8)) for axis in axes)
    return {axis[amount > 0]: abs(amount) for axis, amount in drawn if abs(amount) > 0.1}


def _expression(stream: RandomStream, eyes: str) -> dict[str, float]:
    expression, strength = stream.choice(_EXPRESSIONS), stream.uniform(0.6, 1.2)
    if eyes == "closed":
        mouth = {"mouth-open": stream.uniform(0.0, 0.25)}
        return {**mouth, "eye-closure": 1.0}
    return {name: min(amount * strength, 1.0) for name, amount in expression.items()}


def _look(
    config: Config, pick: Pick, stream: RandomStream, sex: str, group: str, years: float, tone: str, eyes: str
) -> LookSpec:
    dark = tone >= "monk-07"
    natural = stream.choice(_HAIR[: 3 if dark else 4 if tone >= "monk-05" else None])
    grey_from = stream.uniform(38.0, 80.0)
    greyness = min(max((years - grey_from) / 18.0, 0.0), 1.0)
    grey = stream.choice(_GREY)
    style = pick(f"people.hair_{sex}")
    if group == "child":
        style = _OF_CHILDREN.get(style, style)
    beard = pick("people.beard") if sex == "male" and years >= 19.0 else "none"
    brightness = stream.uniform(0.92, 1.06)
    warmth = stream.uniform(-0.03, 0.03)
    albedo = skin_albedo(tone)
    return LookSpec(
        skin_tone=tone,
        skin_rgb=(albedo[0] * brightness * (1 + warmth), albedo[1] * brightness, albedo[2] * brightness * (1 - warmth)),
        redness=stream.uniform(0.35, 1.0),
        age_marks=min(max((years - 35.0) / 50.0 + stream.uniform(-0.15, 0.15), 0.05), 1.0),
        hair=style,
        hair_rgb=_mixed(natural, grey, greyness),
        hair_phase=stream.unit(),
        beard=beard,
        beard_rgb=_mixed(natural, grey, min(greyness * 1.2, 1.0)),
        brows=stream.uniform(0.55, 0.95),
        brow_rgb=_brow_colour(natural, grey, greyness),
        eye_rgb=stream.choice(_EYES[: 2 if dark else None]),
        eyes=eyes,
        hair_locks=config["people.hair_locks"],
        face_detail=config["people.face_detail"],
        draped_clothes=config["people.draped_clothes"],
    )


def _mixed(natural: Colour, grey: Colour, greyness: float) -> Colour:
    red, green, blue = (a + greyness * (b - a) for a, b in zip(natural, grey))
    return red, green, blue


def _brow_colour(natural: Colour, grey: Colour, greyness: float) -> Colour:
    """The colour of the eyebrows: darker than the hair, and with half as much grey."""
    red, green, blue = (0.7 * a + 0.7 * greyness * 0.5 * (b - a) for a, b in zip(natural, grey))
    return red, green, blue


def skin_albedo(tone: str) -> Colour:
    """The linear albedo of a Monk tone: darker and redder than the displayed swatch, and never black."""
    swatch = linear_from_hex(_MONK_SRGB[tone])
    return 0.036 + 0.60 * swatch[0], 0.022 + 0.455 * swatch[1], 0.016 + 0.40 * swatch[2]
