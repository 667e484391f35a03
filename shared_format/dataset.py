"""The dataset folder: ``dataset.json``, ``images/000123.jpg``, ``frames/000123.json``.

Writing image k touches only the files of image k, so its cost does not grow with k.
"""

# Values of parsed JSON are of unknown types until they are checked, which is what this module does.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnnecessaryIsInstance=false

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

from . import atomic
from .errors import FormatError
from .record import Frame, JsonObject, frame_from_json, frame_to_json

DATASET_VERSION = 1
DATASET_FILE = "dataset.json"
IMAGES, FRAMES, DEPTH, MASKS = "images", "frames", "depth", "masks"
IMAGE_SUFFIX = ".jpg"

_NUMBER = re.compile(r"[0-9]{6,15}")
_HALF_A_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")  # a surrogate, alone or in a pair


@dataclass(frozen=True)
class Category:
    """A class of instances; ``id`` counts from 1 and is COCO's category_id."""

    id: int
    name: str


@dataclass(frozen=True)
class DatasetInfo:
    """The content of ``dataset.json``. ``config`` is fully resolved: with ``seed`` it determines every image."""

    name: str
    seed: int
    config: JsonObject
    categories: tuple[Category, ...]
    attributes: JsonObject = field(default_factory=dict[str, Any])
    licences: tuple[JsonObject, ...] = field(default_factory=tuple)
    generator: JsonObject = field(default_factory=dict[str, Any])

    def to_json(self) -> JsonObject:
        """The content of ``dataset.json``."""
        return {
            "format": "wardsynth",
            "version": DATASET_VERSION,
            "name": self.name,
            "seed": self.seed,
            "config": self.config,
            "categories": [{"id": c.id, "name": c.name} for c in self.categories],
            "attributes": self.attributes,
            "licences": list(self.licences),
            "generator": self.generator,
        }


def is_dataset(folder: Path) -> bool:
    """Whether ``folder`` holds a WardSynth dataset: whether it has ``dataset.json``."""
    return (Path(folder) / DATASET_FILE).is_file()


def read_info(folder: Path) -> DatasetInfo:
    """Read ``dataset.json`` of ``folder``.

    Raises:
        FormatError: it is missing, or not in a version that this program reads.
    """
    path = Path(folder) / DATASET_FILE
    return info_from_json(read_json(path), str(path))


def info_from_json(value: Any, where: str) -> DatasetInfo:
    """A parsed ``dataset.json`` -> ``DatasetInfo``; the inverse of ``DatasetInfo.to_json``.

    Raises:
        FormatError: naming ``where`` and what is wrong.
    """
    if not isinstance(value, dict) or value.get("format") != "wardsynth":
        raise FormatError(f"{where}: not a WardSynth dataset.json")
    if value.get("version") != DATASET_VERSION:
        raise FormatError(f"{where}: dataset version {value.get('version')!r}, this program reads {DATASET_VERSION}")
    try:
        info = DatasetInfo(
            name=value["name"],
            seed=value["seed"],
            config=value["config"],
            categories=tuple(Category(c["id"], c["name"]) for c in value["categories"]),
            attributes=value.get("attributes", {}),
            licences=tuple(value.get("licences", ())),
            generator=value.get("generator", {}),
        )
    except (KeyError, TypeError) as error:
        raise FormatError(f"{where}: missing or malformed field {error}") from error
    _check_types(info, where)
    return info


def _check_types(info: DatasetInfo, where: str) -> None:
    for name, kind in (("name", str), ("seed", int), ("config", dict), ("attributes", dict), ("generator", dict)):
        if not isinstance(getattr(info, name), kind):
            raise FormatError(f"{where}: {name} is {str(getattr(info, name))[:60]!r}, expected a {kind.__name__}")
    if not all(isinstance(licence, dict) for licence in info.licences):
        raise FormatError(f"{where}: licences must be objects with the keys asset, licence and source")
    ids, names = [c.id for c in info.categories], [c.name for c in info.categories]
    typed = all(type(number) is int and number > 0 for number in ids) and all(isinstance(name, str) for name in names)
    if not typed or len(set(ids)) < len(ids) or len(set(names)) < len(names):
        raise FormatError(f"{where}: category ids must be positive and unique, and names unique")


