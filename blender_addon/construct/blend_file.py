"""Reading which Blender saved a .blend from the header of the file, without loading it."""

from __future__ import annotations

import ctypes
import ctypes.util
import re
import zlib
from pathlib import Path
from typing import Optional

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"  # magic numbers of compressed files
_HEADER = 17  # bytes of the longest header
_READ = 1 << 18  # bytes read of a compressed file: more than its first block of 128 KiB
# Until 4.5: BLENDER, pointer size, byte order, version 405. From 5.0: BLENDER, header size, file format, version 0500.
_UNTIL_4 = re.compile(rb"BLENDER[-_][vV](\d)(\d\d)")
_FROM_5 = re.compile(rb"BLENDER\d\d-\d\d[vV](\d\d)(\d\d)")


def saved_by(path: Path) -> Optional[tuple[int, int]]:
    """(major, minor) of the Blender that saved a .blend, compressed or not; None if the header does not contain it."""
    with path.open("rb") as file:
        header = _decompressed(file.read(_READ))
    match = _UNTIL_4.match(header) or _FROM_5.match(header)
    return (int(match[1]), int(match[2])) if match else None


def _decompressed(start: bytes) -> bytes:
    """The header, from the first bytes of the file; empty where they cannot be decompressed."""
    if start.startswith(_ZSTD):
        return _zstd(start)
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(start, _HEADER) if start[:2] == _GZIP else start
    except zlib.error:
        return b""


def _zstd(start: bytes) -> bytes:
    """Blender's own builds bring the module ``zstandard``, those of distributions the library behind it."""
    try:
        import zstandard
    except ImportError:
        return _zstd_by_library(start)
    try:
        return zstandard.ZstdDecompressor().decompressobj().decompress(start)[:_HEADER]
    except zstandard.ZstdError:
        return b""


class _Buffer(ctypes.Structure):
    """``ZSTD_inBuffer`` and ``ZSTD_outBuffer``."""

    _fields_ = (("data", ctypes.c_void_p), ("size", ctypes.c_size_t), ("position", ctypes.c_size_t))


def _zstd_by_library(start: bytes) -> bytes:
    name = ctypes.util.find_library("zstd")
    if name is None:
        return b""
    library = ctypes.CDLL(name)
    library.ZSTD_createDStream.restype = ctypes.c_void_p
    stream = ctypes.c_void_p(library.ZSTD_createDStream())
    header = ctypes.create_string_buffer(_HEADER)
    source = _Buffer(ctypes.cast(ctypes.c_char_p(start), ctypes.c_void_p), len(start), 0)
    target = _Buffer(ctypes.cast(header, ctypes.c_void_p), _HEADER, 0)
    library.ZSTD_decompressStream(stream, ctypes.byref(target), ctypes.byref(source))
    library.ZSTD_freeDStream(stream)
    return header.raw[: target.position]
