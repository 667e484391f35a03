"""What a kind of furniture is to the drawing layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Optional

from ..palette import tinted
from ..streams import RandomStream
from ..value_types import Config, Interval


class Extent(NamedTuple):
    """A piece's box in its own frame, metres: its corners on the floor plan, and its top above its foot.

    The frame's origin is the middle of what carries (mattress, seat, table top), so that a piece with foot rests
    reaches farther to the front than to the back.
    """

    x1: float
    y1: float
    x2: float
    y2: float
    height: float


@dataclass(frozen=True)
class Kind:
    """A kind of furniture.

    Attributes:
        category: what its instances are labelled as; None is never labelled.
        draw: (stream, config, style) -> (shape, colours); style "" leaves the style to the stream. None is never drawn.
        extent: shape -> Extent.
        anchors: shape -> {name: (x, y, z)} of its frame: where hands, feet and things go.
        solid: whether nothing else may stand where it stands; hanging or flat things are not.
    """

    category: Optional[str]
    draw: Optional[Callable]
    extent: Callable
    anchors: Callable = lambda shape: {}
    solid: bool = True


def centred(width: float, depth: float, height: float) -> Extent:
    """An extent whose floor plan lies about the origin."""
    return Extent(-width / 2, -depth / 2, width / 2, depth / 2, height)


def drawn_size(
    stream: RandomStream, style: str, styles: Sequence[str], widths: Interval, depths: Interval, heights: Interval
) -> dict:
    """A shape of ``style``, or where that is "" of one of ``styles``, its sizes from these ranges."""
    return {
        "style": style or stream.choice(styles),
        "width": stream.uniform(*widths),
        "depth": stream.uniform(*depths),
        "height": stream.uniform(*heights),
    }


def sized(
    widths: Interval, depths: Interval, heights: Interval, palettes: Mapping, styles: Sequence[str] = ("",)
) -> Callable:
    """``Kind.draw`` of a simple thing: its size from ranges, each part's colour from its palette."""

    def draw(stream: RandomStream, config: Config, style: str = "") -> tuple:
        shape = {**drawn_size(stream, style, styles, widths, depths, heights), "variant": stream.unit()}
        return shape, {part: tinted(stream, palette) for part, palette in palettes.items()}

    return draw
