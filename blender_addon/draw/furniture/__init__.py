"""Every kind of furniture, equipment and clutter: how it is sampled, and how much floor it takes.

A shape is a dict of the kind's own sizes (metres), angles (degrees) and switches; ``construct.furniture`` makes the
meshes from it, ``body.support`` reads what bodies rest on from it, and ``extent`` and ``anchors`` say what the
layout and people need to know.
"""

from __future__ import annotations

from typing import Optional

from ..palette import any_colour
from ..streams import RandomStream
from ..value_types import Colour, Config, Shape
from . import beds, clutter, custom, equipment, fittings, pack, seats, tables
from .kind import Anchors, DrawnFurniture, Extent, Kind

KINDS: dict[str, Kind] = {
    name: kind for family in (beds, seats, tables, equipment, clutter, fittings) for name, kind in family.KINDS.items()
}


_KNOWN = {**KINDS, **custom.KINDS}
TEXTURES = ("checker", "clouds", "stripes", "")  # of furniture at random; "" keeps its own


def draw_furniture(kind: str, stream: RandomStream, config: Config, style: str = "") -> DrawnFurniture:
    """Sample the shape and the colours of a piece, rounded to what can be seen.

    With ``room.randomness`` some colours and textures are random. Without a ``style``, a model of the asset pack may
    replace the piece.
    """
    model = None if style else pack.draw_model(kind, stream, config)
    shape, colours = model or _sample(kind, stream, config, style)
    if model and stream.unit() < config["room.randomness"]:
        colours["body"] = any_colour(stream)
    for part in colours:
        if stream.unit() < config["room.randomness"]:
            colours[part] = any_colour(stream)
    if config["room.randomness"] and stream.unit() < config["room.randomness"]:
        shape |= {"texture": stream.choice(TEXTURES), "texture_pitch": stream.uniform(0.04, 0.4)}
        colours["texture"] = any_colour(stream)
    short = {name: round(value, 4) if isinstance(value, float) else value for name, value in shape.items()}
    return short, {part: _rounded(rgb) for part, rgb in colours.items()}


def _sample(kind: str, stream: RandomStream, config: Config, style: str) -> DrawnFurniture:
    draw = KINDS[kind].draw
    if draw is None:
        raise ValueError(f"furniture of kind {kind!r} is marked in a custom room, never sampled")
    return draw(stream, config, style)


def _rounded(rgb: Colour) -> Colour:
    return round(rgb[0], 3), round(rgb[1], 3), round(rgb[2], 3)


def category(kind: str) -> Optional[str]:
    """The category of instances of ``kind``; None is never labelled, such as the furniture of a custom room."""
    return _KNOWN[kind].category


def is_solid(kind: str) -> bool:
    """Whether nothing else may stand where a piece of ``kind`` stands."""
    return _KNOWN[kind].solid


def categories() -> tuple[str, ...]:
    """Every category of furniture, each once, beds first."""
    return tuple(dict.fromkeys(kind.category for kind in KINDS.values() if kind.category))


def extent(kind: str, shape: Shape) -> Extent:
    """The piece's box in its own frame."""
    return pack.extent(kind, shape) if "model" in shape else _KNOWN[kind].extent(shape)


def anchors(kind: str, shape: Shape) -> Anchors:
    """Where hands, feet and other things go, by name, in the piece's own frame, metres; a model has none."""
    return {} if "model" in shape else _KNOWN[kind].anchors(shape)
