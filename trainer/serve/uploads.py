"""An upload becomes an image, or is refused with a reason; whatever was sent, nothing worse happens."""

from __future__ import annotations

import io
import re

from PIL import Image, WebPImagePlugin  # noqa: F401 (loaded, because FORMATS names it)

from ..examples.images import upright_rgb

# No others: each format is a decoder more to attack, and some start other programs.
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF")
_WANTED = "send a JPEG, PNG, WebP, BMP or GIF"
# A JPEG may paint itself over and over: a small file that takes minutes. Cameras' progressive ones have about ten.
_MOST_SCANS, _SCAN = 100, b"\xff\xda"
_SVG = re.compile(rb"<(?:\?xml|!DOCTYPE|svg)\b", re.IGNORECASE)
_HEIC = re.compile(rb"....ftyp(?:hei|hev|mif|msf|avi)", re.DOTALL)


class UploadRefused(Exception):
    """The upload is not usable: an HTTP ``status`` of the 400s, and the reason in one line."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


def decode_upload(content: bytes, pixels: int) -> Image.Image:
    """The upright RGB image in ``content``: CMYK, 16 bits and EXIF's turns as `trainer predict` reads them.

    Args:
        pixels: the most an image may have; asked of the header, before anything is decoded.

    Raises:
        UploadRefused: not an image, of another format, animated, too large, or damaged.
    """
    if not content:
        raise UploadRefused(422, "the upload is empty")
    if _SVG.match(content.lstrip()[:64]):
        raise UploadRefused(415, f"an SVG or XML drawing has no pixels; {_WANTED}")
    if _HEIC.match(content):
        raise UploadRefused(415, f"HEIC and AVIF are not read; {_WANTED}")
    if content.count(_SCAN) > _MOST_SCANS:
        raise UploadRefused(422, "a JPEG of more than a hundred scans; save it again")
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            _check(image, pixels)
            return upright_rgb(image)
    except UploadRefused:
        raise
    except Image.UnidentifiedImageError as error:
        raise UploadRefused(415, f"not an image of a known format; {_WANTED}") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UploadRefused(413, f"more than {pixels} pixels: {error}") from error
    except Exception as error:  # decoders of damaged bytes raise whatever they stumble over
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UploadRefused(422, f"damaged, or cut off: {reason}") from error


def _check(image: Image.Image, pixels: int) -> None:
    width, height = image.size
    if width * height > pixels:
        raise UploadRefused(413, f"{width} x {height} pixels; {pixels} in all are the limit")
    # A telephone's MPO holds a second, small image for its gallery, which is not an animation.
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise UploadRefused(415, "an animation; send one image of it")
