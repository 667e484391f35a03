"""What stands in rooms: every kind of furniture, equipment and clutter, its drawn shape and how much floor it takes.

A shape is a dict of the kind's own sizes (metres), angles (degrees) and switches; ``build.furniture`` makes the
meshes from it, ``body.support`` reads what bodies rest on from it, and ``extent`` and ``anchors`` say what the
layout and people need to know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Optional

from ..palette import any_colour
from ..streams import RandomStream
from ..value_types import Config, Shape
from . import beds, clutter, custom, equipment, fittings, pack, seats, tables
from .kind import Extent

KINDS: dict = {
    name: kind for family in (beds, seats, tables, equipment, clutter, fittings) for name, kind in family.KINDS.items()
}


_KNOWN = {**KINDS, **custom.KINDS}
TEXTURES = ("checker", "clouds", "stripes", "")  # of furniture at random; "" keeps its own


def draw_furniture(kind: str, stream: RandomStream, config: Config, style: str = "") -> tuple:
    """Draw a piece's (shape, colours), no finer than can be seen.

    With ``room.randomness`` some colours and textures are any. Where no ``style`` is asked for, a model of the asset
    pack may stand in for it.
    """
    model = None if style else pack.draw_model(kind, stream, config)
    shape, colours = model or KINDS[kind].draw(stream, config, style)
    if model and stream.unit() < config["room.randomness"]:
        colours["body"] = any_colour(stream)
    for part in colours:
        if stream.unit() < config["room.randomness"]:
            colours[part] = any_colour(stream)
    if config["room.randomness"] and stream.unit() < config["room.randomness"]:
        shape |= {"texture": stream.choice(TEXTURES), "texture_pitch": stream.uniform(0.04, 0.4)}
        colours["texture"] = any_colour(stream)
    short = {name: round(value, 4) if isinstance(value, float) else value for name, value in shape.items()}
    return short, {part: tuple(round(channel, 3) for channel in rgb) for part, rgb in colours.items()}


def category(kind: str) -> Optional[str]:
    """What instances of ``kind`` are labelled as; None is never labelled, as what stands in an own room."""
    return _KNOWN[kind].category


def is_solid(kind: str) -> bool:
    """Whether nothing else may stand where a piece of ``kind`` stands."""
    return _KNOWN[kind].solid


def categories() -> tuple:
    """Every category of furniture, each once, beds first."""
    return tuple(dict.fromkeys(kind.category for kind in KINDS.values() if kind.category))


def extent(kind: str, shape: Shape) -> Extent:
    """The piece's box in its own frame."""
    return pack.extent(kind, shape) if "model" in shape else _KNOWN[kind].extent(shape)


def anchors(kind: str, shape: Shape) -> dict:
    """Where hands, feet and things go: {name: (x, y, z)} in the piece's own frame, metres; a model has none."""
    return {} if "model" in shape else _KNOWN[kind].anchors(shape)
