"""Dimensions of furniture that do not vary from piece to piece, in metres: one home for each.

The extents and anchors of this package and the meshes of ``construct.furniture`` both read them, so that hands meet
handles and nothing reaches beyond the floor that a layout keeps for it. What varies is in a piece's shape.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Bed:
    """Rails and boards; "beyond" counts from the mattress's sides and ends, "raised" from its top."""

    rail_beyond: float = 0.03  # the middle of a side rail
    rail_reach: float = 0.06  # its outer face, with handles
    raised_bars: float = 0.32
    raised_panels: float = 0.36
    board_beyond: float = 0.02  # the inner face of the head or foot board
    board_thickness: float = 0.035
    board_reach: float = 0.10  # what a layout keeps free for a board
    foot_board_height: float = 0.7  # as a fraction of the head board's


@dataclass(frozen=True)
class Pillow:
    """A pillow as it lies on the back section."""

    across: float = 0.62
    along: float = 0.40
    thickness: float = 0.13
    from_end: float = 0.03  # between the section's upper end and the pillow

    @property
    def middle_from_end(self) -> float:
        """Metres from the section's upper end to the pillow's middle."""
        return self.from_end + self.along / 2


@dataclass(frozen=True)
class StarFoot:
    """A foot of five arms on castors."""

    radius: float  # from the column to the middle of a castor
    castor_width: float  # half
    castor_height: float  # half
    side: float  # of the square of floor that the foot takes, however it is turned


@dataclass(frozen=True)
class PushHandle:
    """A bar across the back of what is pushed."""

    behind: float = 0.05  # from the body's back to the bar
    reach: float = 0.06  # the same, with the bar's thickness
    hands_inside: float = 0.06  # from the body's sides to the middle of a hand


@dataclass(frozen=True)
class Trolley:
    """A trolley with shelves, drawers or a bag."""

    handle_inside: float = 0.03  # from its sides to the ends of the push handle
    items_height: float = 0.1  # what may stand on it


@dataclass(frozen=True)
class Workstation:
    """A computer on wheels."""

    width: float = 0.56  # of the floor that it takes
    depth: float = 0.64
    desk_width: float = 0.26  # half
    screen_bottom: float = 0.1  # above the desk
    screen_top: float = 0.42


@dataclass(frozen=True)
class IvPole:
    """An IV pole with its bags and pumps."""

    pole_bottom: float = 0.08
    pole_radius: float = 0.012
    hooks: int = 4
    first_hook: float = 0.4  # radians; the others follow at right angles
    hook_bend: float = 0.06  # from the pole to the points of a hook's wire: where it bends down,
    hook_valley: float = 0.12  # where a bag hangs,
    hook_reach: float = 0.14  # and its tip
    hook_wire: float = 0.005  # radius
    neck_below_top: float = 0.045  # of a bag
    bag_width: float = 0.06  # half
    bag_thickness: float = 0.018  # half
    bag_height: float = 0.24
    label_width: float = 0.045  # half
    port_length: float = 0.06  # of the tube below a bag
    line_radius: float = 0.003
    lowest_pump: float = 1.0
    pump_pitch: float = 0.22
    pump_width: float = 0.09  # half
    pump_height: float = 0.19
    pump_front: float = -0.15
    pump_back: float = -0.01

    def hook_angle(self, number: int) -> float:
        """The direction of a hook from the pole, radians."""
        return math.pi * number / 2 + self.first_hook

    @property
    def line_below_neck(self) -> float:
        """Where a line begins, below the neck of its bag."""
        return self.bag_height + self.port_length


@dataclass(frozen=True)
class Monitor:
    """A patient monitor; fronts are y of its frame, whose origin is under its stand or on the wall."""

    case_height: float = 0.3
    front_on_stand: float = -0.06
    back_on_stand: float = 0.06
    front_on_wall: float = -0.26
    back_on_wall: float = -0.15
    socket_inside: float = 0.06  # the socket of the leads, from the case's left side,
    socket_above: float = 0.025  # from its lower edge
    socket_length: float = 0.004  # and before its front


@dataclass(frozen=True)
class Ventilator:
    """A ventilator; its hoses leave it at the outlet."""

    foot_width: float = 0.24  # half
    foot_depth: float = 0.27  # half
    width: float = 0.54  # of the floor that it takes
    depth: float = 0.6
    outlet_x: float = 0.1
    outlet_y: float = -0.215
    outlet_below_top: float = 0.5


