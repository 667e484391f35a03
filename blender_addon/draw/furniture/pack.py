"""The asset pack: models of real furniture that replace built-in pieces on which no person rests.

``make assets`` builds it; without it everything works, with built-in shapes. The resolved config lists the models of
the pack (``furniture.pack_files``), so that an image follows from config, seed and index wherever it is made.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Optional

from ..streams import RandomStream
from ..value_types import Config, Shape
from .fittings import KINDS as FITTINGS
from .kind import DrawnFurniture, Extent, centred

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "pack"
LIST = "pack.json"
_KEPT = ("file", "sha256", "kind", "size", "title", "author", "licence", "source")
_OFF = ("television", "wall_tv", "computer")  # the models' screens are dark


def models(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """The models of the pack in ``folder``: [{"file", "sha256", "kind", "size": metres, "title", "author", ...}].

    [] where there is no pack.

    Raises:
        ValueError: the list cannot be read; one line.
    """
    path = folder / LIST
    if not path.is_file():
        return []
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
        return [{key: entry[key] for key in _KEPT} for entry in listed["models"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path}: cannot be read as an asset pack; `make assets` builds it again") from error


def settle(known: Optional[Sequence[Mapping[str, Any]]], share: float, folder: Path = FOLDER) -> list[dict[str, Any]]:
    """The models that a config samples from: those it lists, else all there are; none at a ``share`` of 0.

    Raises:
        ValueError: a model that the config lists is missing or has changed; one line.
    """
    if share == 0 or known == []:
        return []
    found = models(folder)
    digests = {entry["file"]: entry["sha256"] for entry in found}
    for entry in known or ():
        if digests.get(entry["file"]) != entry["sha256"]:
            state = "is missing" if entry["file"] not in digests else "has changed"
            raise ValueError(
                f"model {entry['file']} {state}; this config was made with it, `make assets` builds the pack"
            )
    return found if known is None else [dict(entry) for entry in known]


def licences(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The licence of every model: {"asset": ..., "licence": ..., "source": its author and origin}."""
    found = {
        (entry["title"], entry["author"], entry["source"]): {
            "asset": f"furniture model {entry['title']!r}",
            "licence": entry["licence"],
            "source": f"{entry['author']}, {entry['source']}",
        }
        for entry in entries
    }
    return [found[key] for key in sorted(found)]


def offer(folder: Path = FOLDER) -> str:
    """One line on the models in the pack, or on how to install it."""
    found = models(folder)
    if not found:
        return (
            "no asset pack: `make assets` adds about 60 CC0 models of cabinets, sinks, plants, lamps and small things, "
            "with CC_BY=1 as many more whose authors are named"
        )
    kinds, named = {entry["kind"] for entry in found}, sum(entry["licence"] != "CC0-1.0" for entry in found)
    return f"asset pack: {len(found)} models for {len(kinds)} kinds of furniture, {named} of them CC BY"


def draw_model(kind: str, stream: RandomStream, config: Config) -> Optional[DrawnFurniture]:
    """Choose a model that replaces a piece of ``kind``; None for the built-in piece."""
    fitting = [entry for entry in config["furniture.pack_files"] if entry["kind"] == kind]
    seldom = len(fitting) / (len(fitting) + 1)  # the same model in every room would become a cue for the detector
    if not fitting or stream.unit() >= config["furniture.pack_share"] * seldom:
        return None
    entry = stream.choice(fitting)
    width, depth, height = entry["size"]
    shape = {
        "style": "off" if kind in _OFF else "model",
        "width": width,
        "depth": depth,
        "height": height,
        "drawers": 0,
        "model": entry["file"],
        "sha256": entry["sha256"],
    }
    return shape, {}


def extent(kind: str, shape: Shape) -> Extent:
    """A model's box: before the wall where it is a fitting, else about its middle."""
    width, depth, height = shape["width"], shape["depth"], shape["height"]
    return Extent(-width / 2, -depth, width / 2, 0.0, height) if kind in FITTINGS else centred(width, depth, height)
