"""Settings of how an image is taken: camera, light, sensor."""

from __future__ import annotations

from .kinds import CameraPlace, Number, Range, Setting, Switch, Weights

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
        "weights of the camera mounts: in a corner below the ceiling, high on a wall, straight above the bed, at eye "
        "level on a stand, hand-held, or a fisheye in the ceiling",
    ),
    Setting(
        "camera.aim",
        {"people": 1.0, "room": 0.0},
        Weights(("people", "room")),
        "weights of what cameras are aimed at: the people, or the room, wherever people are in it",
        in_presets={"people": 0.65, "room": 0.35},
    ),
    Setting(
        "camera.lens",
        {"pinhole": 0.5, "distorted": 0.5, "fisheye": 0.0},
        Weights(("pinhole", "distorted", "fisheye")),
        "weights of the lenses: no distortion, barrel distortion, equidistant fisheye; the mount ceiling-fisheye "
        "always has a fisheye",
    ),
    Setting(
        "camera.distortion",
        [0.15, 0.7],
        Range((0.0, 1.0)),
        "range of the barrel distortion of distorted lenses: 0 is a pinhole, 1 a fisheye",
    ),
    Setting(
        "camera.fisheye_fov_deg",
        [150.0, 185.0],
        Range((60.0, 220.0)),
        "range of a fisheye's angle of view across the image in degrees",
    ),
    Setting(
        "camera.place",
        [],
        CameraPlace(),
        "fixed camera position for every mount: x and y from -1 to 1 across the room, height in metres; [] for a "
        "random position",
    ),
    Setting(
        "camera.height_m",
        [2.0, 3.4],
        Range((1.5, 8.0)),
        "range of the height of ceiling and wall cameras in metres; always below the ceiling",
    ),
    Setting(
        "camera.eye_height_m",
        [0.9, 1.8],
        Range((0.3, 2.5)),
        "range of the height of eye-level and hand-held cameras in metres",
    ),
    Setting(
        "camera.horizontal_fov_deg",
        [45.0, 120.0],
        Range((30.0, 120.0)),
        "range of the horizontal angle of view in degrees",
    ),
    Setting("camera.roll_deg", [-6.0, 6.0], Range((-20.0, 20.0)), "range of the camera's roll in degrees"),
    Setting(
        "camera.off_centre",
        [0.0, 0.02],
        Range((0.0, 0.2)),
        "range of the distance from the image centre to the optical axis, in image widths",
    ),
    Setting(
        "camera.sensor",
        {"rgb": 0.8, "infrared": 0.2, "monochrome": 0, "night-mode": 0},
        Weights(("rgb", "infrared", "monochrome", "night-mode")),
        "weights of the sensors: rgb (colour), infrared (grey, a dark room lit by a lamp at the camera), monochrome "
        "(grey, a lit room), or night-mode (grey, a lit room by a camera that also sees near infrared)",
    ),
)

LIGHT = (
    Setting(
        "light.ceiling",
        {"off": 0.2, "low": 0.2, "high": 0.5, "broken": 0.1},
        Weights(("off", "low", "high", "broken")),
        "weights of the ceiling light in images other than infrared ones; broken: some panels are dark",
    ),
    Setting(
        "light.sun",
        {"none": 0.35, "low": 0.35, "high": 0.3},
        Weights(("none", "low", "high")),
        "weights of the daylight in images other than infrared ones: none (night), low (morning, evening or clouds), "
        "high",
    ),
    Setting(
        "light.temperature_k",
        [2700.0, 6500.0],
        Range((1500.0, 12000.0)),
        "range of the colour temperature of the room's light in kelvin",
    ),
    Setting(
        "light.sun_bars",
        False,
        Switch(),
        "let the bars of windows cast their shadows into patches of sun, whose edges are then sharper",
        in_presets=True,
    ),
    Setting("light.lamp_share", 0.6, Number((0.0, 1.0)), "fraction of dim rooms in which lamps are lit"),
)

