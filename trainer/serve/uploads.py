"""Decodes an upload, or refuses it with a reason; no upload, however damaged, may do more harm."""

from __future__ import annotations

import io
import re

from PIL import Image, WebPImagePlugin  # noqa: F401 (loaded, because FORMATS names it)

from ..examples.images import upright_rgb

# No others: each format is one more decoder to attack, and some start other programs.
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF")
_EXPECTED = "send a JPEG, PNG, WebP, BMP or GIF"
# A small JPEG with very many scans takes minutes to decode. Progressive images of cameras have about ten.
_MOST_SCANS, _SCAN = 100, b"\xff\xda"
_SVG = re.compile(rb"<(?:\?xml|!DOCTYPE|svg)\b", re.IGNORECASE)
_HEIC = re.compile(rb"....ftyp(?:hei|hev|mif|msf|avi)", re.DOTALL)


class UploadRefused(Exception):
    """The upload cannot be used: an HTTP ``status`` from 400 on, and the reason in one line."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


def decode_upload(content: bytes, pixels: int) -> Image.Image:
    """Decode the upright RGB image in ``content``, as `trainer predict` does: CMYK, 16 bits, EXIF orientation.

    Args:
        pixels: maximum number of pixels; checked in the header, before anything is decoded.

    Raises:
        UploadRefused: not an image, of another format, animated, too large, or damaged.
    """
    if not content:
        raise UploadRefused(422, "the upload is empty")
    if _SVG.match(content.lstrip()[:64]):
        raise UploadRefused(415, f"an SVG or XML drawing has no pixels; {_EXPECTED}")
    if _HEIC.match(content):
        raise UploadRefused(415, f"HEIC and AVIF are not supported; {_EXPECTED}")
    if content.count(_SCAN) > _MOST_SCANS:
        raise UploadRefused(422, f"the JPEG has more than {_MOST_SCANS} scans; save it again without them")
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            _check(image, pixels)
            return upright_rgb(image)
    except UploadRefused:
        raise
    except Image.UnidentifiedImageError as error:
        raise UploadRefused(415, f"the upload is not an image of a known format; {_EXPECTED}") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UploadRefused(413, f"the image has more than {pixels} pixels: {error}") from error
    except Exception as error:  # decoders raise errors of many kinds for damaged bytes
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UploadRefused(422, f"the image is damaged or cut off: {reason}") from error


def _check(image: Image.Image, pixels: int) -> None:
    width, height = image.size
    if width * height > pixels:
        raise UploadRefused(413, f"the image has {width} x {height} pixels; the limit is {pixels} in all")
    # A telephone's MPO holds a second, small image for its gallery, which is not an animation.
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise UploadRefused(415, "the upload is an animation; send one image of it")