def write_info(folder: Path, info: DatasetInfo) -> None:
    """Write ``dataset.json`` and the empty ``images/`` and ``frames/`` beside it."""
    folder = Path(folder)
    for name in (IMAGES, FRAMES):
        (folder / name).mkdir(parents=True, exist_ok=True)
    atomic.write_json(folder / DATASET_FILE, info.to_json())


def image_file(index: int) -> str:
    """The image's file, relative to the dataset folder: ``images/000123.jpg``."""
    return f"{IMAGES}/{index:06d}{IMAGE_SUFFIX}"


def depth_file(index: int) -> str:
    """The depth map's file, relative to the dataset folder: ``depth/000123.png``."""
    return f"{DEPTH}/{index:06d}.png"


def mask_file(index: int) -> str:
    """The instance map's file, relative to the dataset folder: ``masks/000123.png``."""
    return f"{MASKS}/{index:06d}.png"


def frame_path(folder: Path, index: int) -> Path:
    """The record's path: ``<folder>/frames/000123.json``."""
    return Path(folder) / frame_file(index)


def frame_file(index: int) -> str:
    """The record's file, relative to the dataset folder: ``frames/000123.json``."""
    return f"{FRAMES}/{index:06d}.json"


def write_frame(folder: Path, frame: Frame, image: bytes, maps: Optional[Mapping[str, bytes]] = None) -> None:
    """Write the image and ``maps`` (file -> content), then the record: it exists only if they are whole."""
    write_files(folder, frame_files(frame, image, maps))


def write_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write ``frame_files`` in their order, each whole or not at all."""
    for file, content in contents.items():
        path = Path(folder) / file
        path.parent.mkdir(exist_ok=True)
        atomic.write_bytes(path, content)


def frame_files(frame: Frame, image: bytes, maps: Optional[Mapping[str, bytes]] = None) -> dict[str, bytes]:
    """The files of an image, relative to the dataset folder, with their content; its record is the last."""
    return {frame.file: image, **(maps or {}), frame_file(frame.index): atomic.dump_json(frame_to_json(frame))}


def read_frame(path: Path) -> Frame:
    """Read one ``frames/*.json``. Raises FormatError."""
    return frame_from_json(read_json(path, not_a_number=_refuse), str(path))


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def frame_indices(folder: Path) -> list[int]:
    """The indices of the images that have a record, ascending."""
    stems = (path.stem for path in (Path(folder) / FRAMES).glob("[0-9]*.json"))
    return sorted(int(stem) for stem in stems if _NUMBER.fullmatch(stem) and stem == f"{int(stem):06d}")


def read_frames(folder: Path) -> Iterator[Frame]:
    """All records of ``folder`` in the order of their index, one in memory at a time. Raises FormatError."""
    for index in frame_indices(folder):
        yield read_frame(frame_path(folder, index))


def read_json(path: Path, not_a_number: Callable[[str], float] = float) -> Any:
    """Parse a JSON file; ``not_a_number`` converts NaN and Infinity. Raises FormatError naming the file."""
    try:
        content = Path(path).read_bytes()
        value = json.loads(content, parse_constant=not_a_number)
        if _HALF_A_CHARACTER.search(content):  # a lone surrogate is not valid text and cannot be written
            json.dumps(value, ensure_ascii=False).encode()
        return value
    except FileNotFoundError as error:
        raise FormatError(f"{path}: no such file") from error
    except (OSError, ValueError, RecursionError) as error:
        raise FormatError(f"{path}: cannot be read as JSON: {error}") from error
