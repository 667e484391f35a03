"""Factor grids: all combinations of the factors' levels in turn, the last factor changing fastest.

A grid is ``{factor: {level: {KEY: VALUE of a setting}}}``. Image k shows combination k modulo their number; settings
that no factor names are sampled as usual.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .value_types import Config


def levels_of(factors: Mapping[str, Mapping[str, Config]], index: int) -> dict[str, str]:
    """The level of each factor in image ``index``."""
    levels: dict[str, str] = {}
    for factor in reversed(list(factors)):
        index, number = divmod(index, len(factors[factor]))
        levels[factor] = list(factors[factor])[number]
    return {factor: levels[factor] for factor in factors}


class GridConfig(NamedTuple):
    """The config of one image, and the name of its combination; "" without a grid."""

    config: Config
    combination: str


def config_of(config: Config, index: int) -> GridConfig:
    """Lay the settings of the levels of image ``index`` over the config."""
    factors = config["grid.factors"]
    if not factors:
        return GridConfig(config, "")
    chosen = levels_of(factors, index)
    settings = dict(config)
    for factor, level in chosen.items():
        settings.update(factors[factor][level])
    return GridConfig(settings, "/".join(chosen.values()))
