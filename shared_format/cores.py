"""How many processor cores this process may use: fewer than the machine has where a container or the user limits them.

Both programs start as many workers and threads as there are usable cores.
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Optional

_CONTROL_GROUP = Path("/sys/fs/cgroup")  # where Linux shows a container the limits of its own control group


def usable_cores(control_group: Path = _CONTROL_GROUP) -> int:
    """The cores this process may use, at least 1: by its affinity and by the processor time of its container.

    Args:
        control_group: the folder of the container's limits.
    """
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    share = _container_share(control_group)
    return allowed if share is None else max(1, min(allowed, math.ceil(share)))


def _container_share(control_group: Path) -> Optional[float]:
    """The processor time of the container in cores, such as 2.5; None where it is not limited.

    Version 2 of control groups states ``QUOTA PERIOD`` in microseconds, with the word ``max`` for no limit; version 1
    has a file for each, with -1 for no limit.
    """
    version_1 = control_group / "cpu"
    for files in ((control_group / "cpu.max",), (version_1 / "cpu.cfs_quota_us", version_1 / "cpu.cfs_period_us")):
        try:
            quota, period = (int(number) for file in files for number in file.read_text(encoding="ascii").split())
        except (OSError, ValueError):  # no such file, or no limit
            continue
        if quota > 0 and period > 0:
            return quota / period
    return None
