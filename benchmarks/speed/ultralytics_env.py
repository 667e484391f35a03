"""An environment with ultralytics, for comparison only: it is AGPL, so nothing of it is copied, shipped or imported."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ULTRALYTICS = "ultralytics==8.4.190"
TORCH = "torch==2.13.0"
TORCHVISION = "torchvision==0.28.0"
_NEEDS = (
    "matplotlib",
    "opencv-python-headless",
    "pillow",
    "pyyaml",
    "requests",
    "psutil",
    "polars",
    "ultralytics-thop",
)


def prepare(folder: Path) -> tuple:
    """The interpreter of the environment in ``folder``, made where it is missing, or None and why there is none."""
    python = folder / "bin" / "python"
    made = folder / ".made"
    if made.exists():
        return python, None
    print(f"installing {ULTRALYTICS} and {TORCH} into {folder}", file=sys.stderr)
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True, capture_output=True)
        _install(python, _torch(python))
        # Without what they need: they ask for a torch with CUDA, gigabytes that a CPU has no use for.
        _install(python, ["--no-deps", ULTRALYTICS])
        _install(python, ["--no-deps", TORCHVISION])
        _install(python, list(_NEEDS))
    except subprocess.CalledProcessError as error:
        lines = (error.stderr or b"").decode(errors="replace").strip().splitlines()
        return None, f"not installed: {lines[-1] if lines else error}"
    made.touch()
    return python, None


def _torch(python: Path) -> list:
    """A torch for the card where there is one, else one for the CPU alone if pip can find it."""
    wheel = f"{TORCH}+cpu"
    found = [
        str(python),
        "-m",
        "pip",
        "download",
        "-q",
        "--no-deps",
        "--dest",
        str(python.parent.parent / "wheel"),
        wheel,
    ]
    if shutil.which("nvidia-smi") is None and subprocess.run(found, capture_output=True, check=False).returncode == 0:
        return [wheel]
    return [TORCH]


def _install(python: Path, what: list) -> None:
    command = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *what]
    subprocess.run(command, check=True, capture_output=True)
