"""Clinical equipment: trolleys, IV poles, monitors, ventilators, walkers. Pushed things have their handle at +y."""

from __future__ import annotations

import math

from ..palette import BRIGHT, METALS, PLASTICS, tinted
from ..streams import RandomStream
from ..value_types import Config, Point3, Shape
from .dimensions import (
    IV_POLE,
    LAMP_FOOT,
    MONITOR,
    OXYGEN_CYLINDER,
    POLE_FOOT,
    PUSH_HANDLE,
    TROLLEY,
    VENTILATOR,
    WALKER,
    WORKSTATION,
)
from .kind import Anchors, DrawnFurniture, Extent, Kind, centred


def _draw_trolley(stream: RandomStream, config: Config, style: str = "") -> DrawnFurniture:
    style = style or stream.choice(("shelves", "shelves", "drawers", "linen"))
    shape = {
        "style": style,
        "width": stream.uniform(0.45, 0.6),
        "depth": stream.uniform(0.6, 0.8),
        "height": stream.uniform(0.82, 0.95),
        "handle_height": stream.uniform(0.92, 1.02),
        "items": stream.unit(),
    }
    palette = {"shelves": METALS, "drawers": (*BRIGHT, *PLASTICS), "linen": METALS}[style]
    colours = {
        "frame": tinted(stream, METALS),
        "body": tinted(stream, palette),
        "bag": tinted(stream, ((0.12, 0.22, 0.42), (0.75, 0.74, 0.7), (0.1, 0.3, 0.25), (0.5, 0.1, 0.1))),
        "item": tinted(stream, BRIGHT),
    }
    return shape, colours


def _draw_workstation(stream: RandomStream, config: Config, style: str = "") -> DrawnFurniture:
    shape = {
        "style": "workstation",
        "width": 0.5,
        "depth": 0.5,
        "height": stream.uniform(0.95, 1.08),
        "handle_height": 0.95,
        "glow": stream.uniform(0.6, 1.6),
    }
    return shape, {"frame": tinted(stream, PLASTICS), "screen": tinted(stream, ((0.25, 0.45, 0.75), (0.7, 0.75, 0.8)))}


def _draw_iv_pole(stream: RandomStream, config: Config, style: str = "") -> DrawnFurniture:
    shape = {
        "style": "pole",
        "height": stream.uniform(1.65, 2.05),
        "bags": int(stream.choice((1, 1, 2, 2, 3, 0))),
        "pumps": int(stream.choice((0, 0, 1, 1, 2))),
        "glow": stream.uniform(0.5, 1.5),
        "line": stream.unit() < 0.7,
    }
    colours = {
        "frame": tinted(stream, METALS),
        "bag": tinted(stream, ((0.70, 0.76, 0.80), (0.75, 0.70, 0.45), (0.78, 0.78, 0.76), (0.35, 0.03, 0.03))),
        "pump": tinted(stream, PLASTICS),
    }
    return shape, colours


def _draw_monitor(stream: RandomStream, config: Config, style: str = "") -> DrawnFurniture:
    """A patient monitor on a stand, or on the wall at the height of the piece's z."""
    style = style or stream.choice(("stand", "wall"))
    shape = {
        "style": style,
        "width": stream.uniform(0.3, 0.42),
        "height": stream.uniform(1.3, 1.5) if style == "stand" else MONITOR.case_height,
        "glow": stream.uniform(0.6, 2.0),
        "traces": int(stream.choice((2, 3, 4))),
        "phase": stream.unit(),
        "lit": stream.unit() < 0.85,
    }
    return shape, {"body": tinted(stream, (*PLASTICS, (0.05, 0.05, 0.06))), "frame": tinted(stream, METALS)}


def _draw_ventilator(stream: RandomStream, config: Config, style: str = "") -> DrawnFurniture:
    shape = {
        "style": "ventilator",
        "height": stream.uniform(1.25, 1.45),
        "glow": stream.uniform(0.6, 1.8),
        "phase": stream.unit(),
        "arm": stream.unit() < 0.7,
    }
    return shape, {"body": tinted(stream, PLASTICS), "hose": (0.5, 0.62, 0.68), "frame": tinted(stream, METALS)}


def _draw_walker(stream: RandomStream, config: Config, style: str = "") -> DrawnFurniture:
    shape = {
        "style": style or stream.choice(("frame", "rollator")),
        "handle_height": stream.uniform(0.82, 0.94),
        "width": stream.uniform(0.54, 0.62),
    }
    return shape, {"frame": tinted(stream, (*METALS, *BRIGHT[1:3])), "seat": (0.04, 0.04, 0.04)}


