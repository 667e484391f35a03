"""Folders of own characters and objects, listed into the config: what files they hold and what is said of them.

A file may have a JSON of the same stem beside it: ``{"category": "person", "attributes": {"role": "staff"},
"height_m": 1.7, "up": "z", "front": "-y", "rigged": true, "radius_m": 0.3, "place": "floor"}``, any of these.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Optional

IMAGES = (".jpg", ".jpeg", ".png")
FORMATS = (".blend", ".glb", ".gltf", ".obj")
AXES = ("x", "-x", "y", "-y", "z", "-z")
PLACES = ("floor", "table")
PERSON = "person"
_DIGEST = 16  # hexadecimal digits of a file's sha256 that the config keeps
_BLOCK = 1 << 20  # bytes read at once


def list_people(folder: str) -> list:
    """The characters of ``folder``, sorted by file; without a JSON they are of the category "person".

    Raises:
        ValueError: one line naming the file or folder.
    """
    return [_entry(Path(folder), path, PERSON) for path in _files(folder)]


def list_objects(folder: str) -> list:
    """The objects of ``folder``, sorted by file; without a JSON the sub-folder's name is their category.

    Raises:
        ValueError: one line naming the file or folder.
    """
    root = Path(folder)
    return [_entry(root, path, path.relative_to(root).parts[0] if path.parent != root else "") for path in _files(root)]


def list_images(folder: str) -> list:
    """The images of ``folder``, sorted by file: [{"file", "sha256"}].

    Raises:
        ValueError: one line naming the folder.
    """
    root = Path(folder)
    return [{"file": path.relative_to(root).as_posix(), "sha256": digest(path)} for path in _files(root, IMAGES)]


def difference(known: list, found: list) -> str:
    """How the files ``found`` in a folder are not those a config was made with; "" where they are."""
    before, now = ({entry["file"]: entry for entry in entries} for entries in (known, found))
    for name in sorted({*before, *now}):
        if name not in now:
            return f"{name} is missing, the config was made with it"
        if name not in before:
            return f"{name} was not there when the config was made"
        if before[name] != now[name]:
            field = next(key for key in now[name] if before[name].get(key) != now[name][key])
            return f"{name} has {field} {now[name][field]!r}, the config was made with {before[name].get(field)!r}"
    return ""


def _files(folder: Any, formats: tuple = FORMATS) -> list:
    root = Path(folder)
    if not root.is_dir():
        raise ValueError(f"{folder}: no such folder")
    found = sorted(path for path in root.rglob("*") if path.suffix.lower() in formats and path.is_file())
    if not found:
        raise ValueError(f"{folder}: holds no {', '.join(formats)} file")
    return found


def _entry(root: Path, path: Path, category: str) -> dict:
    """What the config keeps of one file."""
    up = "y" if path.suffix.lower() == ".obj" else "z"  # Blender's glTF importer turns y up to z up
    said = _said(path.with_suffix(".json"))
    up = said.get("up", up)
    defaults = {
        "category": category,
        "attributes": {},
        "height_m": 0.0,
        "up": up,
        "front": "z" if up == "y" else "-y",
        "rigged": category == PERSON and path.suffix.lower() != ".obj",
        "radius_m": 0.3,
        "place": "floor",
    }
    unknown = [key for key in said if key not in defaults]
    if unknown:
        raise ValueError(f"{path.with_suffix('.json')}: unknown {unknown[0]!r}, known are {', '.join(defaults)}")
    entry = {**defaults, **said}
    for key, expected in _wrong(entry):
        where = path.with_suffix(".json") if key in said else path
        raise ValueError(f"{where}: {key} is {json.dumps(entry[key])}, expected {expected}")
    return {"file": path.relative_to(root).as_posix(), "sha256": digest(path), **entry}


def _wrong(entry: Mapping) -> list:
    """[(key, what was expected)] of what is not as it should be."""
    words = isinstance(entry["attributes"], dict) and all(isinstance(v, str) for v in entry["attributes"].values())
    category = entry["category"]
    checks = (
        ("category", isinstance(category, str) and bool(category.strip()), "a name, here or as the sub-folder's"),
        ("attributes", words, "an object of words"),
        ("height_m", _within(entry["height_m"], 0.0, 5.0), "metres, 0 to 5 (0: as the file has it)"),
        ("up", entry["up"] in AXES, f"one of {', '.join(AXES)}"),
        ("front", entry["front"] in AXES, f"one of {', '.join(AXES)}"),
        ("front", str(entry["front"])[-1:] != str(entry["up"])[-1:], "another axis than up"),
        ("rigged", isinstance(entry["rigged"], bool), "true or false"),
        ("radius_m", _within(entry["radius_m"], 0.01, 3.0), "metres, 0.01 to 3"),
        ("place", entry["place"] in PLACES, f"one of {', '.join(PLACES)}"),
    )
    return [(key, expected) for key, right, expected in checks if not right]


def _within(value: Any, low: float, high: float) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high


def _said(path: Path) -> dict:
    if not path.is_file():
        return {}
    try:
        value: Optional[Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{path}: cannot be read as JSON: {error}") from error
    if not isinstance(value, dict):
        raise ValueError(f"{path}: holds {type(value).__name__}, expected an object")
    return value


def digest(path: Path) -> str:
    """The beginning of a file's SHA-256, hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()[:_DIGEST]
