"""Beds: articulated hospital and intensive-care beds, examination couches, beds at home."""

from __future__ import annotations

import math

from ...body.support import bed_profile
from ..palette import BLANKETS, HOME_CLOTH, LAMINATES, LINEN, METALS, PLASTICS, UPHOLSTERY, WOODS, tinted
from ..streams import RandomStream
from ..value_types import Config, Point2, Shape
from .dimensions import BED, PILLOW
from .kind import Anchors, DrawnFurniture, Extent, Kind

STYLES = ("hospital", "icu", "couch", "home")


def _draw(stream: RandomStream, config: Config, style: str = "") -> DrawnFurniture:
    style = style or stream.choice(("hospital", "hospital", "icu"))
    raised = stream.unit() < config["furniture.raised_back_share"]
    shape = {
        "style": style,
        "length": 2.0,
        "width": stream.uniform(0.85, 0.95),
        "surface": stream.uniform(*config["furniture.bed_surface_m"]),
        "mattress": stream.uniform(0.11, 0.16),
        "back_deg": stream.uniform(15.0, 65.0) if raised else stream.choice((0.0, 0.0, 6.0)),
        "knee_deg": stream.uniform(5.0, 22.0) if raised and stream.unit() < 0.6 else 0.0,
        "rail_left": stream.unit() < config["furniture.rails_share"],
        "rail_right": stream.unit() < config["furniture.rails_share"],
        "rails": stream.choice(("bars", "bars", "panels")),
        "boards": stream.choice(("solid", "framed")),
        "board_height": stream.uniform(0.28, 0.42),
        "pillows": stream.choice((1, 1, 1, 2, 0)),
        "blanket": stream.choice(("none", "made", "made", "folded", "rumpled", "rumpled")),
        "fold": stream.uniform(0.25, 0.62),  # how far from the head end the blanket begins, share of the length
        "wrinkle": stream.uniform(0.0, 6.28),
    }
    linen, blanket, panel = LINEN, BLANKETS, (*WOODS, *PLASTICS)
    if style == "icu":
        shape.update(rails="panels", boards="solid", mattress=stream.uniform(0.15, 0.2))
    if style == "couch":
        shape.update(
            length=1.9, width=stream.uniform(0.6, 0.72), mattress=0.07, knee_deg=0.0, rails="none", rail_left=False,
            rail_right=False, boards="none", board_height=0.0, pillows=stream.choice((0, 1)), blanket="none",
            surface=stream.uniform(0.6, 0.75), back_deg=stream.choice((0.0, 0.0, stream.uniform(15.0, 50.0))),
        )  # fmt: skip
        linen = UPHOLSTERY
    if style == "home":
        shape.update(
            width=stream.choice((0.9, 1.0, 1.2, 1.4, 1.6)), mattress=stream.uniform(0.16, 0.24), back_deg=0.0,
            knee_deg=0.0, rails="none", rail_left=False, rail_right=False, surface=stream.uniform(0.42, 0.58),
            boards=stream.choice(("solid", "framed", "head")), board_height=stream.uniform(0.3, 0.6),
            pillows=stream.choice((1, 2, 2)),
        )  # fmt: skip
        linen, blanket, panel = (*LINEN, *HOME_CLOTH), (*BLANKETS, *HOME_CLOTH), WOODS
    colours = {
        "frame": tinted(stream, LAMINATES if style == "home" else METALS),
        "panel": tinted(stream, panel),
        "linen": tinted(stream, linen),
        "blanket": tinted(stream, blanket),
    }
    return shape, colours


def _extent(shape: Shape) -> Extent:
    half = shape["width"] / 2 + (BED.rail_reach if shape["rails"] != "none" else 0.02)
    end = shape["length"] / 2 + (BED.board_reach if shape["boards"] != "none" else 0.03)
    top = max(z for _, z in bed_profile(shape)) + 0.24
    upright = shape["board_height"]
    if shape["rails"] != "none":
        upright = max(upright, BED.raised_panels + 0.01)
    return Extent(-half, -end, half, end, max(top, shape["surface"] + upright))


def _anchors(shape: Shape) -> Anchors:
    """Hand places on the foot board and on the upper rail's middle; ``pillow``: where the pillow's middle is."""
    y = shape["length"] / 2
    along, height = pillow_place(shape)
    return {
        "foot_board": (
            0.0,
            -y - BED.board_reach / 2,
            shape["surface"] + BED.foot_board_height * shape["board_height"],
        ),
        "rail_left": (shape["width"] / 2 + BED.rail_beyond, 0.15 * y, shape["surface"] + 0.24),
        "rail_right": (-shape["width"] / 2 - BED.rail_beyond, 0.15 * y, shape["surface"] + 0.24),
        "pillow": (0.0, along, height),
    }


def pillow_place(shape: Shape) -> Point2:
    """(y, z) of the mattress's top under the middle of the pillow."""
    (hip_y, hip_z), (head_y, head_z) = bed_profile(shape)[-2:]
    share = 1.0 - PILLOW.middle_from_end / math.hypot(head_y - hip_y, head_z - hip_z)
    return hip_y + share * (head_y - hip_y), hip_z + share * (head_z - hip_z)


KINDS = {"bed": Kind("bed", _draw, _extent, _anchors)}
