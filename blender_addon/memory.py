"""The memory of this machine, and how much of it images need; imports no Blender."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

_CONTROL_GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")  # of a container
# Measured: the largest memory of a process that renders and labels an image of the default preset.
_BYTES_PER_PROCESS, _BYTES_PER_PIXEL = 600_000_000, 350


def machine_memory() -> Optional[int]:
    """Bytes of memory of this machine, or of the container; None where the system does not tell."""
    if "SC_PHYS_PAGES" not in getattr(os, "sysconf_names", ()):
        return None
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        return min(total, int(_CONTROL_GROUP_LIMIT.read_text()))
    except (OSError, ValueError):  # no container, or one without a limit ("max")
        return total


def find_image_memory_problem(size: Sequence[int], processes: int = 1) -> Optional[str]:
    """One line saying that this machine has too little memory to render images of ``size`` (width, height), or None.

    Args:
        processes: how many images are rendered at the same time.
    """
    machine = machine_memory()
    width, height = size
    each = _BYTES_PER_PROCESS + _BYTES_PER_PIXEL * width * height
    if machine is None or each * processes <= machine:
        return None
    needed = f"about {each / 1e9:.1f} GB of memory" + (f" in each of {processes} workers" if processes > 1 else "")
    remedy = "lower the image size" + (" or the number of workers" if processes > 1 else "")
    return f"images of {width}x{height} need {needed}, this machine has {machine / 1e9:.1f} GB; {remedy}"