SENSOR = (
    Setting(
        "sensor.exposure",
        {"under": 0.15, "normal": 0.7, "over": 0.15},
        Weights(("under", "normal", "over")),
        "weights of the exposure error: underexposed, normal, overexposed",
    ),
    Setting(
        "sensor.noise",
        {"low": 0.55, "medium": 0.33, "high": 0.12},
        Weights(("low", "medium", "high")),
        "weights of the sensor noise before amplification",
    ),
    Setting(
        "sensor.blur",
        {"sharp": 0.65, "defocus": 0.17, "motion": 0.18},
        Weights(("sharp", "defocus", "motion")),
        "weights of the blur: sharp, out of focus, or motion of people or a shaken camera",
    ),
    Setting(
        "sensor.resolution",
        {"full": 0.66, "reduced": 0.22, "low": 0.12},
        Weights(("full", "reduced", "low")),
        "weights of the sensor's own resolution: full, reduced (0.55 to 0.85 of the image's width), low (0.28 to 0.55)",
    ),
    Setting(
        "sensor.jpeg_quality",
        {"low": 0.15, "medium": 0.35, "high": 0.5},
        Weights(("low", "medium", "high")),
        "weights of the camera's JPEG quality: low (35 to 55), medium (55 to 80), high (80 to 95)",
    ),
    Setting(
        "sensor.overlay_share",
        0.5,
        Number((0.0, 1.0)),
        "fraction of images with a clock or camera name drawn into the image",
    ),
    Setting("sensor.haze_share", 0.2, Number((0.0, 1.0)), "fraction of images taken through a hazy lens"),
    Setting("sensor.halo_share", 0.5, Number((0.0, 1.0)), "fraction of images with sharpening halos"),
    Setting(
        "sensor.flicker_share", 0.06, Number((0.0, 1.0)), "fraction of colour images with bands of flickering light"
    ),
    Setting("sensor.eye_shine_share", 0.5, Number((0.0, 1.0)), "fraction of infrared images in which eyes may glow"),
    Setting(
        "sensor.least_brightness",
        0.0,
        Number((0.0, 0.3)),
        "lowest mean display value of an image: darker ones are exposed longer, as far as that takes",
        in_presets=0.1,
    ),
    Setting(
        "sensor.most_cast",
        0.0,
        Number((0.0, 4.0)),
        "largest colour cast of an image in stops between two channels; the white balance removes the rest; 0 for none",
        in_presets=0.35,
    ),
    Setting(
        "sensor.read_noise",
        [0.0, 0.0],
        Range((0.0, 1.0)),
        "range of the fraction of the noise that is read noise, which is strongest where the image is dark",
        in_presets=[0.02, 0.2],
    ),
    Setting(
        "sensor.fixed_pattern",
        [0.0, 0.0],
        Range((0.0, 1.0)),
        "range of the strength of the sensor's fixed pattern relative to its noise",
        in_presets=[0.0, 0.35],
    ),
    Setting(
        "sensor.infrared_grain_size",
        0.9,
        Number((0.0, 3.0)),
        "largest grain of the noise of infrared images in pixels of the sensor",
        in_presets=0.4,
    ),
    Setting(
        "sensor.fringe",
        [0.0, 0.0],
        Range((0.0, 0.01)),
        "range of the distance of the coloured edges in the corners of colour images, in image widths",
        in_presets=[0.0, 0.0025],
    ),
    Setting(
        "sensor.edge_falloff",
        [0.0, 0.0],
        Range((0.0, 1.0)),
        "range of the fraction of the light that lenses other than pinholes lose at the edge of their image",
        in_presets=[0.1, 0.6],
    ),
    Setting(
        "sensor.warmth",
        [-0.12, 0.06],
        Range((-0.5, 0.5)),
        "range of the white-balance error: the relative gain of red and loss of blue",
    ),
)
