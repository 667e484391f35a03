"""The SHA-256 digests in a record: of its image, of the maps beside it, and of the config that they were made from.

So a truncated, damaged or exchanged image is recognised by reading it once, without decoding or rendering it again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Optional

from .record import Frame

CONFIG, IMAGE, DEPTH, MASKS = "config", "image", "depth", "masks"  # the keys of ``Frame.sha256``


def of_config(config: Mapping[str, object]) -> str:
    """The digest of a resolved config, independent of the order of its settings."""
    text = json.dumps(dict(config), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def sealed(frame: Frame, image: bytes, maps: Mapping[str, bytes], config: Mapping[str, object]) -> Frame:
    """``frame`` with the digests of its files; ``maps`` is file -> content, as ``dataset.write_frame`` takes it."""
    contents = {**maps, frame.file: image}
    sums = {kind: hashlib.sha256(contents[file]).hexdigest() for kind, file in files(frame).items()}
    return replace(frame, sha256={CONFIG: of_config(config), **sums})


def files(frame: Frame) -> dict[str, str]:
    """Kind -> file, relative to the dataset folder, of the image and of the maps it has."""
    named = {IMAGE: frame.file, DEPTH: frame.depth_file, MASKS: frame.mask_file}
    return {kind: file for kind, file in named.items() if file is not None}


def find_problem(folder: Path, frame: Frame) -> Optional[str]:
    """Describe what is wrong with the files of ``frame`` in ``folder``; None if they are as written."""
    if frame.sha256 is None:
        return "the record has no digests"
    for kind, file in files(frame).items():
        try:
            content = (Path(folder) / file).read_bytes()
        except OSError as error:
            return f"{file}: {error.strerror}"
        if hashlib.sha256(content).hexdigest() != frame.sha256.get(kind):
            return f"{file} differs from what was written"
    return None
