"""Images made and written, or made once more and compared: what a worker process does."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..dataset_format import dataset

_WRITING_PAUSES_S = (0.5, 2.0)  # before a file that could not be written is tried again: network disks hiccup


@dataclass(frozen=True)
class Made:
    """How the making of an image ended.

    Attributes:
        error: "" or, in one line, why it failed.
        final: whether there is no use in trying again.
        unwritable: whether it was made, but could not be written.
        memory_mb: what the process that made it holds; 0 where the system does not tell.
    """

    error: str = ""
    final: bool = False
    unwritable: bool = False
    memory_mb: float = 0.0


class Making:
    """The making of a dataset's images in this process.

    Args:
        order: "out", "config", "seed", "device" and "threads", of JSON's types.
    """

    def __init__(self, order: Mapping[str, Any]) -> None:
        from ..image_renderer import ImageRenderer  # only a process that makes images needs bpy

        self._out = Path(order["out"])
        self._photographer = ImageRenderer(order["config"], order["seed"], order["device"], order["threads"])

    def make(self, index: int, again: bool) -> Made:
        """Make image ``index`` and write it, or, ``again``, compare it with what is on the disk."""
        try:
            image = self._photographer.make(index)
            contents = dataset.frame_files(image.frame, image.image, image.maps)
            if again:
                return Made(difference(self._out, contents), final=True)
        except Exception as error:  # whatever it was, the other images go on and this one is reported
            said = f"{type(error).__name__}: {error}".replace("\n", " ")
            return Made(f"made once more it fails: {said}" if again else said)
        return written(self._out, contents)


def written(out: Path, contents: Mapping[str, bytes]) -> Made:
    """Write the files of an image, its record last."""
    for pause in (*_WRITING_PAUSES_S, 0.0):
        try:
            dataset.write_files(out, contents)
            return Made()
        except OSError as error:
            failure = f"cannot be written: {error.strerror or error}"
        time.sleep(pause)
    return Made(failure, final=True, unwritable=True)


def difference(out: Path, contents: Mapping[str, bytes]) -> str:
    """How the files on the disk are not those of an image that was made once more; "" where they are."""
    differing = [
        file for file, content in contents.items() if not (out / file).is_file() or (out / file).read_bytes() != content
    ]
    return f"made once more it differs in {', '.join(differing)}" if differing else ""
