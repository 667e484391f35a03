"""What a camera does to an image: named effects, the same for the images made and for those a model is tried on.

An image is (H, W, 3) float32, row 0 at the top, channels red, green, blue. On the scale *light* a value is linear, 0
and up, and 1 is what the sensor can just hold; a *display* value is 0..1 as a file holds it (sRGB). Every effect takes
an image, its strength in a stated unit and, where chance plays a part, a seed; it returns a new image, the same one
for strength 0. Lengths are in pixels of the image given. None moves a thing in the image: labels stay.

- ``tone``     exposure, white balance, haze, vignette, hot spot, monochrome, the infrared look, the tone curve,
  saturation, flicker bands
- ``blur``     motion blur and defocus
- ``noise``    shot and read noise
- ``detail``   low resolution, enlarging, sharpening halos
- ``osd``      the burnt-in clock and camera name, glowing eyes
- ``degradation``  the worse images of ``trainer eval --degrade``, of these effects
"""

# ruff: noqa: F401 (the names of this package)
# pyright: reportUnusedImport=false
from .blur import defocus, gaussian, motion_blur
from .degradation import DEGRADATIONS, Degradation, degrade, from_bytes, to_bytes
from .detail import enlarged, low_resolution, sharpened, shrunk
from .noise import gained, grain
from .osd import eye_shine, overlay, text_mask
from .tone import (
    bands,
    brightness,
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