def _draw_cylinder(stream: RandomStream, config: Config, style: str = "") -> DrawnFurniture:
    return {"style": "oxygen", "height": stream.uniform(0.75, 1.2)}, {
        "body": tinted(stream, ((0.02, 0.12, 0.04), (0.75, 0.75, 0.73), (0.03, 0.05, 0.15))),
        "frame": tinted(stream, METALS),
    }


def _draw_exam_lamp(stream: RandomStream, config: Config, style: str = "") -> DrawnFurniture:
    return {"style": "exam_lamp", "height": stream.uniform(1.5, 1.8)}, {
        "body": tinted(stream, PLASTICS),
        "frame": tinted(stream, METALS),
    }


def _handles(shape: Shape) -> Anchors:
    """The ends of the push handle: the person who pushes stands at +y and looks towards -y."""
    back, half = shape["depth"] / 2 + PUSH_HANDLE.behind, shape["width"] / 2 - PUSH_HANDLE.hands_inside
    return {"handle_left": (half, back, shape["handle_height"]), "handle_right": (-half, back, shape["handle_height"])}


def _walker_handles(shape: Shape) -> Anchors:
    half, y, z = shape["width"] / 2 - WALKER.frame_inside, WALKER.hand, shape["handle_height"]
    return {"handle_left": (half, y, z), "handle_right": (-half, y, z)}


def drip_hook(shape: Shape, bag: int = 0) -> Point3:
    """Where the hook ``bag`` of an IV pole holds its bag by the neck, metres of the pole's frame."""
    angle, away = IV_POLE.hook_angle(bag), IV_POLE.hook_valley
    return away * math.cos(angle), away * math.sin(angle), shape["height"] - IV_POLE.neck_below_top


def _drip(shape: Shape) -> Anchors:
    """The point under the first bag, where its line begins."""
    x, y, high = drip_hook(shape)
    return {"drip": (x, y, high - IV_POLE.line_below_neck)} if shape["bags"] else {}


def _leads(shape: Shape) -> Anchors:
    """A monitor's sockets, at its left lower corner."""
    d, stands = MONITOR, shape["style"] == "stand"
    front, low = (d.front_on_stand, shape["height"] - d.case_height) if stands else (d.front_on_wall, 0.0)
    return {"leads": (-shape["width"] / 2 + d.socket_inside, front - d.socket_length, low + d.socket_above)}


def _monitor_extent(shape: Shape) -> Extent:
    """On the wall its frame's origin is on the wall."""
    if shape["style"] == "stand":
        return centred(POLE_FOOT.side, POLE_FOOT.side, shape["height"] + 0.02)
    half = shape["width"] / 2 + 0.02
    return Extent(-half, MONITOR.front_on_wall - 0.02, half, 0.0, MONITOR.case_height + 0.02)


KINDS = {
    "trolley": Kind(
        "trolley",
        _draw_trolley,
        lambda shape: centred(
            shape["width"],
            shape["depth"] + 2 * PUSH_HANDLE.reach,
            max(shape["height"], shape["handle_height"]) + TROLLEY.items_height,
        ),
        _handles,
    ),
    "workstation": Kind(
        "computer",
        _draw_workstation,
        lambda shape: centred(WORKSTATION.width, WORKSTATION.depth, shape["height"] + (WORKSTATION.screen_top + 0.02)),
        _handles,
    ),
    "iv_pole": Kind(
        "iv_pole",
        _draw_iv_pole,
        lambda shape: centred(POLE_FOOT.side, POLE_FOOT.side, shape["height"] + 0.03),
        _drip,
    ),
    "monitor": Kind("monitor", _draw_monitor, _monitor_extent, _leads),
    "ventilator": Kind(
        "ventilator",
        _draw_ventilator,
        lambda shape: centred(VENTILATOR.width, VENTILATOR.depth, shape["height"] + 0.02),
        lambda shape: {
            "oxygen": (VENTILATOR.outlet_x, VENTILATOR.outlet_y, shape["height"] - VENTILATOR.outlet_below_top)
        },
    ),
    "walker": Kind(
        "walker",
        _draw_walker,
        lambda shape: centred(shape["width"] + 0.06, WALKER.depth, shape["handle_height"] + 0.03),
        _walker_handles,
    ),
    "oxygen": Kind(
        "oxygen_cylinder",
        _draw_cylinder,
        lambda shape: centred(OXYGEN_CYLINDER.side, OXYGEN_CYLINDER.side, shape["height"]),
        lambda shape: {"oxygen": (0.0, OXYGEN_CYLINDER.outlet_y, shape["height"] - OXYGEN_CYLINDER.outlet_below_top)},
    ),
    "exam_lamp": Kind(
        "lamp", _draw_exam_lamp, lambda shape: centred(LAMP_FOOT.side, LAMP_FOOT.side, shape["height"] + 0.05)
    ),
}
