"""Effects of cameras on images: the same for generated images and for those that a model is evaluated on.

An image is (H, W, 3) float32, row 0 at the top, channels red, green, blue. On the scale *light* a value is linear, 0
and up, and 1 is the sensor's white; a *display* value is 0..1 as in a file (sRGB). Every effect takes
an image, its strength in a stated unit and, where chance plays a part, a seed; it returns a new image, the same one
for strength 0. Lengths are in pixels of the image given. No effect moves anything in the image but
``fringe``, which moves red and blue by a fraction of a pixel or two, so labels stay valid.

- ``tone``     exposure, white balance, haze, vignette, fall-off, hot spot, monochrome, the infrared look, the tone
  curve, saturation, flicker bands
- ``blur``     motion blur and defocus
- ``noise``    shot and read noise, a sensor's fixed pattern
- ``detail``   low resolution, enlarging, sharpening halos, coloured edges
- ``osd``      the burnt-in clock and camera name, glowing eyes
- ``degradation``  the degraded images of ``trainer eval --degrade``, made from these effects
"""

# ruff: noqa: F401 (the names of this package)
# pyright: reportUnusedImport=false
from .blur import defocus, gaussian, motion_blur
from .degradation import DEGRADATIONS, Degradation, degrade, from_bytes, to_bytes
from .detail import enlarged, fringe, low_resolution, sharpened, shrunk
from .noise import fixed_pattern, gained, grain, normal
from .osd import eye_shine, overlay, text_mask
from .tone import (
    bands,
    brightness,
    cast_limited,
    edge_falloff,
    exposed,
    haze,
    hot_spot,
    infrared_look,
    metered_stops,
    monochrome,
    saturated,
    to_display,
    vignette,
    white_balanced,
)
