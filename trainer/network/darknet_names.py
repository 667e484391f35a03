"""Class names of darknet detectors: from a .names file with one name per line, or COCO's eighty."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Optional

from ..disk_errors import read_bytes
from ..errors import TrainerError

# Name and category_id in COCO's annotation files (arXiv 1405.0312), in the order of darknet's coco.names.
COCO = {
    **{"person": 1, "bicycle": 2, "car": 3, "motorbike": 4, "aeroplane": 5, "bus": 6, "train": 7, "truck": 8},
    **{"boat": 9, "traffic light": 10, "fire hydrant": 11, "stop sign": 13, "parking meter": 14, "bench": 15},
    **{"bird": 16, "cat": 17, "dog": 18, "horse": 19, "sheep": 20, "cow": 21, "elephant": 22, "bear": 23},
    **{"zebra": 24, "giraffe": 25, "backpack": 27, "umbrella": 28, "handbag": 31, "tie": 32, "suitcase": 33},
    **{"frisbee": 34, "skis": 35, "snowboard": 36, "sports ball": 37, "kite": 38, "baseball bat": 39},
    **{"baseball glove": 40, "skateboard": 41, "surfboard": 42, "tennis racket": 43, "bottle": 44},
    **{"wine glass": 46, "cup": 47, "fork": 48, "knife": 49, "spoon": 50, "bowl": 51, "banana": 52, "apple": 53},
    **{"sandwich": 54, "orange": 55, "broccoli": 56, "carrot": 57, "hot dog": 58, "pizza": 59, "donut": 60},
    **{"cake": 61, "chair": 62, "sofa": 63, "pottedplant": 64, "bed": 65, "diningtable": 67, "toilet": 70},
    **{"tvmonitor": 72, "laptop": 73, "mouse": 74, "remote": 75, "keyboard": 76, "cell phone": 77},
    **{"microwave": 78, "oven": 79, "toaster": 80, "sink": 81, "refrigerator": 82, "book": 84, "clock": 85},
    **{"vase": 86, "scissors": 87, "teddy bear": 88, "hair drier": 89, "toothbrush": 90},
}


def class_names(count: int, files: Sequence[Path] = (), names: Optional[Path] = None) -> Optional[tuple[str, ...]]:
    """The names of ``count`` classes, where they are known.

    Args:
        files: the cfg and weight files; a file of the same stem with the suffix ``.names`` belongs to them.
        names: the .names file, if it is given.

    Returns:
        The names of the file, COCO's for eighty classes without one, or None.

    Raises:
        TrainerError: the names file cannot be read, or does not hold ``count`` different names.
    """
    beside = [path.with_suffix(".names") for path in files]
    file = names or next((path for path in beside if path.is_file()), None)
    if file is not None:
        return _read_names(file, count)
    return tuple(COCO) if count == len(COCO) else None


def category_ids(names: Sequence[str]) -> tuple[int, ...]:
    """COCO's ids where all names are COCO's, else 1, 2, ..."""
    if all(name in COCO for name in names):
        return tuple(COCO[name] for name in names)
    return tuple(range(1, len(names) + 1))


def numbered(count: int) -> tuple[str, ...]:
    """Names for classes without names: ``class0``, ``class1``, ..."""
    return tuple(f"class{index}" for index in range(count))


def _read_names(path: Path, count: int) -> tuple[str, ...]:
    lines = read_bytes(path, "class names").decode("utf-8-sig", errors="replace").splitlines()
    names = tuple(line.strip() for line in lines if line.strip())
    if len(names) != count:
        raise TrainerError(f"{path}: {len(names)} names; the network has {count} classes")
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise TrainerError(f"{path}: the name {repeated[0]!r} is repeated")
    return names
