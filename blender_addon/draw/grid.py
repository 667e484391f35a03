"""Factor grids: every combination of some factors' levels, one after the other, the last factor fastest.

A grid is ``{factor: {level: {KEY: VALUE of a setting}}}``. Image k shows combination k, counted round; what no factor
names is drawn as ever.
"""

from __future__ import annotations

from collections.abc import Mapping

from .value_types import Config


def levels_of(factors: Mapping, index: int) -> dict:
    """{factor: level} of image ``index``."""
    found = {}
    for factor in reversed(factors):
        index, number = divmod(index, len(factors[factor]))
        found[factor] = list(factors[factor])[number]
    return {factor: found[factor] for factor in factors}


def config_of(config: Config, index: int) -> tuple:
    """(the config of image ``index``, the name of its combination or ""): the levels' settings laid over the others."""
    factors = config["grid.factors"]
    if not factors:
        return config, ""
    chosen = levels_of(factors, index)
    settings = dict(config)
    for factor, level in chosen.items():
        settings.update(factors[factor][level])
    return settings, "/".join(chosen.values())
