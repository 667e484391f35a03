"""``data.yaml`` of an Ultralytics-style folder, read by PyYAML and written."""

# Values of parsed YAML are of unknown types until they are checked, which is what this module does.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Optional

import yaml

from shared_format.errors import FormatError

from .files import read_text
from .skeletons import COCO_SKELETON, Skeleton, mirrored_by_name, numbered_names

DATA_FILE = "data.yaml"
DATA_FILES = (DATA_FILE, "data.yml", "dataset.yaml", "dataset.yml")
SPLITS = ("train", "val", "test")
_NOTHING = ("", "~", "null", "None")  # of a split that the data does not have


class KeypointLayout(NamedTuple):
    """The key points of a label line, and how many values each has: x, y and, if three, visibility."""

    skeleton: Skeleton
    values: int


@dataclass(frozen=True)
class DataYaml:
    """What the file says.

    Attributes:
        names: class names in the order of their numbers; none where the file does not name them.
        splits: split -> its folders or lists of images, as stated.
        path: the folder that these start at, if stated.
        keypoints: the key points of each line, in data for pose estimation.
    """

    names: tuple[str, ...]
    splits: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    path: Optional[str] = None
    keypoints: Optional[KeypointLayout] = None


class _TextLoader(yaml.SafeLoader):
    """Reads every scalar as text: a class called ``no`` or ``1`` stays ``no`` or ``1``."""


_TextLoader.yaml_implicit_resolvers = {}


def dump(data: DataYaml) -> str:
    """The text of the file. Ultralytics requires ``val``: without one it is ``train``, and a comment says so."""
    text: list[str] = []
    if data.path is not None:
        text.append(f"path: {_scalar(data.path)}")
    for name, places in data.splits.items():
        listed = f"[{', '.join(map(_quoted, places))}]"
        text.append(f"{name}: {_scalar(places[0]) if len(places) == 1 else listed}")
    if "train" in data.splits and "val" not in data.splits:
        text.append(f"val: {_scalar(data.splits['train'][0])}  # no validation split in the data: the same images")
    text += [f"nc: {len(data.names)}", "names:"]
    text += [f"  {number}: {_scalar(name)}" for number, name in enumerate(data.names)]
    if data.keypoints is not None:
        skeleton, values = data.keypoints
        text += [f"kpt_shape: [{len(skeleton)}, {values}]", f"flip_idx: {list(skeleton.mirrored)}"]
        if skeleton.names != numbered_names(len(skeleton)):
            listed = ", ".join(map(_quoted, skeleton.names))
            text += ["kpt_names:", *(f"  {number}: [{listed}]" for number in range(len(data.names)))]
    return "\n".join(text) + "\n"


def parse(text: str, where: str = DATA_FILE) -> DataYaml:
    """Parse the file's text. Raises FormatError naming ``where``."""
    try:
        loaded: object = yaml.load(text, _TextLoader)
    except yaml.YAMLError as error:
        raise FormatError(f"{where}: cannot be read as YAML: {' '.join(str(error).split())[:200]}") from error
    except RecursionError as error:
        raise FormatError(f"{where}: cannot be read as YAML: nested too deeply") from error
    entries: dict[object, object] = loaded if isinstance(loaded, dict) else {}
    names = _names(entries.get("names"), where)
    nc = entries.get("nc")
    if names and isinstance(nc, str) and nc.isdecimal() and int(nc) != len(names):
        raise FormatError(f"{where}: nc is {nc}, names has {len(names)}")
    splits = _splits(entries)
    if not splits:
        raise FormatError(f"{where}: has no train, val or test; is it the data.yaml of a YOLO folder?")
    path = entries.get("path")
    keypoints = _keypoints(entries, where)
    return DataYaml(names, splits, path if isinstance(path, str) and path else None, keypoints)


def read(path: Path) -> DataYaml:
    """Read the file. Raises FormatError."""
    return parse(read_text(path), str(path))


def data_file(folder: Path) -> Optional[Path]:
    """The ``data.yaml`` of a folder, under the names in use, or None."""
    return next((folder / name for name in DATA_FILES if (folder / name).is_file()), None)


