"""MakeHuman's macro model: which shape targets a phenotype uses, and how strongly.

A phenotype is seven numbers in 0..1 (sex 0 female .. 1 male; age; weight; muscle; height; proportions 0
uncommon .. 1 ideal; and three parts of ethnicity), and ``details``, weights of single targets (a nose, a
belly, an expression). Each macro target's weight is the product of its factors, as in MakeHuman's
``macro.json``: along each axis two neighbouring anchors share the weight linearly.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import TypedDict

import numpy as np


class _Macros(TypedDict):
    sex: float
    age: float
    weight: float
    muscle: float
    height: float
    african: float
    asian: float
    caucasian: float


class Phenotype(_Macros, total=False):
    """The shape of a body, every number in 0..1 (see above).

    ``african``, ``asian`` and ``caucasian`` are normalised to sum 1; ``proportions`` act on an average build;
    ``details`` are weights of single targets.
    """

    proportions: float
    details: Mapping[str, float]


# Anchors along each axis, as (position, name).
_AGE = ((0.0, "baby"), (0.1875, "child"), (0.5, "young"), (1.0, "old"))
_MUSCLE = ((0.0, "minmuscle"), (0.5, "averagemuscle"), (1.0, "maxmuscle"))
_WEIGHT = ((0.0, "minweight"), (0.5, "averageweight"), (1.0, "maxweight"))
_HEIGHT = ((0.0, "minheight"), (0.5, ""), (1.0, "maxheight"))
_SEX = ((0.0, "female"), (1.0, "male"))
_PROPORTIONS = ((0.0, "uncommon"), (0.5, ""), (1.0, "ideal"))

# Years at the age anchors; MakeHuman counts 1, 10, 25 and 90 years.
_AGE_YEARS = ((0.0, 1.0), (0.1875, 10.0), (0.5, 25.0), (1.0, 90.0))


# Years of life, and the years on MakeHuman's axis at which its bodies are as tall: medians of the WHO's growth
# references (2006, 2007) in relation to adults. Its children are otherwise 10 to 20 % too small for their age.
_GROWN_AT = (1.0, 3.0, 5.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0, 25.0, 90.0)
_AS_TALL_AT = (1.0, 5.25, 7.1, 9.25, 11.6, 16.9, 21.1, 23.9, 25.0, 25.0, 90.0)


def age_from_years(years: float, by_growth: bool = False) -> float:
    """Years of life -> MakeHuman's age axis in 0..1, clipped to 1..90 years.

    ``by_growth`` gives children the stature and the proportions of their age.
    """
    years = min(max(years, 1.0), 90.0)
    if by_growth:
        years = float(np.interp(years, _GROWN_AT, _AS_TALL_AT))
    for (low, low_years), (high, high_years) in itertools.pairwise(_AGE_YEARS):
        if years <= high_years:
            return low + (high - low) * (years - low_years) / (high_years - low_years)
    raise AssertionError("unreachable: years are clipped to the last anchor")


def target_weights(phenotype: Phenotype) -> dict[str, float]:
    """Return the shape targets that a phenotype uses, and their weights, all above 0."""
    sex = _between(_SEX, phenotype["sex"])
    age = _between(_AGE, phenotype["age"])
    muscle = _between(_MUSCLE, phenotype["muscle"])
    weight = _between(_WEIGHT, phenotype["weight"])
    height = _between(_HEIGHT, phenotype["height"])
    ethnicity = {
        "african": phenotype["african"],
        "asian": phenotype["asian"],
        "caucasian": phenotype["caucasian"],
    }
    proportions = _between(_PROPORTIONS, phenotype.get("proportions", 0.5))
    total = sum(ethnicity.values())
    result: dict[str, float] = dict(phenotype.get("details", {}))
    for s, s_share in sex.items():
        for a, a_share in age.items():
            for p, p_share in proportions.items():
                if p and a != "baby":
                    result[f"{s}-{a}-averagemuscle-averageweight-{p}proportions"] = s_share * a_share * p_share
            for e, e_share in ethnicity.items():
                result[f"{e}-{s}-{a}"] = s_share * a_share * e_share / total
            for m, m_share in muscle.items():
                for w, w_share in weight.items():
                    product = s_share * a_share * m_share * w_share
                    result[f"universal-{s}-{a}-{m}-{w}"] = product
                    for h, h_share in height.items():
                        if h:
                            result[f"{s}-{a}-{m}-{w}-{h}"] = product * h_share
    return {name: value for name, value in result.items() if value > 0}


def _between(anchors: tuple[tuple[float, str], ...], value: float) -> dict[str, float]:
    for (low, low_name), (high, high_name) in itertools.pairwise(anchors):
        if value <= high:
            share = (value - low) / (high - low)
            return {name: part for name, part in ((low_name, 1 - share), (high_name, share)) if part > 0}
    raise ValueError(f"macro value {value} is outside 0..1")
