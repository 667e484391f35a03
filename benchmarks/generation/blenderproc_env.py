"""An environment with BlenderProc on a bpy module, for comparison only: nothing of it is copied or shipped."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_PACKAGES = ("blenderproc==2.8.0", "bpy==4.2.23", "numpy<2")
# What its launcher would fetch into the Blender it downloads (its DefaultConfig).
_NEEDS = (
    *("gitpython", "h5py", "imageio", "matplotlib", "opencv-python-headless", "Pillow", "pypng", "python-dateutil"),
    *("pytz", "pyyaml", "requests", "rich", "scikit-image", "scikit-learn", "scipy", "trimesh"),
)


def prepare(folder: Path) -> tuple:
    """The interpreter of the environment in ``folder``, made where it is missing, or None and why there is none."""
    python, made = folder / "bin" / "python", folder / ".made"
    if made.exists():
        return python, ""
    print(f"installing {_PACKAGES[0]} and {_PACKAGES[1]} into {folder}", file=sys.stderr)
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True, capture_output=True)
        pip = [str(python), "-m", "pip", "install", "-q", *_PACKAGES, *_NEEDS]
        subprocess.run(pip, check=True, capture_output=True)
    except subprocess.CalledProcessError as error:
        lines = (error.stderr or b"").decode(errors="replace").strip().splitlines()
        return None, f"not installed: {lines[-1] if lines else error}"
    made.touch()
    return python, ""
