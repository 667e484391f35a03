"""What it runs on: the processor, the card, and the most the card can do."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from pathlib import Path
from typing import Optional

from shared_format.cores import usable_cores

# Dense TFLOP/s of the makers' data sheets: (in 16 bits, in float32 as frameworks compute it by default).
PEAK_TFLOPS = {
    "H200": (989.0, 494.5),
    "H100": (989.0, 494.5),
    "A100": (312.0, 156.0),
    "L40S": (362.0, 183.0),
    "L4": (121.0, 60.0),
    "A10": (125.0, 62.5),
    "T4": (65.0, 8.1),
    "RTX 4090": (165.2, 82.6),
    "RTX 3090": (71.0, 35.6),
}


def card_name() -> Optional[str]:
    """The first NVIDIA card's name, or None."""
    if shutil.which("nvidia-smi") is None:
        return None
    command = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip().splitlines()
    return lines[0].strip() if lines else None


def peak_tflops(card: Optional[str], precision: str) -> Optional[float]:
    """The card's peak for the precision, or None where it is not known."""
    for name, (half, full) in PEAK_TFLOPS.items():
        if card and name in card:
            return full if precision == "float32" else half
    return None


def describe() -> dict:
    """Processor, cores, memory, card, load."""
    return {
        "processor": _processor(),
        "cores": usable_cores(),
        "card": card_name(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_before": list(os.getloadavg()) if hasattr(os, "getloadavg") else None,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
