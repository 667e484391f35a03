"""What a kind of furniture consists of: its category, the function that samples it, its extent and anchors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Optional, Protocol

from ..palette import tinted
from ..streams import RandomStream
from ..value_types import Colour, Config, Interval, Point3, Shape


class Extent(NamedTuple):
    """The box of a piece in its own frame, metres: its corners on the floor plan, and its top above its foot.

    The origin is the middle of the mattress, seat or table top, so that a piece with foot rests reaches farther to the
    front than to the back.
    """

    x1: float
    y1: float
    x2: float
    y2: float
    height: float


DrawnFurniture = tuple[dict[str, Any], dict[str, Colour]]  # the shape and the colours of a piece
Anchors = dict[str, Point3]  # points of the piece's own frame by name


class DrawFurniture(Protocol):
    """A function that samples the shape and the colours of a piece; ``style`` "" leaves the style to the stream."""

    def __call__(self, stream: RandomStream, config: Config, style: str = "") -> DrawnFurniture:
        """Sample a piece."""
        ...


@dataclass(frozen=True)
class Kind:
    """A kind of furniture.

    Attributes:
        category: the category of its instances; None is never labelled.
        draw: samples a piece; None for pieces of custom rooms, which are never sampled.
        extent: the box of a piece of this shape.
        anchors: where hands, feet and other things go, in the piece's own frame, metres.
        solid: whether nothing else may stand where it stands; hanging or flat things are not.
    """

    category: Optional[str]
    draw: Optional[DrawFurniture]
    extent: Callable[[Shape], Extent]
    anchors: Callable[[Shape], Anchors] = lambda shape: {}
    solid: bool = True


def centred(width: float, depth: float, height: float) -> Extent:
    """An extent whose floor plan lies about the origin."""
    return Extent(-width / 2, -depth / 2, width / 2, depth / 2, height)


def drawn_size(
    stream: RandomStream, style: str, styles: Sequence[str], widths: Interval, depths: Interval, heights: Interval
) -> dict[str, Any]:
    """A shape of ``style``, or if that is "" of one of ``styles``, with sizes from these ranges."""
    return {
        "style": style or stream.choice(styles),
        "width": stream.uniform(*widths),
        "depth": stream.uniform(*depths),
        "height": stream.uniform(*heights),
    }


def sized(
    widths: Interval,
    depths: Interval,
    heights: Interval,
    palettes: Mapping[str, Sequence[Colour]],
    styles: Sequence[str] = ("",),
) -> DrawFurniture:
    """``Kind.draw`` of a simple piece: its size from ranges, the colour of each part from its palette."""

    def draw(stream: RandomStream, config: Config, style: str = "") -> DrawnFurniture:
        shape = {**drawn_size(stream, style, styles, widths, depths, heights), "variant": stream.unit()}
        return shape, {part: tinted(stream, palette) for part, palette in palettes.items()}

    return draw
