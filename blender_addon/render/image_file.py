"""Picture files in memory: with Blender's own decoders, and 16-bit PNG, which Blender only writes by halves."""

from __future__ import annotations

import struct
import tempfile
import zlib
from pathlib import Path

import bpy
import numpy as np


def decode(content: bytes, suffix: str = ".jpg") -> np.ndarray:
    """The bytes of a picture file -> (H, W, 3) uint8, row 0 at the top."""
    with tempfile.TemporaryDirectory(prefix="wardsynth-") as folder:
        path = Path(folder) / f"picture{suffix}"
        path.write_bytes(content)
        image = bpy.data.images.load(str(path))
        try:
            width, height = image.size
            pixels = np.empty(width * height * image.channels, dtype=np.float32)
            image.pixels.foreach_get(pixels)
            channels = image.channels
        finally:
            bpy.data.images.remove(image)
    return np.round(pixels.reshape(height, width, channels)[::-1, :, :3] * 255.0).astype(np.uint8)


def without_comments(jpeg: bytes) -> bytes:
    """A JPEG without its comment segments, where Blender notes how long each step took: equal pictures, equal bytes."""
    kept, position = [jpeg[:2]], 2
    while jpeg[position + 1] != 0xDA:  # up to the start of scan every segment is marker, length, content
        end = position + 2 + int.from_bytes(jpeg[position + 2 : position + 4], "big")
        if jpeg[position + 1] != 0xFE:
            kept.append(jpeg[position:end])
        position = end
    return b"".join([*kept, jpeg[position:]])


def encode_png(pixels: np.ndarray) -> bytes:
    """(H, W, 3) uint8, row 0 at the top -> the bytes of a PNG."""
    height, width = pixels.shape[:2]
    image = bpy.data.images.new("WardSynth picture", width, height, alpha=False)
    try:
        rgba = np.ones((height, width, 4), dtype=np.float32)
        rgba[..., :3] = pixels[::-1] / np.float32(255.0)
        image.pixels.foreach_set(rgba.reshape(-1))
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