@dataclass(frozen=True)
class Walker:
    """A walking frame or rollator; its user stands at +y between the grips."""

    frame_inside: float = 0.03  # from its sides to the middle of a side's tubes
    feet: float = 0.24  # before and behind the middle
    wheel_radius: float = 0.085
    depth: float = 0.66  # of the floor that it takes, with wheels
    grip_start: float = 0.05  # y
    grip_end: float = 0.2
    hand: float = 0.12


@dataclass(frozen=True)
class OxygenCylinder:
    """A cylinder on a cart."""

    side: float = 0.36  # of the square of floor that it takes
    outlet_y: float = -0.07
    outlet_below_top: float = 0.05


@dataclass(frozen=True)
class Wheelchair:
    """A wheelchair beside its shape; "before" and "behind" count from the seat's edges."""

    frame_outside_seat: float = 0.02
    frame_tube: float = 0.013  # radii of tubes
    rail_tube: float = 0.012
    arm_tube: float = 0.011
    grip_radius: float = 0.019
    grip_start: float = 0.06  # behind the seat
    grip_end: float = 0.2
    hand_behind: float = 0.14
    hand_inside_frame: float = 0.02
    front_wheel: float = 0.085  # radii of wheels
    transit_wheel: float = 0.16
    wheel_outside_frame: float = 0.045
    axle_before_back: float = 0.02
    seat_below_cushion: float = 0.06
    foot_plate_inside: float = 0.03  # x of the plate's inner and outer edge
    foot_plate_outside: float = 0.19
    foot_plate_front: float = 0.36  # before the seat
    foot_plate_back: float = 0.2
    heel_before: float = 0.27
    spokes: int = 10
    feet_reach: float = 0.42  # before any other seat's front
    wheels_reach: float = 0.06  # beyond any other seat's sides
    grips_reach: float = 0.3  # behind the middle of the seat's back edge

    @property
    def foot_plate_middle(self) -> float:
        """The x of a foot plate's middle."""
        return (self.foot_plate_inside + self.foot_plate_outside) / 2


@dataclass(frozen=True)
class Sofa:
    """A sofa beside its shape."""

    arm_width: float = 0.15


@dataclass(frozen=True)
class Toilet:
    """A toilet with its cistern and, mostly, grab bars."""

    bowl_width: float = 0.19  # half
    cistern_depth: float = 0.22
    cistern_top: float = 0.82
    bar_x: float = 0.34


@dataclass(frozen=True)
class ReceptionDesk:
    """The ledge towards the visitors, above the work top."""

    ledge_bottom: float = 0.33
    ledge_top: float = 0.365
    ledge_reach: float = 0.37  # above the work top, with what a layout keeps free
    ledge_depth: float = 0.28
    free_below: float = 0.3  # of the work top's depth, where nothing may stand


@dataclass(frozen=True)
class OverbedTable:
    """The foot of a table that reaches over a bed."""

    foot_bars: float = 0.18  # before and behind the middle
    foot_bar_width: float = 0.02  # half
    foot_depth: float = 0.4  # of the floor that it takes


@dataclass(frozen=True)
class SupplyPanel:
    """A supply panel over a bed's head."""

    outlet_length: float = 0.025  # before the panel's front
    outlet_height: float = 0.25  # as a fraction of the panel's height


BED = Bed()
PILLOW = Pillow()
POLE_FOOT = StarFoot(radius=0.24, castor_width=0.03, castor_height=0.034, side=0.56)
LAMP_FOOT = StarFoot(radius=0.23, castor_width=0.03, castor_height=0.034, side=0.56)
OFFICE_FOOT = StarFoot(radius=0.29, castor_width=0.028, castor_height=0.032, side=0.66)
PUSH_HANDLE = PushHandle()
TROLLEY = Trolley()
WORKSTATION = Workstation()
IV_POLE = IvPole()
MONITOR = Monitor()
VENTILATOR = Ventilator()
WALKER = Walker()
OXYGEN_CYLINDER = OxygenCylinder()
WHEELCHAIR = Wheelchair()
SOFA = Sofa()
TOILET = Toilet()
RECEPTION_DESK = ReceptionDesk()
OVERBED_TABLE = OverbedTable()
SUPPLY_PANEL = SupplyPanel()