def _splits(entries: dict[object, object]) -> dict[str, tuple[str, ...]]:
    splits: dict[str, tuple[str, ...]] = {}
    for name in SPLITS:
        value = entries.get(name, entries.get("valid") if name == "val" else None)
        places = [value] if isinstance(value, str) else value
        if isinstance(places, list):
            stated = tuple(place for place in places if isinstance(place, str) and place not in _NOTHING)
            if stated:
                splits[name] = stated
    return splits


def _names(value: object, where: str) -> tuple[str, ...]:
    if not value or value in _NOTHING:
        return ()
    if isinstance(value, list) and value:
        return _texts(value, where)
    if isinstance(value, dict) and value:
        numbered = {str(key): name for key, name in value.items()}
        if sorted(numbered) != sorted(map(str, range(len(numbered)))):
            raise FormatError(f"{where}: names are numbered {', '.join(numbered)}, expected 0 to {len(numbered) - 1}")
        return _texts([numbered[str(number)] for number in range(len(numbered))], where)
    raise FormatError(f"{where}: no class names; expected names: [person, ...] or names: with 0: person below")


def _texts(values: list[object], where: str) -> tuple[str, ...]:
    names = tuple(value for value in values if isinstance(value, str) and value)
    if len(names) < len(values):
        raise FormatError(
            f"{where}: names holds {len(values)} entries, {len(names)} of them texts; expected one per class"
        )
    return names


def _keypoints(entries: dict[object, object], where: str) -> Optional[KeypointLayout]:
    value = entries.get("kpt_shape")
    if value is None:
        return None
    sides = (
        [int(side) for side in value if isinstance(side, str) and side.isdecimal()] if isinstance(value, list) else []
    )
    if len(sides) != 2 or not 0 < sides[0] < 10_000 or sides[1] not in (2, 3):
        raise FormatError(f"{where}: kpt_shape must be the number of key points and 2 or 3, such as [17, 3]")
    return KeypointLayout(_skeleton(entries, sides[0], where), sides[1])


def _skeleton(entries: dict[object, object], points: int, where: str) -> Skeleton:
    """The skeleton that ``kpt_names`` and ``flip_idx`` describe; 17 points that nothing describes are COCO's."""
    mirrored = _flip_order(entries.get("flip_idx"), points, where)
    names = _keypoint_names(entries.get("kpt_names"), points)
    if points == len(COCO_SKELETON):
        plain = names in (None, COCO_SKELETON.names) and mirrored in (None, COCO_SKELETON.mirrored)
        if plain:
            return COCO_SKELETON
    names = names or numbered_names(points)
    try:
        return Skeleton(names, mirrored or mirrored_by_name(names))
    except FormatError as error:
        raise FormatError(f"{where}: {error}") from error


def _flip_order(value: object, points: int, where: str) -> Optional[tuple[int, ...]]:
    if value is None or value == []:
        return None
    order = (
        [int(place) for place in value if isinstance(place, str) and place.isdecimal()]
        if isinstance(value, list)
        else []
    )
    if len(order) != points:
        raise FormatError(f"{where}: flip_idx holds {len(order)} numbers of key points, kpt_shape says {points}")
    return tuple(order)


def _keypoint_names(value: object, points: int) -> Optional[tuple[str, ...]]:
    """The names of ``kpt_names``, one list for all classes or one per class, where all lists are the same."""
    lists = [value] if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else []
    named = {tuple(map(str, names)) for names in lists if isinstance(names, list)}
    names = named.pop() if len(named) == 1 else ()
    return names if len(names) == points == len(set(names)) else None


def _scalar(text: str) -> str:
    """The text unquoted if YAML reads it as text, else in quotes."""
    plain = re.fullmatch(r"[A-Za-z_./][A-Za-z0-9_./ -]*[A-Za-z0-9_/.]|[A-Za-z]", text)
    reserved = text.lower() in ("null", "true", "false", "yes", "no", "on", "off", "y", "n", ".", "..", ".inf", ".nan")
    return text if plain and not reserved else _quoted(text)


def _quoted(text: str) -> str:
    return str(yaml.safe_dump(text, default_style='"', allow_unicode=True, width=10**9)).strip()
