"""How an image is taken: camera, lights, sensor."""

from __future__ import annotations

from dataclasses import dataclass

from ..value_types import Colour, Interval, Point2, Point3


@dataclass(frozen=True)
class CameraSpec:
    """A camera at ``location`` looking at ``target``, rolled about its axis.

    Attributes:
        mount: how it is mounted: of the setting camera.mount, or "studio" or "own".
        lens: "pinhole", "distorted" or "fisheye".
        roll: degrees about the axis, positive turns the camera clockwise.
        horizontal_fov: degrees, of a pinhole; it means nothing beside a polynomial.
        polynomial: empty for a pinhole, else the four coefficients of ``draw.projection``.
        off_centre: where the optical axis meets the image, (right, down) from its middle in image widths.
        image_circle: degrees off the axis beyond which the lens shows nothing; 0 is without end.
        clip: (start, end) metres along the optical axis between which a custom camera sees; empty without clipping, and
            then not in the JSON.
    """

    mount: str
    lens: str
    location: Point3
    target: Point3
    roll: float
    horizontal_fov: float
    polynomial: tuple[float, ...] = ()
    off_centre: Point2 = (0.0, 0.0)
    image_circle: float = 0.0
    clip: tuple[float, ...] = ()


@dataclass(frozen=True)
class LightSpec:
    """A light.

    Attributes:
        kind: an "area" (a rectangle), a "spot", the room's faint "ambient", which has no place, or "own": the light of
            that name in a custom room, which gets this power and colour.
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
    rgb: Colour
    location: Point3 = (0.0, 0.0, 0.0)
    direction: Point3 = (0.0, 0.0, -1.0)
    size: Point2 = (0.0, 0.0)
    angle: float = 180.0
    seen: bool = False


@dataclass(frozen=True)
class SensorSpec:
    """What the camera makes of the light that falls in; the effects are those of ``shared_format.effects``.

    Attributes:
        kind: "rgb", or of the grey ones "infrared" (a dark room), "monochrome" (grey of the colours) or "night-mode"
            (the near infrared of a lit room).
        key: the mean display value that the automatic exposure aims at.
        bias: stops by which the exposure then misses it; positive is brighter.
        least_key: the mean display value that the exposure reaches in any case, however dark the scene.
        gain_limits: the (lowest, highest) stops the automatic exposure can do.
        white_balance: gains of red, green and blue; after them red and blue are within ``most_cast`` stops of green
            on the mean of the image, or at any distance if that is 0.
        saturation, contrast, black: of the tone curve.
        vignette, hot_spot, haze: strengths.
        defocus: radius, image widths.
        motion: length of the way during the exposure, image widths; ``motion_angle`` in degrees;
            ``motion_of`` the "camera" or the "people".
        noise: standard deviation at middle grey before any gain; ``grain_size`` in pixels of the sensor.
        scale: width of the sensor's own image in widths of the finished one.
        sharpening: amount of the halos; ``sharpening_radius`` in pixels of the sensor.
        flicker: amplitude of the bands; ``flicker_period`` in image heights, ``flicker_phase`` in periods.
        jpeg_quality: of the camera's compression.
        overlay: lines of text, or none; ``overlay_corner``, ``overlay_style``; ``overlay_height`` of a letter in
            image heights.
        eye_shine: how strongly eyes give the camera's lamp its light back.
        seed: of the grain.
        read_noise: fraction of the noise's power that is read noise.
        fixed_pattern: strength relative to ``noise``; ``camera_seed`` chooses the pattern.
        fringe: how far red and blue are apart from green in the corners, image widths.
        edge_falloff: fraction of the light lost at the edge of a wide lens's image.
    """

    kind: str
    key: float
    bias: float
    gain_limits: Interval
    white_balance: Colour
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
    overlay: tuple[str, ...]
    overlay_corner: str
    overlay_style: str
    overlay_height: float
    eye_shine: float
    seed: int
    read_noise: float = 0.0
    fixed_pattern: float = 0.0
    camera_seed: int = 0
    fringe: float = 0.0
    edge_falloff: float = 0.0
    least_key: float = 0.0
    most_cast: float = 0.0
