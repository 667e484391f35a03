"""Settings of how images are taken: camera, light, sensor."""

from __future__ import annotations

from .kinds import CameraPlace, Number, Range, Setting, Weights

CAMERA = (
    Setting(
        "camera.mount",
        {
            "ceiling-corner": 0.45,
            "wall": 0.2,
            "overhead": 0.08,
            "eye-level": 0.1,
            "hand-held": 0.09,
            "ceiling-fisheye": 0.08,
        },
        Weights(("ceiling-corner", "wall", "overhead", "eye-level", "hand-held", "ceiling-fisheye")),
        "where the camera is: in a corner below the ceiling, high on a wall, straight above the bed, on a stand, in a "
        "hand, or a fisheye in the ceiling",
    ),
    Setting(
        "camera.lens",
        {"pinhole": 0.5, "distorted": 0.5, "fisheye": 0.0},
        Weights(("pinhole", "distorted", "fisheye")),
        "the lens: without distortion, with barrel distortion, equidistant fisheye (always in ceiling-fisheye)",
    ),
    Setting("camera.distortion", [0.15, 0.7], Range((0.0, 1.0)), "a distorted lens: 0 is a pinhole, 1 a fisheye"),
    Setting(
        "camera.fisheye_fov_deg", [150.0, 185.0], Range((60.0, 220.0)), "a fisheye's angle across the image, degrees"
    ),
    Setting(
        "camera.place",
        [],
        CameraPlace(),
        "where the camera is, whatever its mount: shares of half the room's width and depth, and metres; [] is drawn",
    ),
    Setting("camera.height_m", [2.0, 3.4], Range((1.5, 8.0)), "height of ceiling and wall cameras, below the ceiling"),
    Setting("camera.eye_height_m", [0.9, 1.8], Range((0.3, 2.5)), "height of hand-held cameras and those on shelves"),
    Setting("camera.horizontal_fov_deg", [45.0, 120.0], Range((30.0, 120.0)), "horizontal angle of view in degrees"),
    Setting("camera.roll_deg", [-6.0, 6.0], Range((-20.0, 20.0)), "roll of the camera in degrees"),
    Setting(
        "camera.off_centre",
        [0.0, 0.02],
        Range((0.0, 0.2)),
        "how far the lens's axis is from the image's middle, in image widths",
    ),
    Setting(
        "camera.sensor",
        {"rgb": 0.8, "infrared": 0.2},
        Weights(("rgb", "infrared")),
        "colour, or monochrome by a lamp at the camera, in the dark",
    ),
)

LIGHT = (
    Setting(
        "light.ceiling",
        {"off": 0.2, "low": 0.2, "high": 0.5, "broken": 0.1},
        Weights(("off", "low", "high", "broken")),
        "the ceiling light of colour images; broken: some panels are dark",
    ),
    Setting(
        "light.sun",
        {"none": 0.35, "low": 0.35, "high": 0.3},
        Weights(("none", "low", "high")),
        "daylight of colour images: none at night, low at the day's ends or under clouds, high",
    ),
    Setting(
        "light.temperature_k", [2700.0, 6500.0], Range((1500.0, 12000.0)), "colour temperature of the light in kelvin"
    ),
    Setting("light.lamp_share", 0.6, Number((0.0, 1.0)), "share of dim rooms where a lamp at the bed is lit"),
)

SENSOR = (
    Setting(
        "sensor.exposure",
        {"under": 0.15, "normal": 0.7, "over": 0.15},
        Weights(("under", "normal", "over")),
        "by how much the automatic exposure misses",
    ),
    Setting(
        "sensor.noise",
        {"low": 0.55, "medium": 0.33, "high": 0.12},
        Weights(("low", "medium", "high")),
        "grain before gain",
    ),
    Setting(
        "sensor.blur",
        {"sharp": 0.65, "defocus": 0.17, "motion": 0.18},
        Weights(("sharp", "defocus", "motion")),
        "blur: none, out of focus, of moving people or a shaken camera",
    ),
    Setting(
        "sensor.resolution",
        {"full": 0.66, "reduced": 0.22, "low": 0.12},
        Weights(("full", "reduced", "low")),
        "what the sensor resolves of the image: all, 0.55 to 0.85 or 0.28 to 0.55 of its width",
    ),
    Setting(
        "sensor.jpeg_quality",
        {"low": 0.15, "medium": 0.35, "high": 0.5},
        Weights(("low", "medium", "high")),
        "the camera's compression: JPEG quality 35 to 55, 55 to 80, 80 to 95",
    ),
    Setting("sensor.overlay_share", 0.5, Number((0.0, 1.0)), "share of images with a burnt-in clock or camera name"),
    Setting("sensor.haze_share", 0.2, Number((0.0, 1.0)), "share of images through a hazy lens"),
    Setting("sensor.halo_share", 0.5, Number((0.0, 1.0)), "share of images with sharpening halos"),
    Setting("sensor.flicker_share", 0.06, Number((0.0, 1.0)), "share of colour images with bands of flickering light"),
    Setting("sensor.eye_shine_share", 0.5, Number((0.0, 1.0)), "share of infrared images where eyes may glow"),
    Setting(
        "sensor.warmth", [-0.12, 0.06], Range((-0.5, 0.5)), "white-balance error: the share red gains and blue loses"
    ),
)
