"""darknet's own description of data: ``obj.data``, lists of images, names; as CVAT's "YOLO 1.1" exports them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from shared_format.errors import FormatError

from .class_names import read_class_names
from .files import entries, find_by_tail, is_file, is_image_name, text_lines
from .label_set import known_split
from .yolo_labels import find_label

DATA_SUFFIX = ".data"
_SNIFFED = 200  # lines of a list that are read to recognise it


@dataclass(frozen=True)
class DarknetData:
    """Class names in the order of their numbers, and for each split the lists of its images."""

    names: tuple[str, ...]
    lists: dict[str, Path]


def data_file(folder: Path) -> Optional[Path]:
    """The ``obj.data`` of a folder: its one file of that suffix with lists in it; None without."""
    named = [path for path in entries(folder) if path.suffix.lower() == DATA_SUFFIX and is_file(path)]
    return named[0] if len(named) == 1 and _settings(named[0]) else None


def read_data_file(path: Path) -> DarknetData:
    """Read ``obj.data``: lines such as ``train = data/train.txt``; its paths may start at darknet's folder.

    Raises:
        FormatError: it names no list of images, or one that is not there.
    """
    settings = _settings(path)
    if not settings:
        raise FormatError(f"{path}: expected lines such as train = train.txt and names = obj.names")
    names = find_by_tail(path.parent, settings["names"]) if "names" in settings else None
    lists: dict[str, Path] = {}
    for key, value in settings.items():
        split = known_split(key)
        if split is not None:
            found = find_by_tail(path.parent, value)
            if found is None or not is_file(found):
                raise FormatError(f"{path}: {key} = {value}: no such list beside it")
            lists[split] = found
    return DarknetData(read_class_names(names) if names is not None else (), lists)


def _settings(path: Path) -> dict[str, str]:
    """The ``key = value`` lines of a file; {} if it describes no data."""
    try:
        rows = [line.partition("=") for line in text_lines(path) if not line.startswith("#")]
    except FormatError:
        return {}
    settings = {key.strip(): value.strip() for key, mark, value in rows if mark}
    return settings if any(map(known_split, settings)) else {}


def split_lists(folder: Path) -> dict[str, Path]:
    """The lists of images of a folder that are named by their split, such as ``train.txt``, by split."""
    named = ((known_split(path.stem), path) for path in entries(folder) if path.suffix.lower() == ".txt")
    return {split: path for split, path in named if split is not None and is_image_list(path)}


def is_image_list(path: Path) -> bool:
    """Whether a text lists images, one path per line, that have YOLO labels: not keras-yolo3 text without objects."""
    try:
        lines = text_lines(path)
    except FormatError:
        return False
    if not lines or not all(is_image_name(Path(line.replace("\\", "/")).name) for line in lines):
        return False
    images = listed_images(path, path.parent, lines[:_SNIFFED])
    return any(_has_label(image) for image in images)


def _has_label(image: Path) -> bool:
    try:
        return find_label(image) is not None
    except FormatError:
        return True


def listed_images(path: Path, root: Path, lines: Optional[Iterable[str]] = None) -> list[Path]:
    """The images that a list names: relative to it or to ``root``, or by the end of their paths below these."""
    return [_resolved(path.parent, root, line) for line in (text_lines(path) if lines is None else lines)]


def _resolved(folder: Path, root: Path, line: str) -> Path:
    for place in dict.fromkeys((folder, root)):
        if is_file(place / line):
            return place / line
    for place in dict.fromkeys((folder, root)):
        found = find_by_tail(place, line)
        if found is not None:
            return found
    return folder / line
