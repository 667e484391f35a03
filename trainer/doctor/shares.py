"""The shares of attributes that a dataset's config asked for, beside those its records have."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared_format.record_types import is_number

from .statistics import Tally

# Where a share of the config is found in the records, if not as the attribute of its own name.
_RENAMED = {"people.count": "people", "room.kind": "room"}
_OF_A_ROLE = re.compile(r"people\.(?:(patient|staff|visitor)_(posture)|(face_mask|headwear)_(patient|staff|visitor))")
_OF_A_SEX = re.compile(r"people\.(hair)_(female|male)")
# Shares that a role does not take part in: staff are adults.
_WITHOUT = {"people.age_group": "staff"}
# Infrared cameras work in the dark: shares of light are those of colour images.
_OF_COLOUR = ("light.ceiling", "light.sun")
# What rooms, beds, ages, sexes or mounts decide too; what the records have is not to be held against the config.
_GIVES_WAY = re.compile(
    r"people\.(role|cover|cover_to|beard|glasses|(patient|staff|visitor)_posture|(hair|headwear)_\w+)|camera\.lens"
)


@dataclass(frozen=True)
class Share:
    """One attribute: wanted shares by value (summing to 1), and how often each value was obtained."""

    key: str
    wanted: Mapping[str, float]
    obtained: Counter

    @property
    def gives_way(self) -> bool:
        """Whether something else decides too, so that the wanted shares are not to be expected."""
        return _GIVES_WAY.fullmatch(self.key) is not None

    @property
    def total(self) -> int:
        """Images or people counted."""
        return sum(self.obtained.values())

    def share(self, value: str) -> float:
        """The obtained share of a value."""
        return self.obtained[value] / self.total if self.total else 0.0


def are_shares(value: Any) -> bool:
    """Whether a value of the config is a table of shares: numbers from 0 on by name, not all of them 0."""
    if not isinstance(value, dict) or not all(is_number(share) and share >= 0 for share in value.values()):
        return False
    return 0 < sum(map(float, value.values())) < math.inf


def shares(config: Mapping, tally: Tally) -> list:
    """Every attribute that the config gives shares for and the records name, as ``Share``."""
    found = []
    for key, wanted in config.items():
        obtained = _obtained(key, tally) if are_shares(wanted) else None
        if obtained:
            total = sum(wanted.values())
            found.append(Share(key, {value: share / total for value, share in wanted.items()}, obtained))
    return found


def _obtained(key: str, tally: Tally) -> Counter:
    if key in _OF_COLOUR:
        return tally.of_sensor["rgb"][key.rpartition(".")[2]]
    of_a_role, of_a_sex = _OF_A_ROLE.fullmatch(key), _OF_A_SEX.fullmatch(key)
    if of_a_role:
        return tally.person_attributes[of_a_role[1] or of_a_role[4]][of_a_role[2] or of_a_role[3]]
    if of_a_sex:
        return tally.of_sex[of_a_sex[2]][of_a_sex[1]]
    name = _RENAMED.get(key, key.rpartition(".")[2])
    return tally.image_attributes[name] or tally.people(name, _WITHOUT.get(key, ""))
