"""Chairs of all sorts, benches, sofas, wheelchairs, toilets: what ``body.support.seat`` describes.

A seat's frame has its origin under the middle of the cushion, the sitter facing -y.
"""

from __future__ import annotations

import math
from typing import Any  # of shapes, which are JSON

from ..palette import HOME_CLOTH, METALS, PLASTICS, UPHOLSTERY, WOODS, tinted
from ..streams import RandomStream
from ..value_types import Config, Shape
from .dimensions import OFFICE_FOOT, SOFA, TOILET, WHEELCHAIR
from .kind import Anchors, DrawnFurniture, Extent, Kind

_ARM_OUTSIDE_SEAT = 0.02  # where a forearm rests, metres
_CHAIRS = ("visitor", "visitor", "stacking", "stacking", "armchair", "wooden")


def _seat(height: float, depth: float, width: float, back: float, recline: float, **more: Any) -> dict[str, Any]:
    return {
        "seat_height": height,
        "seat_depth": depth,
        "seat_width": width,
        "back_height": back,
        "recline_deg": recline,
        "arm_height": 0.0,  # above the seat; 0 = no arm rests
        **more,
    }


def _draw_chair(stream: RandomStream, config: Config, style: str = "") -> DrawnFurniture:
    style = style or stream.choice(_CHAIRS)
    height, recline = stream.uniform(0.43, 0.48), stream.uniform(6.0, 14.0)
    if style == "armchair":
        shape = _seat(height - 0.02, 0.52, 0.54, stream.uniform(0.45, 0.75), stream.uniform(10.0, 18.0))
        shape["arm_height"] = stream.uniform(0.18, 0.23)
    elif style == "visitor":
        shape = _seat(height, 0.44, 0.46, stream.uniform(0.36, 0.44), recline)
        shape["arm_height"] = stream.choice((0.0, 0.2))
    elif style == "stacking":
        shape = _seat(height, 0.42, 0.44, stream.uniform(0.36, 0.42), recline)
        shape["arm_height"] = stream.choice((0.0, 0.0, 0.0, 0.19))
    elif style == "phlebotomy":
        shape = _seat(height, 0.44, 0.46, 0.42, recline, tray=True)
        shape["arm_height"] = 0.24
    else:
        shape = _seat(height, 0.42, 0.43, stream.uniform(0.42, 0.5), stream.uniform(3.0, 8.0))
    shape["style"] = style
    shape["coat"] = style != "armchair" and stream.unit() < config["clutter.coat_share"]
    colours = {
        "seat": tinted(stream, {"stacking": (*UPHOLSTERY, *PLASTICS), "wooden": WOODS}.get(style, UPHOLSTERY)),
        "frame": tinted(stream, WOODS if style in ("wooden", "armchair") else METALS),
        "coat": tinted(stream, (*HOME_CLOTH, (0.8, 0.8, 0.8))),
    }
    return shape, colours


def _draw_office_chair(stream: RandomStream, config: Config, style: str = "") -> DrawnFurniture:
    shape = _seat(
        stream.uniform(0.44, 0.52), 0.46, 0.48, stream.uniform(0.42, 0.62), stream.uniform(4.0, 14.0), style="office"
    )
    shape["arm_height"] = stream.choice((0.0, 0.21))
    shape["coat"] = stream.unit() < config["clutter.coat_share"]
    colours = {
        "seat": tinted(stream, UPHOLSTERY),
        "frame": tinted(stream, ((0.03, 0.03, 0.03), (0.5, 0.5, 0.5))),
        "coat": tinted(stream, (*HOME_CLOTH, (0.8, 0.8, 0.8))),
    }
    return shape, colours


def _draw_stool(stream: RandomStream, config: Config, style: str = "") -> DrawnFurniture:
    style = style or stream.choice(("round", "castors"))
    shape = _seat(stream.uniform(0.44, 0.56), 0.36, 0.36, 0.0, 0.0, style=style)
    return shape, {"seat": tinted(stream, UPHOLSTERY), "frame": tinted(stream, METALS)}


def _draw_bench(stream: RandomStream, config: Config, style: str = "") -> DrawnFurniture:
    """A row of seats on a beam; ``style`` is the number of seats."""
    seats = int(style) if style else int(stream.choice((3, 4, 5)))
    shape = _seat(
        stream.uniform(0.42, 0.46), 0.44, 0.48, stream.uniform(0.38, 0.46), stream.uniform(8.0, 14.0),
        style=stream.choice(("metal", "padded", "plastic")), seats=seats, pitch=stream.uniform(0.55, 0.62),
    )  # fmt: skip
    shape["arm_height"] = stream.choice((0.0, 0.2))
    palette = {"metal": METALS[:3], "padded": UPHOLSTERY, "plastic": (*PLASTICS, *UPHOLSTERY)}[shape["style"]]
    return shape, {"seat": tinted(stream, palette), "frame": tinted(stream, METALS)}


def _draw_sofa(stream: RandomStream, config: Config, style: str = "") -> DrawnFurniture:
    seats = int(style) if style else int(stream.choice((2, 3)))
    shape = _seat(
        stream.uniform(0.40, 0.45), 0.56, 0.6, stream.uniform(0.4, 0.5), stream.uniform(10.0, 16.0),
        style="sofa", seats=seats, pitch=0.62,
    )  # fmt: skip
    shape["arm_height"] = 0.2
    return shape, {"seat": tinted(stream, (*HOME_CLOTH, *UPHOLSTERY)), "frame": tinted(stream, WOODS)}


