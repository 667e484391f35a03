"""Small objects on floors and table tops: bins, boxes, plants, linen, computers, papers, bags, dolls, lamps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Optional

from ..palette import BLANKETS, BRIGHT, HOME_CLOTH, LINEN, METALS, PLASTICS, WOODS
from ..value_types import Colour, Interval, Shape
from .kind import Extent, Kind, centred, sized

_BINS = ((0.70, 0.55, 0.03), (0.72, 0.72, 0.70), (0.25, 0.26, 0.28), (0.05, 0.18, 0.45), (0.65, 0.25, 0.03))


def _extent(shape: Shape) -> Extent:
    return centred(shape["width"], shape["depth"], shape["height"])


def _kind(
    category: Optional[str],
    widths: Interval,
    depths: Interval,
    heights: Interval,
    palettes: Mapping[str, Sequence[Colour]],
    styles: Sequence[str] = ("",),
) -> Kind:
    return Kind(category, sized(widths, depths, heights, palettes, styles), _extent)


_SCREEN = {
    "body": ((0.03, 0.03, 0.03), (0.6, 0.6, 0.6)),
    "screen": ((0.2, 0.4, 0.7), (0.7, 0.75, 0.8), (0.1, 0.3, 0.3)),
}

KINDS = {
    "bin": _kind(
        "bin",
        (0.26, 0.42),
        (0.26, 0.4),
        (0.3, 0.75),
        {"body": _BINS, "lid": (*_BINS, *METALS)},
        styles=("round", "pedal", "swing"),
    ),
    "sharps_box": _kind(
        "bin",
        (0.16, 0.26),
        (0.14, 0.22),
        (0.2, 0.34),
        {"body": _BINS[:1], "lid": ((0.6, 0.05, 0.04), (0.7, 0.6, 0.05))},
    ),
    "box": _kind(
        None,
        (0.3, 0.5),
        (0.25, 0.4),
        (0.2, 0.4),
        {"body": ((0.45, 0.30, 0.16), (0.55, 0.40, 0.24), (0.7, 0.7, 0.68))},
        styles=("closed", "open", "stack"),
    ),
    "plant": _kind(
        "plant",
        (0.4, 0.7),
        (0.4, 0.7),
        (0.6, 1.5),
        {
            "pot": ((0.5, 0.18, 0.08), (0.75, 0.74, 0.7), (0.05, 0.05, 0.05)),
            "leaf": ((0.04, 0.16, 0.03), (0.08, 0.25, 0.06)),
        },
        styles=("broad", "palm"),
    ),
    "linen_pile": _kind(
        None,
        (0.4, 0.7),
        (0.35, 0.5),
        (0.2, 0.55),
        {"cloth": LINEN, "cloth2": BLANKETS},
        styles=("folded", "heap"),
    ),
    "hamper": _kind(
        "bin",
        (0.45, 0.55),
        (0.45, 0.55),
        (0.8, 0.95),
        {"frame": METALS, "bag": (*LINEN, *BLANKETS)},
    ),
    "bag": _kind(
        None,
        (0.3, 0.45),
        (0.15, 0.25),
        (0.3, 0.45),
        {"body": HOME_CLOTH, "strap": ((0.04, 0.04, 0.04),)},
    ),
    "computer": _kind("computer", (0.48, 0.58), (0.4, 0.48), (0.42, 0.5), _SCREEN, styles=("desktop", "laptop")),
    "papers": _kind(
        None,
        (0.3, 0.5),
        (0.25, 0.35),
        (0.02, 0.06),
        {"paper": ((0.8, 0.8, 0.78),), "folder": BRIGHT},
        styles=("sheets", "folders", "clipboard"),
    ),
    "telephone": _kind(None, (0.18, 0.22), (0.2, 0.24), (0.09, 0.1), {"body": ((0.04, 0.04, 0.04), (0.6, 0.6, 0.58))}),
    "cups": _kind(
        None,
        (0.2, 0.3),
        (0.12, 0.2),
        (0.1, 0.22),
        {"body": (*BRIGHT, *PLASTICS), "liquid": ((0.4, 0.55, 0.7),)},
        styles=("bottle", "tray", "flowers"),
    ),
    "bottles": _kind(None, (0.25, 0.4), (0.12, 0.2), (0.12, 0.2), {"body": PLASTICS, "lid": BRIGHT}),
    "supplies": _kind(
        None,
        (0.3, 0.45),
        (0.2, 0.3),
        (0.12, 0.18),
        {"body": (*BRIGHT, *PLASTICS), "item": ((0.05, 0.2, 0.6), (0.75, 0.75, 0.75))},
        styles=("tray", "gloves"),
    ),
    "books": _kind(None, (0.2, 0.3), (0.16, 0.22), (0.06, 0.16), {"body": BRIGHT, "cover": HOME_CLOTH}),
    "table_lamp": _kind(
        "lamp",
        (0.24, 0.32),
        (0.24, 0.32),
        (0.38, 0.5),
        {"body": (*METALS, *WOODS), "shade": ((0.8, 0.72, 0.55), (0.7, 0.7, 0.68))},
    ),
    "floor_lamp": _kind(
        "lamp",
        (0.36, 0.44),
        (0.36, 0.44),
        (1.45, 1.7),
        {"body": METALS, "shade": ((0.8, 0.72, 0.55), (0.7, 0.7, 0.68))},
    ),
    "television": _kind("tv", (0.7, 1.1), (0.22, 0.26), (0.5, 0.7), _SCREEN, styles=("person", "landscape", "off")),
    "doll": _kind(
        "doll",
        (0.18, 0.24),
        (0.2, 0.3),
        (0.3, 0.42),
        {
            "body": HOME_CLOTH,
            "skin": ((0.55, 0.33, 0.22), (0.25, 0.13, 0.07), (0.4, 0.24, 0.1)),
            "hair": ((0.03, 0.02, 0.01), (0.5, 0.3, 0.1)),
        },
        styles=("doll", "bear"),
    ),
    "mannequin": _kind(
        "mannequin",
        (0.5, 0.55),
        (0.4, 0.45),
        (1.5, 1.8),
        {
            "body": ((0.72, 0.70, 0.66), (0.62, 0.45, 0.34), (0.05, 0.05, 0.05)),
            "stand": METALS,
            "cloth": (*HOME_CLOTH, (0.8, 0.8, 0.8)),
        },
        styles=("bust", "dressed"),
    ),
    "distractor": _kind(
        None,
        (0.12, 0.5),
        (0.12, 0.5),
        (0.12, 0.5),
        {"body": BRIGHT},
        styles=("box", "ball", "cone", "ring"),
    ),
    "rug": Kind(
        None,
        sized((1.2, 2.0), (0.8, 1.4), (0.008, 0.012), {"cloth": HOME_CLOTH, "border": HOME_CLOTH}),
        _extent,
        solid=False,
    ),
    "mat": Kind(
        None,
        sized((0.55, 0.8), (0.4, 0.5), (0.008, 0.012), {"cloth": HOME_CLOTH, "border": HOME_CLOTH}),
        _extent,
        solid=False,
    ),
}
