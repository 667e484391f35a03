"""Checks before rendering starts that it can work; importing this module needs no Blender."""

from __future__ import annotations

import sys
from typing import Optional

from ..body.model import missing_asset

DEVICES = ("cpu", "cuda", "optix", "hip", "metal")  # devices of Cycles
_RENDERER = "the `bpy` module (pip install 'wardsynth[render]', Python 3.11) or Blender itself with the add-on"


def missing_requirement(device: str) -> Optional[str]:
    """One line saying why this process cannot render on the Cycles ``device``, or None if it can."""
    if problem := missing_asset():
        return problem
    try:
        import bpy
    except ImportError:
        version = ".".join(map(str, sys.version_info[:2]))
        return f"no Blender in this Python {version}; rendering needs {_RENDERER}"
    from .cycles import DeviceError, use_device

    try:
        use_device(bpy.context.scene, device)
    except DeviceError as error:
        return str(error)
    return None