def _draw_wheelchair(stream: RandomStream, config: Config, style: str = "") -> DrawnFurniture:
    shape = _seat(stream.uniform(0.48, 0.52), 0.42, stream.uniform(0.43, 0.48), 0.42, stream.uniform(6.0, 10.0))
    shape.update(
        style=style or stream.choice(("self", "transit")),  # "transit" has four small wheels
        arm_height=0.23,
        wheel_radius=0.30,
        handle_height=stream.uniform(0.9, 0.96),
        foot_rest=0.13,
        blanket=stream.unit() < config["clutter.wheelchair_blanket_share"],
    )
    colours = {
        "seat": tinted(stream, UPHOLSTERY[:5]),
        "frame": tinted(stream, (*METALS, (0.30, 0.03, 0.03), (0.03, 0.08, 0.28))),
        "blanket": tinted(stream, HOME_CLOTH),
    }
    return shape, colours


def _draw_toilet(stream: RandomStream, config: Config, style: str = "") -> DrawnFurniture:
    shape = _seat(stream.uniform(0.41, 0.48), 0.42, 0.38, 0.0, 0.0, style="toilet", bars=stream.unit() < 0.7)
    return shape, {"seat": (0.82, 0.82, 0.80), "frame": tinted(stream, METALS)}


def _extent(shape: Shape) -> Extent:
    arm = 0.07 if shape["arm_height"] else 0.02
    half = shape["seat_width"] / 2 + arm
    front = shape["seat_depth"] / 2 + 0.03
    lean = math.sin(math.radians(shape["recline_deg"])) * shape["back_height"]
    back = shape["seat_depth"] / 2 + lean + 0.06
    top = shape["seat_height"] + shape["back_height"] + 0.03
    style = shape["style"]
    if shape.get("seats"):
        half = shape["pitch"] * shape["seats"] / 2 + 0.04 + (SOFA.arm_width - 0.03 if style == "sofa" else 0.0)
    if style == "sofa":
        back += 0.1
    if style == "armchair":
        half, back = half + 0.02, back + 0.06
    if style in ("office", "castors"):
        half, front, back = (max(side, OFFICE_FOOT.side / 2) for side in (half, front, back))
    if style == "round":
        half, front, back = 0.2, 0.2, 0.2
    if style in ("self", "transit"):
        return Extent(
            -half - WHEELCHAIR.wheels_reach,
            -front - WHEELCHAIR.feet_reach,
            half + WHEELCHAIR.wheels_reach,
            max(back + 0.16, shape["seat_depth"] / 2 + WHEELCHAIR.grips_reach),
            max(top, shape["handle_height"] + 0.03),
        )
    if style == "toilet":
        half = TOILET.bar_x + 0.06 if shape["bars"] else TOILET.bowl_width + 0.01
        return Extent(-half, -front - 0.02, half, front + (TOILET.cistern_depth + 0.02), TOILET.cistern_top + 0.03)
    if shape.get("tray"):
        half += 0.1
    if shape.get("coat"):
        half, back = half + 0.03, back + 0.08
    return Extent(-half, -front, half, back, top)


def seat_places(shape: Shape) -> tuple[float, ...]:
    """x of every seat's middle: one for a chair, several for a bench or sofa."""
    seats = shape.get("seats") or 1
    return tuple((n - (seats - 1) / 2) * shape.get("pitch", 0.0) for n in range(seats))


def _anchors(shape: Shape) -> Anchors:
    """Arm rests; a wheelchair's push handles and foot rests."""
    found: Anchors = {}
    if shape["arm_height"]:
        half = shape["seat_width"] / 2 + _ARM_OUTSIDE_SEAT
        top = shape["seat_height"] + shape["arm_height"]
        found.update(arm_left=(half, -0.05, top), arm_right=(-half, -0.05, top))
    if "handle_height" in shape:
        d = WHEELCHAIR
        hand = shape["seat_width"] / 2 + d.frame_outside_seat - d.hand_inside_frame
        back = shape["seat_depth"] / 2 + d.hand_behind
        foot, heel = d.foot_plate_middle, -shape["seat_depth"] / 2 - d.heel_before
        found.update(
            handle_left=(hand, back, shape["handle_height"]),
            handle_right=(-hand, back, shape["handle_height"]),
            foot_left=(foot, heel, shape["foot_rest"]),
            foot_right=(-foot, heel, shape["foot_rest"]),
        )
    return found


KINDS = {
    "chair": Kind("chair", _draw_chair, _extent, _anchors),
    "office_chair": Kind("chair", _draw_office_chair, _extent, _anchors),
    "stool": Kind("chair", _draw_stool, _extent, _anchors),
    "bench": Kind("chair", _draw_bench, _extent, _anchors),
    "sofa": Kind("sofa", _draw_sofa, _extent, _anchors),
    "wheelchair": Kind("wheelchair", _draw_wheelchair, _extent, _anchors),
    "toilet": Kind("toilet", _draw_toilet, _extent, _anchors),
}
