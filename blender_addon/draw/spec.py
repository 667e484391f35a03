"""The SceneSpec: everything drawn for one image, frozen and JSON-able.

Room coordinates: metres, origin on the floor in the middle of the room, z up. Angles in degrees,
colours linear RGB in 0..1. All numbers are rounded to 6 digits, so that a spec is the same on every
machine and survives JSON unchanged.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Optional

from ..body.posture import Stance

DIGITS = 6


@dataclass(frozen=True)
class OpeningSpec:
    """A door or window in a wall.

    Attributes:
        kind: "door" or "window".
        wall: the wall it is in, by the way its inner face lies from the middle: "-x", "+x", "-y" or "+y".
        along: its middle along the wall: y for the x walls, x for the y walls, metres.
        bottom, width, height: metres; a door's bottom is 0.
        style: a door's "plain", "glazed" or "double"; a window's "plain" or "barred" (panes side by side).
        rgb: a door's leaf.
        shade: what hangs before a window: "none", "roller", "venetian", "vertical" or "curtain".
        shade_drop: how much of the window the shade covers, 0..1.
        shade_rgb: its colour.
        outside: what a window shows: "sky", "buildings", "trees" or "frosted".
        open_deg: how far a door's leaves stand open, outwards; 0 is closed.
    """

    kind: str
    wall: str
    along: float
    bottom: float
    width: float
    height: float
    style: str
    rgb: tuple = (0.4, 0.4, 0.4)
    shade: str = "none"
    shade_drop: float = 0.0
    shade_rgb: tuple = (0.7, 0.7, 0.7)
    outside: str = "sky"
    open_deg: float = 0.0


@dataclass(frozen=True)
class OwnRoomSpec:
    """An artist's own room.

    Attributes:
        file: the .blend; scene: the scene in it.
        origin: the point of that scene, metres, that is the origin of the room.
        things: ((object's name, category), ...) of what is labelled in it.
    """

    file: str
    scene: str
    origin: tuple
    things: tuple = ()


@dataclass(frozen=True)
class RoomSpec:
    """A box-shaped room: ``width`` along x, ``depth`` along y, ``height`` along z; its main door is in the -y wall.

    Attributes:
        kind: "single", "ward", "icu", "treatment", "waiting", "corridor", "desk", "bathroom" or "bedroom".
        wall: the walls' surface: "paint", "tile" or "wallpaper", or at random "checker", "clouds" or "stripes"; of
            wall_rgb and, for patterns, wall_rgb2.
        accent_wall: the wall painted in accent_rgb ("" none).
        wainscot_height: metres, 0 none.
        floor: "vinyl", "speckled", "tile", "wood" or "carpet", or as the walls at random; of floor_rgb and, for
            patterns, floor_rgb2.
        floor_pitch: the size of a tile or the width of a plank, metres.
        ceiling: "plain" or "grid" (panels of 0.6 m).
        handrail_height: metres, 0 none.
        panels: light panels in the ceiling: ((x, y, size along x, size along y), ...), metres.
        openings: doors and windows, the main door first.
        rails: ceiling rails of curtains: ((x1, y1, x2, y2), ...).
        stripe: a painted line on the floor (x1, y1, x2, y2), or () for none.
        own: the artist's room that stands for all of this, of kind "own"; else None.
    """

    kind: str
    width: float
    depth: float
    height: float
    wall: str
    wall_rgb: tuple
    wall_rgb2: tuple
    accent_wall: str
    accent_rgb: tuple
    wainscot_rgb: tuple
    wainscot_height: float
    floor: str
    floor_rgb: tuple
    floor_rgb2: tuple
    floor_pitch: float
    floor_roughness: float
    ceiling: str
    ceiling_rgb: tuple
    handrail_height: float
    handrail_rgb: tuple
    panels: tuple
    openings: tuple
    rails: tuple
    stripe: tuple
    own: Optional[OwnRoomSpec] = None


@dataclass(frozen=True)
class FurnitureSpec:
    """A piece of furniture or equipment.

    Attributes:
        id: counts from 1 within the picture; people refer to what they lie or sit on by it.
        kind: what it is, one of ``draw.furniture.KINDS``: "bed", "chair", "wheelchair" ...
        x, y, z: the middle of what carries (mattress, seat, top) on the floor plan, of what hangs at a wall the place
            at the wall; and the height of its foot (0 stands on the floor).
        heading: degrees about z; at 0 its front (a bed's foot end) is towards -y.
        shape: the kind's own sizes in metres, angles in degrees and switches.
        colours: linear RGB by part, e.g. {"frame": (...), "linen": (...)}.
    """

    id: int
    kind: str
    x: float
    y: float
    z: float
    heading: float
    shape: dict
    colours: dict


@dataclass(frozen=True)
class LookSpec:
    """What a person looks like, clothes aside.

    Attributes:
        skin_tone: name on the Monk scale; skin_rgb: linear albedo.
        redness, age_marks: 0..1, how much blood shows in cheeks and joints, how blotched the skin is.
        hair: one of ``body.wear.hair.KINDS``; hair_phase: 0..1, how its strands fall.
        beard: "none", "stubble" or one of ``body.wear.facewear.BEARDS``.
        brows: 0..1, how dense.
        eyes: "open" or "closed".
    """

    skin_tone: str
    skin_rgb: tuple
    redness: float
    age_marks: float
    hair: str
    hair_rgb: tuple
    hair_phase: float
    beard: str
    beard_rgb: tuple
    brows: float
    brow_rgb: tuple
    eye_rgb: tuple
    eyes: str


@dataclass(frozen=True)
class GarmentSpec:
    """Something worn.

    Attributes:
        kind: one that ``body.wear.dress`` knows.
        rgb, rgb2: linear RGB of the cloth, and of its pattern, trim or sole.
        pattern: "plain", "stripes", "hoops", "checks" or "dots"; ``pitch`` metres between its repeats.
        crease: 0..1, how its folds fall.
    """

    kind: str
    rgb: tuple
    rgb2: tuple
    pattern: str = "plain"
    pitch: float = 0.03
    crease: float = 0.0


@dataclass(frozen=True)
class AttachmentSpec:
    """Something that hangs on a patient.

    Attributes:
        kind: one of ``body.wear.hung.KINDS``; side: "l" or "r".
        rgb: linear RGB.
        end: the point of the room, metres, to which its line leads; () has no line.
    """

    kind: str
    side: str
    rgb: tuple
    end: tuple = ()


@dataclass(frozen=True)
class CoverSpec:
    """A sheet or blanket over someone in bed; ``body.drape`` lets it fall.

    Attributes:
        kind: "thin" or "thick".
        to: how far up it is pulled: "feet", "knees", "waist", "chest" or "chin"; ``shift`` metres farther up.
        slope: how much farther up its left side (+x of the bed's frame) begins, per metre.
        left, right: where its sides are, metres of the bed's x, the smaller first.
        foot: how far it goes beyond the mattress's foot end, metres.
        thickness: metres.
        arms_out: arms that lie on it: "l", "r", "lr" or "".
        fold: how far its top is folded back, metres.
        rgb, fold_rgb: linear RGB of its upper side, and of the side a fold shows.
    """

    kind: str
    to: str
    shift: float
    slope: float
    left: float
    right: float
    foot: float
    thickness: float
    arms_out: str
    fold: float
    rgb: tuple
    fold_rgb: tuple


@dataclass(frozen=True)
class HeldSpec:
    """A thing in the palm of one hand: "phone", "cup", "paper" or "clipboard"; ``side`` "l" or "r"."""

    kind: str
    side: str
    rgb: tuple


@dataclass(frozen=True)
class ModelSpec:
    """A file of a library.

    Attributes:
        file: its path: .blend, .glb, .gltf or .obj; category: what it is labelled as.
        up, front: the file's axes, e.g. "z" and "-y".
        height: metres it is scaled to, 0 as it is.
        rigged: whether it takes postures.
    """

    file: str
    category: str
    up: str
    front: str
    height: float
    rigged: bool


@dataclass(frozen=True)
class ObjectSpec:
    """An own object: its foot at (x, y, z) metres, turned by ``heading`` degrees; ``radius`` of the floor it takes."""

    model: ModelSpec
    attributes: dict
    x: float
    y: float
    z: float
    heading: float
    radius: float


@dataclass(frozen=True)
class PersonSpec:
    """One person.

    ``phenotype`` and ``stance`` are those of ``body``; ``furniture`` is the id of what carries them (0 the floor) and
    ``use`` how: as "bed", as the "side" of one, as "seat", or the "floor". ``model`` is of an own character; its
    phenotype is then that of the body whose posture it takes.
    """

    id: int
    role: str
    posture: str
    sex: str
    age_years: float
    phenotype: dict
    look: LookSpec
    garments: tuple
    attachments: tuple
    stance: Stance
    furniture: int
    use: str
    cover: Optional[CoverSpec]
    held: tuple
    attributes: dict
    model: Optional[ModelSpec] = None


@dataclass(frozen=True)
class CameraSpec:
    """A camera at ``location`` looking at ``target``, rolled about its axis.

    Attributes:
        mount: how it is mounted, one of ``draw.camera.MOUNTS``.
        lens: "pinhole", "distorted" or "fisheye".
        roll: degrees about the axis, positive turns the camera clockwise.
        horizontal_fov: degrees, of a pinhole; it means nothing beside a polynomial.
        polynomial: empty for a pinhole, else the four coefficients of ``draw.camera``.
        off_centre: where the optical axis meets the picture, (right, down) from its middle in picture widths.
        image_circle: degrees off the axis beyond which the lens shows nothing; 0 is without end.
    """

    mount: str
    lens: str
    location: tuple
    target: tuple
    roll: float
    horizontal_fov: float
    polynomial: tuple = ()
    off_centre: tuple = (0.0, 0.0)
    image_circle: float = 0.0


@dataclass(frozen=True)
class LightSpec:
    """A light.

    Attributes:
        kind: an "area" (a rectangle), a "spot", the room's faint "ambient", which has no place, or "own": the light of
            that name in an own room, which is given its power and colour.
        name: what it is: "panel", "sky", "sun", "lamp" ...
        watts: as Blender counts them; of ambient light the strength of the background.
        rgb: linear, of the light.
        direction: unit vector, the way it shines.
        size: of an area (across, up) in metres; across is level. Of a spot (radius, radius).
        angle: degrees: how wide an area fans out (180 is a matt surface), the whole cone of a spot.
        seen: whether the camera sees the shining surface itself.
    """

    kind: str
    name: str
    watts: float
    rgb: tuple
    location: tuple = (0.0, 0.0, 0.0)
    direction: tuple = (0.0, 0.0, -1.0)
    size: tuple = (0.0, 0.0)
    angle: float = 180.0
    seen: bool = False


@dataclass(frozen=True)
class SensorSpec:
    """What the camera makes of the light that falls in; the effects are those of ``shared_format.effects``.

    Attributes:
        kind: "rgb" or "infrared" (monochrome).
        key: the mean display value that the automatic exposure aims at.
        bias: stops by which the exposure then misses it; positive is brighter.
        gain_limits: the (lowest, highest) stops the automatic exposure can do.
        white_balance: gains of red, green and blue.
        saturation, contrast, black: of the tone curve.
        vignette, hot_spot, haze: strengths.
        defocus: radius, picture widths.
        motion: length of the way during the exposure, picture widths; ``motion_angle`` in degrees;
            ``motion_of`` the "camera" or the "people".
        noise: standard deviation at middle grey before any gain; ``grain_size`` in pixels of the sensor.
        scale: width of the sensor's own picture in widths of the finished one.
        sharpening: amount of the halos; ``sharpening_radius`` in pixels of the sensor.
        flicker: amplitude of the bands; ``flicker_period`` in picture heights, ``flicker_phase`` in periods.
        jpeg_quality: of the camera's compression.
        overlay: lines of text, or none; ``overlay_corner``, ``overlay_style``; ``overlay_height`` of a letter in
            picture heights.
        eye_shine: how strongly eyes give the camera's lamp its light back.
        seed: of the grain.
    """

    kind: str
    key: float
    bias: float
    gain_limits: tuple
    white_balance: tuple
    saturation: float
    contrast: float
    black: float
    vignette: float
    hot_spot: float
    haze: float
    defocus: float
    motion: float
    motion_angle: float
    motion_of: str
    noise: float
    grain_size: float
    scale: float
    sharpening: float
    sharpening_radius: float
    flicker: float
    flicker_period: float
    flicker_phase: float
    jpeg_quality: int
    overlay: tuple
    overlay_corner: str
    overlay_style: str
    overlay_height: float
    eye_shine: float
    seed: int


@dataclass(frozen=True)
class BackgroundSpec:
    """What is behind objects that stand in no room.

    Attributes:
        file: a picture's path, or "" for a pattern: "clouds", "cells" or "stripes" in two ``colours`` (linear RGB),
            repeated ``pitch`` times across the film.
        corner, scale: the part of it that fills the film: where it begins, and how wide it is, as shares.
        strength: W / m2 / sr where it is white.
    """

    file: str
    pattern: str
    corner: tuple
    scale: float
    colours: tuple
    pitch: float
    strength: float


@dataclass(frozen=True)
class SceneSpec:
    """Everything drawn for image ``index`` of the dataset (config, seed)."""

    seed: int
    index: int
    size: tuple
    room: RoomSpec
    furniture: tuple
    people: tuple
    camera: CameraSpec
    lights: tuple
    sensor: SensorSpec
    attributes: dict
    objects: tuple = ()
    background: Optional[BackgroundSpec] = None

    def to_json(self) -> dict:
        """A JSON-able dict of plain lists, dicts and numbers."""
        return _plain(asdict(self))


def rounded(value: Any) -> Any:
    """Round every float inside dataclasses, tuples and dicts to ``DIGITS``."""
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if isinstance(value, float):
        return round(value, DIGITS) + 0.0  # + 0.0 turns -0.0 into 0.0
    if kind is tuple or kind is list:
        return tuple([rounded(item) for item in value])
    if kind is dict:
        return {key: rounded(item) for key, item in value.items()}
    if is_dataclass(value):
        return kind(**{name: rounded(getattr(value, name)) for name in _names_of(kind)})
    return value


_AS_THEY_ARE = (str, bool, int, type(None))


@cache
def _names_of(kind: type) -> tuple:
    return tuple(field.name for field in fields(kind))


def _plain(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
