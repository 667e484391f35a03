"""Settings of the output: size and quality of images, contents of records."""

from __future__ import annotations

from .kinds import Grid, Number, Setting, Size, Switch

RENDER = (
    Setting(
        "grid.factors",
        {},
        Grid(),
        "factor grid: image k shows combination k of the factors' levels; each level lists the settings it changes",
    ),
    Setting("render.size", [416, 416], Size(), "width and height of the images in pixels"),
    Setting(
        "render.wide_share",
        0.0,
        Number((0.0, 1.0)),
        "fraction of images that are wide, 16:9 with as many pixels, where the size is a square",
        in_presets=0.3,
    ),
    Setting(
        "render.views_per_scene",
        1,
        Number((1, 1000), integer=True),
        "number of images per scene; each has its own camera and sensor, people and room stay the same",
    ),
    Setting(
        "render.samples",
        4,
        Number((1, 4096), integer=True),
        "number of Cycles samples per pixel; more samples give less render noise and take longer",
    ),
    Setting("render.denoise", True, Switch(), "denoise images with OpenImageDenoise (fast prefilter)"),
    Setting(
        "render.jpeg_quality",
        95,
        Number((1, 100), integer=True),
        "JPEG quality of the image files; the simulated camera's own compression may be stronger",
    ),
)

LABELS = (
    Setting(
        "labels.min_visible_px",
        64,
        Number((1, 10**6), integer=True),
        "mark instances with fewer visible pixels than this as `ignore`; they stay in the record",
    ),
    Setting(
        "labels.min_visible_fraction",
        0.03,
        Number((0.0, 1.0)),
        "mark instances as `ignore` if less than this fraction is visible or under bedding; they stay in the record",
    ),
    Setting(
        "labels.darkness",
        False,
        Switch(),
        "record how dark each instance is in the image (`darkness`), and mark as `ignore` what nobody can see in it",
    ),
    Setting("labels.depth", False, Switch(), "write depth maps to depth/: 16-bit PNG in millimetres, 0 beyond 65 m"),
    Setting(
        "labels.masks",
        False,
        Switch(),
        "write instance maps to masks/: 16-bit PNG, the instance id of each pixel",
    ),
    Setting("labels.parts", False, Switch(), "add masks of head, torso, arms and legs to the records"),
)
