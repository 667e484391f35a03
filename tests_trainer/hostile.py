"""Uploads that nobody should send, and some that only look so."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image

NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (48, 64, 3), dtype=np.uint8))


def encoded(image=NOISE, kind="JPEG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def bomb(width=60_000, height=60_000):
    """A PNG of a few kilobytes that says it has billions of pixels."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(10**6)))
        + chunk(b"IEND", b"")
    )


def turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    return encoded(exif=exif)


def sixteen_bits():
    return encoded(Image.fromarray(np.linspace(0, 65535, 64 * 48, dtype=np.uint16).reshape(48, 64)), "PNG")


def animation(kind):
    frames = [Image.new("RGB", (40, 30), (shade, 0, 0)) for shade in (0, 90, 200)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


JPEG, PNG = encoded(), encoded(kind="PNG")
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9"/></svg>'
SCANS = encoded(progressive=True)

# name -> (bytes, the status it must get)
REFUSED = {
    "empty": (b"", 422),
    "text": (b"this is not an image", 415),
    "html": (b"<!DOCTYPE html><html></html>", 415),
    "svg": (SVG, 415),
    "svg with spaces": (b"\n\n  " + SVG[SVG.index(b"<svg") :], 415),
    "pdf": (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj", 415),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", 415),
    "tiff": (encoded(kind="TIFF"), 415),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", 415),
    "zip": (b"PK\x03\x04" + bytes(40), 415),
    "bomb": (bomb(), 413),
    "wide bomb": (bomb(2_000_000_000, 1), 413),
    "truncated jpeg": (JPEG[: len(JPEG) // 2], 422),
    "truncated png": (PNG[: len(PNG) // 2], 422),
    "only a header": (JPEG[:30], 422),
    "no width": (bomb(0, 10), 415),
    "gif animation": (animation("GIF"), 415),
    "png animation": (animation("PNG"), 415),
    "webp animation": (animation("WEBP"), 415),
    "endless scans": (JPEG[:-2] + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0\0" * 5000, 422),
}
# name -> (bytes, upright size)
ACCEPTED = {
    "jpeg": (JPEG, (64, 48)),
    "cmyk": (encoded(NOISE.convert("CMYK")), (64, 48)),
    "grey": (encoded(NOISE.convert("L")), (64, 48)),
    "16 bits": (sixteen_bits(), (64, 48)),
    "palette": (encoded(NOISE.quantize(16), "PNG"), (64, 48)),
    "see-through": (encoded(NOISE.convert("RGBA"), "WEBP"), (64, 48)),
    "one bit": (encoded(NOISE.convert("1"), "PNG"), (64, 48)),
    "still gif": (encoded(kind="GIF"), (64, 48)),
    "turned by exif": (turned(), (48, 64)),
    "progressive": (SCANS, (64, 48)),
    "one pixel": (encoded(Image.new("RGB", (1, 1)), "PNG"), (1, 1)),
    "two in one, as telephones": (encoded(kind="MPO", save_all=True, append_images=[NOISE.resize((16, 12))]), (64, 48)),
    "broken exif": (encoded(exif=b"Exif\0\0II*\0\xff\xff\xff\x7f\0\0"), (64, 48)),
    "no end marker": (JPEG[:-2], (64, 48)),
    "a thread": (encoded(Image.new("RGB", (3000, 1)), "PNG"), (3000, 1)),
}


def fuzzed(seed):
    """An image with bytes changed, dropped, doubled or cut, by the seed."""
    rng = np.random.default_rng(seed)
    formats = ("JPEG", "PNG", "WEBP", "BMP", "GIF")
    content = bytearray(encoded(kind=formats[seed % len(formats)]))
    for _ in range(rng.integers(1, 12)):
        place, kind = int(rng.integers(0, len(content))), rng.integers(0, 4)
        if kind == 0:
            content[place] = rng.integers(0, 256)
        elif kind == 1:
            del content[place : place + int(rng.integers(1, 40))]
        elif kind == 2:
            content[place:place] = content[place : place + int(rng.integers(1, 40))]
        else:
            content[place : place + 4] = rng.bytes(4)
        content = content or bytearray(b"\0")
    if rng.random() < 0.2:
        del content[int(rng.integers(1, len(content) + 1)) :]
    return bytes(content)
