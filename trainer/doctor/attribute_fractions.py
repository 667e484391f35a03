"""How frequent the values of attributes are in the records, beside the weights that the dataset's config requests."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional, TypeGuard

from shared_format.record_types import is_number

from .statistics import Statistics

# Where a setting's attribute is found in the records, if not under the last word of its name.
_RENAMED = {"people.count": "people", "room.kind": "room"}
_OF_A_ROLE = re.compile(r"people\.(?:(patient|staff|visitor)_(posture)|(face_mask|headwear)_(patient|staff|visitor))")
_OF_A_SEX = re.compile(r"people\.(hair)_(female|male)")
# Settings that do not apply to a role: staff are adults.
_WITHOUT = {"people.age_group": "staff"}
# Infrared cameras work in the dark: weights of light are those of all other images.
_OF_LIT_ROOMS = ("light.ceiling", "light.sun")
# Rooms, beds, ages, sexes or mounts decide these too, so the records need not have the requested fractions.
_DECIDED_ELSEWHERE_TOO = re.compile(
    r"people\.(role|cover|cover_to|beard|glasses|(patient|staff|visitor)_posture|(hair|headwear)_\w+)|camera\.lens"
)


@dataclass(frozen=True)
class AttributeFractions:
    """One attribute: the requested fraction of each value (they sum to 1), and how often each value occurs."""

    key: str
    requested: Mapping[str, float]
    occurrences: Counter[str]

    @property
    def is_binding(self) -> bool:
        """Whether only the requested fractions decide, so that the records should have them."""
        return _DECIDED_ELSEWHERE_TOO.fullmatch(self.key) is None

    @property
    def total(self) -> int:
        """Images or people counted."""
        return self.occurrences.total()

    def actual(self, value: str) -> float:
        """The fraction of the images or people that have ``value``."""
        return self.occurrences[value] / self.total if self.total else 0.0


def are_weights(value: Any) -> TypeGuard[dict[str, float]]:  # any value of a config
    """Whether a value of the config is a table of weights: numbers of 0 or more by name, not all of them 0."""
    if not isinstance(value, dict) or not all(is_number(weight) and weight >= 0 for weight in value.values()):
        return False
    return 0 < sum(map(float, value.values())) < math.inf


def attribute_fractions(config: Mapping[str, Any], statistics: Statistics) -> list[AttributeFractions]:
    """Every attribute that the config gives weights for and that the records name."""
    found: list[AttributeFractions] = []
    for key, weights in config.items():
        occurrences = _occurrences(key, statistics) if are_weights(weights) else None
        if occurrences:
            total = sum(weights.values())
            requested = {value: weight / total for value, weight in weights.items()}
            found.append(AttributeFractions(key, requested, occurrences))
    return found


def _occurrences(key: str, statistics: Statistics) -> Optional[Counter[str]]:
    if key in _OF_LIT_ROOMS:
        name = key.rpartition(".")[2]
        lit = [values[name] for sensor, values in statistics.of_sensor.items() if sensor not in ("", "infrared")]
        return sum(lit, Counter())
    of_a_role, of_a_sex = _OF_A_ROLE.fullmatch(key), _OF_A_SEX.fullmatch(key)
    if of_a_role:
        return statistics.person_attributes[of_a_role[1] or of_a_role[4]][of_a_role[2] or of_a_role[3]]
    if of_a_sex:
        return statistics.of_sex[of_a_sex[2]][of_a_sex[1]]
    name = _RENAMED.get(key, key.rpartition(".")[2])
    return statistics.image_attributes[name] or statistics.people(name, _WITHOUT.get(key, ""))
