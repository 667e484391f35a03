"""Files that labels name, images of a folder, and texts. Not all names in labels are valid file names."""

from __future__ import annotations

import codecs
import mmap
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Optional

from shared_format.errors import FormatError

IMAGE_SUFFIXES = (
    *(".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"),
    *(".jfif", ".jpe", ".mpo", ".gif", ".dib", ".ppm", ".pgm", ".pnm", ".jp2"),
)
_LISTED_SUFFIXES = ".jpg, .jpeg, .png, .bmp, .webp, .tif and others"
# Files and folders that operating systems, sync programs and archives add.
_COMPANIONS = frozenset({"thumbs.db", "desktop.ini", "__macosx", "@eadir", "$recycle.bin", "__pycache__"})
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def is_companion(name: str) -> bool:
    """Whether a file or folder of this name is hidden or made by the operating system, and not data."""
    return name.startswith(".") or name.lower() in _COMPANIONS


def is_image_name(name: str) -> bool:
    """Whether a file of this name is an image that belongs to the data, whatever the case of its suffix."""
    return os.path.splitext(name)[1].lower() in IMAGE_SUFFIXES and not is_companion(name)


def walk_files(folder: Path) -> Iterator[Path]:
    """All files below ``folder``, by name, without companions; links are followed, each folder entered once."""
    entered: set[str] = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(place)
        folders[:] = [] if real in entered else sorted(name for name in folders if not is_companion(name))
        if real in entered:
            continue
        entered.add(real)
        for name in sorted(names):
            if not is_companion(name):
                yield Path(place, name)


def images_below(folder: Path) -> list[Path]:
    """The image files below ``folder``, sorted by path."""
    return sorted(path for path in walk_files(folder) if is_image_name(path.name) and is_file(path))


def images_in(folder: Path) -> list[Path]:
    """The image files directly in ``folder``, sorted by name."""
    return sorted(path for path in entries(folder) if is_image_name(path.name) and is_file(path))


def entries(folder: Path) -> list[Path]:
    """The entries directly in ``folder``, sorted by name, without companions; () if it cannot be listed."""
    try:
        return sorted(path for path in folder.iterdir() if not is_companion(path.name))
    except OSError:
        return []


def no_images(where: object) -> FormatError:
    """The error for a place that should hold images."""
    return FormatError(f"{where}: no images ({_LISTED_SUFFIXES})")


def image_inside(folder: Path, name: str) -> Path:
    """``folder / name``, where the name itself must stay inside ``folder``; links that lie there are followed.

    Raises:
        FormatError: a name that no file can have, an absolute path, or one that climbs out.
    """
    if "\0" in name:
        raise FormatError(f"{folder}: {name!r} is not a file name: it contains a NUL character")
    path = folder / name
    written_on_windows = "\\" in name and not os.path.lexists(path)
    plain = name.replace("\\", "/") if written_on_windows else name
    inside = os.path.normpath(plain) if plain else "."
    climbs = inside == ".." or inside.startswith("../") or os.path.isabs(inside) or _DRIVE.match(name) is not None
    if climbs:
        raise FormatError(f"{folder}: file name {name!r} points outside the dataset")
    return folder / plain


def find_inside(folders: Iterable[Path], name: str) -> Optional[Path]:
    """The file ``name`` in the first of ``folders`` that has it. Raises FormatError as ``image_inside``."""
    for folder in folders:
        path = image_inside(folder, name)
        if is_file(path):
            return path
    return None


def find_by_tail(folder: Path, name: str) -> Optional[Path]:
    """The file or folder below ``folder`` that the end of the path ``name`` names, the longest end first.

    So ``data/obj/1.jpg`` in a list written in another working directory is found as ``obj/1.jpg``.
    """
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("/", ".")]
    for start in range(len(parts)):
        tail = parts[start:]
        if ".." not in tail:
            path = folder.joinpath(*tail)
            if is_file(path) or is_folder(path):
                return path
    return None


def is_file(path: Path) -> bool:
    """Whether ``path`` is a file; False also for a name that the file system refuses, such as a too long one."""
    return os.path.isfile(path)


def is_folder(path: Path) -> bool:
    """Whether ``path`` is a folder; False as for ``is_file``."""
    return os.path.isdir(path)


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, or as its byte order mark says. Raises FormatError naming ``path``."""
    try:
        content = path.read_bytes()
        encoding = next((name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)), "utf-8")
        return content.decode(encoding)
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"{path}: cannot be read as text: {error}") from error


def text_lines(path: Path) -> list[str]:
    """The lines of a text that are not empty, without spaces around them. Raises FormatError naming ``path``."""
    return [line.strip() for line in read_text(path).splitlines() if line.strip()]


def mentions(path: Path, keys: Sequence[str]) -> bool:
    """Whether a JSON file contains all ``keys`` in quotes; it is not parsed, because it may have gigabytes."""
    try:
        if path.stat().st_size == 0:
            return False
        with open(path, "rb") as handle, mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return all(content.find(f'"{key}"'.encode()) >= 0 for key in keys)
    except (OSError, ValueError):
        return False
