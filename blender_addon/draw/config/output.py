"""Settings of the files: the images' size and quality, what the records hold."""

from __future__ import annotations

from .kinds import Grid, Number, Setting, Size, Switch

RENDER = (
    Setting(
        "grid.factors",
        {},
        Grid(),
        "factors whose combinations the images go through, one after the other: the settings that each level sets",
    ),
    Setting("render.size", [416, 416], Size(), "width and height of the images in pixels"),
    Setting(
        "render.views_per_scene",
        1,
        Number((1, 1000), integer=True),
        "images of one scene, each by another camera and sensor; its people and its room are built once",
    ),
    Setting("render.samples", 4, Number((1, 4096), integer=True), "Cycles samples a pixel"),
    Setting("render.denoise", True, Switch(), "denoise with OpenImageDenoise, fast prefilter"),
    Setting(
        "render.jpeg_quality", 95, Number((1, 100), integer=True), "JPEG quality of the files; a camera's may be lower"
    ),
)

LABELS = (
    Setting(
        "labels.min_visible_px",
        64,
        Number((1, 10**6), integer=True),
        "instances with fewer visible pixels are kept in the record but marked `ignore`",
    ),
    Setting(
        "labels.min_visible_fraction",
        0.03,
        Number((0.0, 1.0)),
        "instances of which less than this share is seen or under bedding are kept but marked `ignore`",
    ),
    Setting("labels.depth", False, Switch(), "write depth/000123.png, 16-bit millimetres, 0 where farther than 65 m"),
    Setting("labels.masks", False, Switch(), "write masks/000123.png, 16-bit, the instance each pixel shows"),
    Setting("labels.parts", False, Switch(), "masks of head, torso, arms and legs in the records"),
)
