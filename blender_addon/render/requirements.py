"""What rendering needs, asked before anything is begun; importing this needs no Blender."""

from __future__ import annotations

import sys

from ..body.model import missing_asset

DEVICES = ("cpu", "cuda", "optix", "hip", "metal")  # what Cycles may render on
_RENDERER = "the `bpy` module (pip install 'wardsynth[render]', Python 3.11) or Blender itself with the add-on"


def missing_requirement(device: str) -> str:
    """Why this process cannot render on the Cycles ``device``, in a line; "" where it can."""
    if said := missing_asset():
        return said
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
    return ""
