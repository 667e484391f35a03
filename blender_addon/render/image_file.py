"""Image files in memory: with Blender's own decoders, and 16-bit PNG, which Blender cannot write exactly."""

from __future__ import annotations

import struct
import tempfile
import zlib
from pathlib import Path

import bpy
import numpy as np
from bpy.types import Image

from .. import compat


def decode(content: bytes, suffix: str = ".jpg") -> np.ndarray:
    """The bytes of an image file -> (H, W, 3) uint8, row 0 at the top."""
    with tempfile.TemporaryDirectory(prefix="wardsynth-") as folder:
        path = Path(folder) / f"image{suffix}"
        path.write_bytes(content)
        return np.round(_read(path) * 255.0).astype(np.uint8)


def read_linear(path: Path) -> np.ndarray:
    """An EXR file -> (H, W, 3) float32 as stored, row 0 at the top."""
    return _read(path, colours="Non-Color")


def encode_jpeg(pixels: np.ndarray, quality: int) -> bytes:
    """(H, W, 3) uint8, row 0 at the top -> the bytes of a JPEG of ``quality`` 1..100: equal pixels, equal bytes.

    A byte image written by Blender is written unchanged only without colour management: so both the
    image and the scene it is written by are marked as raw.
    """
    scene = bpy.data.scenes.new("WardSynth writer")
    image = _image_of(pixels, colours="Non-Color")
    try:
        scene.view_settings.view_transform = "Raw"
        scene.view_settings.look = "None"
        scene.sequencer_colorspace_settings.name = "Non-Color"
        scene.render.dither_intensity = 0.0
        compat.set_image_format(scene.render.image_settings, "JPEG")
        scene.render.image_settings.quality = quality
        with tempfile.TemporaryDirectory(prefix="wardsynth-") as folder:
            path = Path(folder) / "picture.jpg"
            image.save_render(str(path), scene=scene)
            return without_comments(path.read_bytes())
    finally:
        bpy.data.images.remove(image)
        bpy.data.scenes.remove(scene)


def without_comments(jpeg: bytes) -> bytes:
    """A JPEG without its comment segments, where Blender notes how long each step took: equal images, equal bytes."""
    kept, position = [jpeg[:2]], 2
    while jpeg[position + 1] != 0xDA:  # up to the start of scan every segment is marker, length, content
        end = position + 2 + int.from_bytes(jpeg[position + 2 : position + 4], "big")
        if jpeg[position + 1] != 0xFE:
            kept.append(jpeg[position:end])
        position = end
    return b"".join([*kept, jpeg[position:]])


def encode_png(pixels: np.ndarray) -> bytes:
    """(H, W, 3) uint8, row 0 at the top -> the bytes of a PNG."""
    image = _image_of(pixels)
    try:
        image.file_format = "PNG"
        with tempfile.TemporaryDirectory(prefix="wardsynth-") as folder:
            path = Path(folder) / "picture.png"
            image.filepath_raw = str(path)
            image.save()
            return path.read_bytes()
    finally:
        bpy.data.images.remove(image)


def encode_grey16(values: np.ndarray) -> bytes:
    """(H, W) integers 0..65535 -> the bytes of a 16-bit grey PNG (ISO/IEC 15948), no colour management between."""
    height, width = values.shape
    rows = np.zeros((height, 1 + 2 * width), dtype=np.uint8)  # each row behind its filter byte, 0: none
    rows[:, 1:] = np.ascontiguousarray(values, dtype=">u2").view(np.uint8)
    header = struct.pack(">IIBBBBB", width, height, 16, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def _read(path: Path, colours: str = "") -> np.ndarray:
    """(H, W, 3) float32, row 0 at the top; Blender's first row is the lowest."""
    image = bpy.data.images.load(str(path))
    try:
        if colours:
            image.colorspace_settings.name = colours
        width, height = image.size
        pixels = np.empty(width * height * image.channels, dtype=np.float32)
        image.pixels.foreach_get(pixels)
        return np.ascontiguousarray(pixels.reshape(height, width, -1)[::-1, :, :3])
    finally:
        bpy.data.images.remove(image)


def _image_of(pixels: np.ndarray, colours: str = "sRGB") -> Image:
    """A Blender image of (H, W, 3) uint8; the caller removes it."""
    height, width = pixels.shape[:2]
    image = bpy.data.images.new("WardSynth picture", width, height, alpha=False)
    image.colorspace_settings.name = colours  # before the pixels: it empties them
    rgba = np.ones((height, width, 4), dtype=np.float32)
    rgba[..., :3] = pixels[::-1] / np.float32(255.0)
    image.pixels.foreach_set(rgba.reshape(-1))
    return image
