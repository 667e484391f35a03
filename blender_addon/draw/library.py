"""Folders of custom characters and objects: their files, and the JSON that may describe each file.

A file may have a JSON of the same stem beside it: ``{"category": "person", "attributes": {"role": "staff"},
"height_m": 1.7, "up": "z", "front": "-y", "rigged": true, "radius_m": 0.3, "place": "floor"}``; every key is optional.
The lists become part of the config, so that a stored config notices when a file has changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Optional, Union, cast

IMAGES = (".jpg", ".jpeg", ".png")
FORMATS = (".blend", ".glb", ".gltf", ".obj")
AXES = ("x", "-x", "y", "-y", "z", "-z")
PLACES = ("floor", "table")
PERSON = "person"
_DIGEST = 16  # hexadecimal digits of a file's sha256 that the config keeps
_BLOCK = 1 << 20  # bytes read at once


def list_people(folder: str) -> list[dict[str, Any]]:
    """List the characters in ``folder``, sorted by file; without a JSON their category is "person".

    Raises:
        ValueError: one line naming the file or folder.
    """
    return [_entry(Path(folder), path, PERSON) for path in _files(folder)]


def list_objects(folder: str) -> list[dict[str, Any]]:
    """List the objects in ``folder``, sorted by file; without a JSON the sub-folder's name is their category.

    Raises:
        ValueError: one line naming the file or folder.
    """
    root = Path(folder)
    return [_entry(root, path, path.relative_to(root).parts[0] if path.parent != root else "") for path in _files(root)]


def list_images(folder: str) -> list[dict[str, Any]]:
    """List the images in ``folder``, sorted by file: [{"file", "sha256"}].

    Raises:
        ValueError: one line naming the folder.
    """
    root = Path(folder)
    return [{"file": path.relative_to(root).as_posix(), "sha256": digest(path)} for path in _files(root, IMAGES)]


def difference(known: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]]) -> Optional[str]:
    """Return the first difference of the files ``found`` from those ``known`` to a config; None if there is none."""
    before, now = ({entry["file"]: entry for entry in entries} for entries in (known, found))
    for name in sorted({*before, *now}):
        if name not in now:
            return f"file {name} is missing; this config was made with it"
        if name not in before:
            return f"file {name} is new; this config was made without it"
        if before[name] != now[name]:
            field = next(key for key in now[name] if before[name].get(key) != now[name][key])
            return (
                f"file {name} has {field} {now[name][field]!r}; this config was made with {before[name].get(field)!r}"
            )
    return None


def _files(folder: Union[str, Path], formats: tuple[str, ...] = FORMATS) -> list[Path]:
    root = Path(folder)
    if not root.is_dir():
        raise ValueError(f"{folder}: folder not found")
    files = sorted(path for path in root.rglob("*") if path.suffix.lower() in formats and path.is_file())
    if not files:
        raise ValueError(f"{folder}: contains no {', '.join(formats)} file")
    return files


def _entry(root: Path, path: Path, category: str) -> dict[str, Any]:
    """What the config stores about one file."""
    up = "y" if path.suffix.lower() == ".obj" else "z"  # Blender's glTF importer turns y up to z up
    description = _read_description(path.with_suffix(".json"))
    up = description.get("up", up)
    defaults: dict[str, Any] = {
        "category": category,
        "attributes": {},
        "height_m": 0.0,
        "up": up,
        "front": "z" if up == "y" else "-y",
        "rigged": category == PERSON and path.suffix.lower() != ".obj",
        "radius_m": 0.3,
        "place": "floor",
    }
    unknown = [key for key in description if key not in defaults]
    if unknown:
        raise ValueError(
            f"{path.with_suffix('.json')}: unknown key {unknown[0]!r}; expected some of {', '.join(defaults)}"
        )
    entry = {**defaults, **description}
    for key, expected in _problems(entry):
        where = path.with_suffix(".json") if key in description else path
        raise ValueError(f"{where}: {key} is {json.dumps(entry[key])}, expected {expected}")
    return {"file": path.relative_to(root).as_posix(), "sha256": digest(path), **entry}


def _problems(entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The keys whose values are wrong, each with what was expected."""
    attributes = entry["attributes"]
    all_text = isinstance(attributes, dict) and all(
        isinstance(value, str) for value in cast(Mapping[str, Any], attributes).values()
    )
    category = entry["category"]
    checks = (
        ("category", isinstance(category, str) and bool(category.strip()), "a name; a sub-folder would give one, too"),
        ("attributes", all_text, "an object whose values are text"),
        ("height_m", _within(entry["height_m"], 0.0, 5.0), "metres from 0 to 5 (0 keeps the height of the file)"),
        ("up", entry["up"] in AXES, f"one of {', '.join(AXES)}"),
        ("front", entry["front"] in AXES, f"one of {', '.join(AXES)}"),
        ("front", str(entry["front"])[-1:] != str(entry["up"])[-1:], "an axis other than up"),
        ("rigged", isinstance(entry["rigged"], bool), "true or false"),
        ("radius_m", _within(entry["radius_m"], 0.01, 3.0), "metres from 0.01 to 3"),
        ("place", entry["place"] in PLACES, f"one of {', '.join(PLACES)}"),
    )
    return [(key, expected) for key, right, expected in checks if not right]


def _within(value: Any, low: float, high: float) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high


def _read_description(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{path}: cannot be read as JSON: {error}") from error
    if not isinstance(value, dict):
        raise ValueError(f"{path}: expected a JSON object, found {type(value).__name__}")
    return cast(dict[str, Any], value)


def digest(path: Path) -> str:
    """The first 16 hexadecimal digits of a file's SHA-256."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()[:_DIGEST]
